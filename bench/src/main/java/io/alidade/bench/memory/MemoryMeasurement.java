package io.alidade.bench.memory;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.Durability;
import io.alidade.storage.IsolationLevel;
import io.alidade.storage.MemoryLimits;
import io.alidade.storage.Transaction;
import io.alidade.storage.VectorIndexStatistics;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.table.TableView;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Loads a table with a vector index in transactions of some thousand rows, opens it again and
/// searches it; tells what resident memory each step takes, the process's own and that of files.
///
/// Run it with a small heap (`-Xmx256m`): the engine's memory is beside it, and a large heap is
/// filled before it is collected.
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description = "Measures the memory of a large table with a vector index.")
public final class MemoryMeasurement implements Callable<Integer> {
  private static final int K = 10;

  @Option(names = "--directory", required = true, description = "An empty directory.")
  private Path directory = Path.of("");

  @Option(names = "--rows", description = "How many (${DEFAULT-VALUE}).")
  private int rows = 1_000_000;

  @Option(names = "--dimensions", description = "Of the vectors (${DEFAULT-VALUE}).")
  private int dimensions = 384;

  @Option(names = "--batch", description = "Rows a transaction (${DEFAULT-VALUE}).")
  private int batch = 5_000;

  @Option(names = "--checkpoint-mb", description = "Log before a checkpoint (${DEFAULT-VALUE}).")
  private long checkpointMegabytes = DatabaseOptions.DEFAULT.checkpointLogBytes() >> 20;

  @Option(names = "--memory-limit-mb", description = "For changes not in files (${DEFAULT-VALUE}).")
  private long memoryLimitMegabytes = DatabaseOptions.DEFAULT.memory().bytes() >> 20;

  @Option(names = "--quantization", description = "The index's option (${DEFAULT-VALUE}).")
  private String quantization = "auto";

  @Option(names = "--memory", description = "The index's option (${DEFAULT-VALUE}).")
  private String memory = "cached";

  @Option(names = "--m", description = "The index's option (${DEFAULT-VALUE}).")
  private int m = 16;

  @Option(names = "--ef-construction", description = "The index's option (${DEFAULT-VALUE}).")
  private int efConstruction = 64;

  @Option(names = "--queries", description = "How many are searched for (${DEFAULT-VALUE}).")
  private int queries = 500;

  private final PrintStream out = System.out;

