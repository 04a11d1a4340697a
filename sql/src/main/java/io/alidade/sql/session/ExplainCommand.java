package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.Measurements;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.PlanExplanation;
import io.alidade.sql.execute.RowChangedException;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.rule.Estimates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// EXPLAIN and EXPLAIN ANALYZE.
final class ExplainCommand {

  private static final double NANOS_PER_MILLI = 1e6;

  private final ClientSession session;
  private final StatementStarter starter;

  ExplainCommand(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  static List<ResultColumn> columns() {
    return List.of(new ResultColumn("QUERY PLAN", ColumnType.TEXT, 0, (short) 0));
  }

  Run run(Explain explain, Compiled.Command command, BoundValues values) {
    Shown shown = shown(explain);
    boolean analyze = shown.analyzed();
    List<String> lines =
        switch (command.explained().orElseThrow()) {
          case Compiled.Rows rows ->
              analyze
                  ? analyzed(rows, values, shown)
                  : PlanExplanation.of(
                          rows.plan(), estimates(rows.analyzed().slots(), values, shown))
                      .lines();
          case Compiled.Change change -> change(change, shown, values);
          case Compiled.Command _, Compiled.Nothing _ ->
              throw new DatabaseException(
                  SqlState.SYNTAX_ERROR, "EXPLAIN takes a query or a change of rows");
        };
    List<@Nullable Object[]> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(new @Nullable Object[] {line}));
    return new CompletedRun(rows, "EXPLAIN");
  }

  /// What is shown of a plan.
  ///
  /// @param analyzed what was measured when it ran
  /// @param estimated the rows that are expected, where tables were analysed
  private record Shown(boolean analyzed, boolean estimated) {}

  private Estimates estimates(Slots slots, BoundValues values, Shown shown) {
    if (!shown.estimated()) {
      return Estimates.NONE;
    }
    @Nullable Object[] known =
        slots.values(values.parameters(), values.literals(), session.context());
    return new Estimates(
        session.engine().database()::profile, slot -> Optional.ofNullable(known[slot]));
  }

  private static Shown shown(Explain explain) {
    boolean analyze = false;
    boolean costs = true;
    for (Explain.Option option : explain.options()) {
      String value = option.value();
      boolean on =
          value == null
              || switch (value.toLowerCase(Locale.ROOT)) {
                case "on", "true", "1" -> true;
                default -> false;
              };
      switch (option.name()) {
        case "analyze" -> analyze = on;
        case "format" -> requireText(value, option);
        case "costs" -> costs = on;
        case "verbose", "buffers", "timing", "summary", "settings", "wal" -> {
          // They say how much is shown; what we show does not depend on them.
        }
        default ->
            throw new DatabaseException(
                    SqlState.SYNTAX_ERROR, "unrecognized EXPLAIN option \"" + option.name() + "\"")
                .at(option.position());
      }
    }
    return new Shown(analyze, costs);
  }

  private static void requireText(@Nullable String format, Explain.Option option) {
    if (!"text".equalsIgnoreCase(format)) {
      throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED, "EXPLAIN (FORMAT " + format + ") is not supported")
          .at(option.position());
    }
  }

  private List<String> analyzed(Compiled.Rows rows, BoundValues values, Shown shown) {
    long begun = System.nanoTime();
    rows.analyzed()
        .locks()
        .ifPresent(locks -> session.transactions().requireWritable(LockingQuery.command(locks)));
    ExecutionContext context = starter.execution(rows, values);
    Measurements measurements = context.measure();
    try (RowCursor cursor = PlanExecutor.open(rows.plan(), context)) {
      while (!cursor.next().isEmpty()) {
        session.interruption().pass();
      }
    } catch (RowChangedException e) {
      throw new DatabaseException(
          SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update", e);
    }
    Estimates estimates = estimates(rows.analyzed().slots(), values, shown);
    List<String> lines =
        new ArrayList<>(PlanExplanation.of(rows.plan(), measurements, estimates).lines());
    lines.add(executionTime(begun));
    return lines;
  }

  private List<String> change(Compiled.Change change, Shown shown, BoundValues values) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s on %s"
            .formatted(
                switch (change.plan().verb()) {
                  case "INSERT" -> "Insert";
                  case "UPDATE" -> "Update";
                  default -> "Delete";
                },
                change.analyzed().table().name()));
    boolean first = true;
    for (String line :
        PlanExplanation.of(
                change.plan().source(), estimates(change.analyzed().slots(), values, shown))
            .lines()) {
      lines.add((first ? "  ->  " : "      ") + line);
      first = false;
    }
    if (shown.analyzed()) {
      session.transactions().requireWritable(change.plan().verb());
      long begun = System.nanoTime();
      new ChangeExecution(starter, change, values).run();
      lines.add(executionTime(begun));
    }
    return lines;
  }

  private static String executionTime(long begun) {
    return String.format(
        Locale.ROOT, "Execution Time: %.3f ms", (System.nanoTime() - begun) / NANOS_PER_MILLI);
  }
}
