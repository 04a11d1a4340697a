package io.alidade.sql.execute;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.sql.analyze.AnalysisContext;
import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.execute.row.MemoryBudget;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.StatementMemory;
import io.alidade.sql.parse.Query;
import io.alidade.sql.parse.SqlParser;
import io.alidade.sql.plan.PhysicalPlan;
import io.alidade.sql.plan.Planner;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.Durability;
import io.alidade.storage.IsolationLevel;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A database in memory, asked in SQL without a session.
public final class TestDatabase implements AutoCloseable {
  private static final long WORK_MEMORY = 64L << 20;

  private final Database database = Database.inMemory(DatabaseOptions.DEFAULT);
  private final FixedSurroundings surroundings = new FixedSurroundings();
  private long workMemory = WORK_MEMORY;
  private SearchOptions search = SearchOptions.DEFAULT;

  public void create(TableDefinition table) {
    try (Transaction transaction = begin()) {
      transaction.beginStatement();
      transaction.apply(new CatalogChange.CreateTable(table));
      transaction.commit(Durability.FORCED);
    }
  }

  public void insert(TableDefinition table, List<@Nullable Object[]> rows) {
    try (Transaction transaction = begin()) {
      transaction.beginStatement();
      rows.forEach(row -> transaction.insert(table.oid(), row));
      transaction.commit(Durability.FORCED);
    }
  }

  private Transaction begin() {
    return database.begin(IsolationLevel.READ_COMMITTED, Checkpoint.NONE);
  }

  public void limitWorkMemory(long bytes) {
    workMemory = bytes;
  }

  public void searchExactly() {
    search = new SearchOptions(SearchOptions.DEFAULT_EF, SearchOptions.Mode.EXACT);
  }

  public AnalyzedQuery analyze(String sql) {
    Query query = (Query) SqlParser.parseScript(sql).getFirst().syntax();
    return Analyzer.analyzeQuery(
        query,
        new AnalysisContext(
            new CatalogReader(database.catalog(), List.of("public")), List.of(), surroundings));
  }

  public PhysicalPlan plan(String sql) {
    return Planner.plan(analyze(sql));
  }

  public String explain(String sql) {
    return String.join("\n", PlanExplanation.of(plan(sql)).lines());
  }

  /// The rows as text, a line each, columns parted by `|`, NULL as `null`.
  public String query(String sql, @Nullable Object... parameters) {
    return run(plan(sql), parameters).stream().collect(Collectors.joining("\n"));
  }

  /// The rows of a plan as text.
  public List<String> run(PhysicalPlan plan, @Nullable Object... parameters) {
    List<String> lines = new ArrayList<>();
    try (Transaction transaction = begin()) {
      transaction.beginStatement();
      ExecutionContext context = context(transaction, plan, parameters);
      try (RowCursor cursor = PlanExecutor.open(plan, context)) {
        for (List<@Nullable Object[]> batch = cursor.next();
            !batch.isEmpty();
            batch = cursor.next()) {
          batch.forEach(row -> lines.add(text(row)));
        }
      }
    }
    return lines;
  }

  /// Runs a plan with measurements and gives EXPLAIN ANALYZE's lines.
  public String explainAnalyze(String sql, @Nullable Object... parameters) {
    PhysicalPlan plan = plan(sql);
    try (Transaction transaction = begin()) {
      transaction.beginStatement();
      ExecutionContext context = context(transaction, plan, parameters);
      Measurements measurements = context.measure();
      try (RowCursor cursor = PlanExecutor.open(plan, context)) {
        List<@Nullable Object[]> batch = cursor.next();
        while (!batch.isEmpty()) {
          batch = cursor.next();
        }
      }
      return String.join("\n", PlanExplanation.of(plan, measurements).lines());
    }
  }

  private ExecutionContext context(
      Transaction transaction, PhysicalPlan plan, @Nullable Object... parameters) {
    return new ExecutionContext(
        transaction,
        plan.slots().values(Arrays.asList(parameters), List.of(), surroundings),
        surroundings,
        Checkpoint.NONE,
        new MemoryBudget(workMemory, StatementMemory.ofHeap()),
        search);
  }

  private static String text(@Nullable Object[] row) {
    return Arrays.stream(row)
        .map(value -> value instanceof float[] vector ? Arrays.toString(vector) : "" + value)
        .collect(Collectors.joining("|"));
  }

  @Override
  public void close() {
    database.close();
  }
}