  private MemoryMeasurement() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MemoryMeasurement()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    DatabaseOptions options =
        DatabaseOptions.DEFAULT
            .withCheckpointLogBytes(checkpointMegabytes << 20)
            .withMemory(
                new MemoryLimits(
                    memoryLimitMegabytes << 20, DatabaseOptions.DEFAULT.memory().heapBytes()));
    MadeUpVectors vectors = new MadeUpVectors(dimensions);
    try (ResidentMemory resident = new ResidentMemory()) {
      tell("start", resident);
      int index;
      try (Database database = Database.open(directory, options)) {
        index = load(database, vectors, resident);
        database.awaitIndexes(Checkpoint.NONE);
        tell("indexed", resident);
        database.checkpoint();
        tell("checkpoint", resident);
      }
      tell("closed", resident);
      try (Database database = Database.open(directory, options)) {
        tell("opened", resident);
        serve(database, index, vectors, resident);
      }
    }
    return 0;
  }

  private void tell(String step, ResidentMemory resident) {
    System.gc(); // What the heap holds needlessly is not the engine's.
    ResidentMemory.Look look = ResidentMemory.now();
    out.printf(
        "%-12s %s, peak %.0f MB own%n", step, look, resident.takePeak() / (double) (1 << 20));
  }

  private int load(Database database, MadeUpVectors vectors, ResidentMemory resident) {
    int table;
    int index;
    try (Transaction transaction = begin(database)) {
      table = transaction.allocateOid();
      index = transaction.allocateOid();
      transaction.apply(new CatalogChange.CreateTable(table(table)));
      transaction.apply(new CatalogChange.CreateIndex(index(table, index)));
      transaction.commit(Durability.FORCED);
    }
    long begun = System.nanoTime();
    for (int first = 0; first < rows; first += batch) {
      List<Object[]> some = new ArrayList<>();
      for (long id = first; id < Math.min(rows, first + batch); id++) {
        some.add(new Object[] {id, vectors.vector(id)});
      }
      try (Transaction transaction = begin(database)) {
        transaction.insertAll(table, some);
        transaction.commit(Durability.FORCED);
      }
      if ((first + batch) % (batch * 20L) == 0) {
        tell((first + batch) / 1000 + "k rows", resident);
      }
    }
    out.printf("loaded %d rows in %.0f s%n", rows, (System.nanoTime() - begun) / 1e9);
    return index;
  }

  private TableDefinition table(int oid) {
    return new TableDefinition(
        oid,
        Catalog.PUBLIC,
        "item",
        TableDefinition.FIRST_GENERATION,
        List.of(
            ColumnDefinition.notNull("id", ColumnType.INT8),
            ColumnDefinition.notNull("embedding", ColumnType.vector(dimensions))),
        List.of());
  }

  private IndexDefinition index(int table, int oid) {
    return new IndexDefinition(
        oid,
        "item_embedding",
        table,
        IndexDefinition.Method.HNSW,
        List.of(IndexDefinition.Key.ascending(1)),
        IndexDefinition.Uniqueness.NOT_UNIQUE,
        Optional.of(Distance.COSINE),
        Map.of(
            "quantization",
            quantization,
            "memory",
            memory,
            "m",
            Integer.toString(m),
            "ef_construction",
            Integer.toString(efConstruction)));
  }

  private static Transaction begin(Database database) {
    Transaction transaction = database.begin(IsolationLevel.READ_COMMITTED, Checkpoint.NONE);
    transaction.beginStatement();
    return transaction;
  }

  private void serve(Database database, int index, MadeUpVectors vectors, ResidentMemory resident) {
    int table = database.catalog().index(index).orElseThrow().tableOid();
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      Searcher searcher = new Searcher();
      long begun = System.nanoTime();
      for (int i = 0; i < queries; i++) {
        search(searcher, view, vectors, i, SearchOptions.Mode.APPROXIMATE);
      }
      double micros = (System.nanoTime() - begun) / 1e3 / queries;
      tell(queries + " queries", resident);
      out.printf("%.0f us a query, %d segments%n", micros, view.segments().size());
      int found = 0;
      int compared = Math.min(20, queries);
      for (int i = 0; i < compared; i++) {
        Set<Long> exact = search(searcher, view, vectors, i, SearchOptions.Mode.EXACT);
        exact.retainAll(search(searcher, view, vectors, i, SearchOptions.Mode.APPROXIMATE));
        found += exact.size();
      }
      out.printf("recall %.3f of %d queries%n", found / (double) (compared * K), compared);
    }
    VectorIndexStatistics figures = database.vectorIndexStatistics(index).orElseThrow();
    out.println(figures);
  }

  /// The nearest as segment and ordinal in one number.
  private static Set<Long> search(
      Searcher searcher,
      TableView view,
      MadeUpVectors vectors,
      long query,
      SearchOptions.Mode mode) {
    SearchResult result =
        searcher.search(
            view.segments(),
            new VectorQuery(
                1,
                vectors.vector(-1 - query),
                Distance.COSINE,
                K,
                Filter.ALL,
                Optional.empty(),
                new SearchOptions(80, mode)),
            Checkpoint.NONE);
    Set<Long> found = new HashSet<>();
    for (int hit = 0; hit < result.size(); hit++) {
      found.add((long) result.segment(hit) << Integer.SIZE | result.ordinal(hit));
    }
    return found;
  }
}
