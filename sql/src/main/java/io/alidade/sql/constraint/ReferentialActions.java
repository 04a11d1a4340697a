package io.alidade.sql.constraint;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.parse.SqlParser;
import io.alidade.storage.WriteOutcome;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Action;
import io.alidade.storage.table.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What CASCADE, SET NULL and SET DEFAULT do to the rows that point to a row which is gone or has
/// another key. The rows go through the statement's own writer, with all their constraints.
final class ReferentialActions {
  private final ConstraintScope scope;
  private final ConstrainedWriter writer;

  ReferentialActions(ConstraintScope scope, ConstrainedWriter writer) {
    this.scope = scope;
    this.writer = writer;
  }

  void run(KeyChecks.Event.Gone gone) {
    // Again, until there are none: a row may be changed by others while it is waited for.
    while (!runOnce(gone)) {
      scope.checkpoint().pass();
    }
  }

  /// @return whether all rows were dealt with
  private boolean runOnce(KeyChecks.Event.Gone gone) {
    ForeignKeyRule rule = gone.rule();
    boolean complete = true;
    try (TableView view = scope.transaction().latest(rule.from().oid())) {
      List<ReferencingRows.Found> rows =
          ReferencingRows.of(
              rule, view, List.of(gone.target()), Integer.MAX_VALUE, scope.checkpoint());
      for (ReferencingRows.Found found : rows) {
        WriteOutcome outcome;
        if (gone.action() == Action.CASCADE && gone.newTarget().isEmpty()) {
          outcome = writer.delete(rule.from(), view, found.row());
        } else {
          @Nullable Object[] row = view.row(found.row());
          change(gone, row);
          outcome = writer.update(rule.from(), view, found.row(), row);
        }
        complete &= outcome != WriteOutcome.CHANGED_SINCE;
      }
    }
    return complete;
  }

  private void change(KeyChecks.Event.Gone gone, @Nullable Object[] row) {
    ForeignKeyRule rule = gone.rule();
    for (int column : changed(gone)) {
      ColumnDefinition definition = rule.from().columns().get(column);
      row[column] =
          switch (gone.action()) {
            case CASCADE ->
                followed(
                    gone.newTarget().orElseThrow().get(rule.key().columns().indexOf(column)),
                    definition.type());
            case SET_DEFAULT -> defaultOf(definition);
            case SET_NULL, NO_ACTION, RESTRICT -> null;
          };
    }
  }

  private static List<Integer> changed(KeyChecks.Event.Gone gone) {
    List<Integer> reset = gone.rule().key().resetOnDelete();
    return gone.newTarget().isPresent() || reset.isEmpty() ? gone.rule().key().columns() : reset;
  }

  private static @Nullable Object followed(@Nullable Object value, ColumnType type) {
    if (value == null) {
      return null;
    }
    Optional<Object> converted = KeyValues.as(value, type);
    if (converted.isEmpty()) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, type.withoutModifier() + " out of range");
    }
    if (type.kind() == ColumnType.Kind.VARCHAR
        && type.hasModifier()
        && converted.get() instanceof String text
        && text.codePointCount(0, text.length()) > type.modifier()) {
      throw new DatabaseException(
          SqlState.STRING_DATA_RIGHT_TRUNCATION, "value too long for type " + type);
    }
    return converted.get();
  }

  private @Nullable Object defaultOf(ColumnDefinition column) {
    if (column.defaultExpression().isEmpty()) {
      return null;
    }
    AnalyzedScalar value =
        Analyzer.analyzeScalar(
            SqlParser.parseExpression(column.defaultExpression().get()),
            Optional.empty(),
            Optional.of(column.type()),
            scope.analysis());
    try (ExecutionContext context = scope.execution(value.slots())) {
      return PlanExecutor.evaluate(value.rex(), context);
    }
  }

  /// The action as the statement that PostgreSQL would run, which its errors show.
  String statement(KeyChecks.Event.Gone gone) {
    ForeignKeyRule rule = gone.rule();
    String table = quoted(rule.from().schema()) + "." + quoted(rule.from().name());
    List<String> sets = new ArrayList<>();
    if (gone.action() != Action.CASCADE || gone.newTarget().isPresent()) {
      for (int column : changed(gone)) {
        String value =
            switch (gone.action()) {
              case CASCADE -> "$" + (sets.size() + 1);
              case SET_DEFAULT -> "DEFAULT";
              case SET_NULL, NO_ACTION, RESTRICT -> "NULL";
            };
        sets.add(name(rule, column) + " = " + value);
      }
    }
    int first = gone.action() == Action.CASCADE ? sets.size() : 0;
    List<String> conditions = new ArrayList<>();
    for (int column : rule.key().columns()) {
      conditions.add(
          "$%d OPERATOR(pg_catalog.=) %s"
              .formatted(first + conditions.size() + 1, name(rule, column)));
    }
    return (sets.isEmpty()
            ? "DELETE FROM ONLY " + table
            : "UPDATE ONLY " + table + " SET " + String.join(", ", sets))
        + " WHERE "
        + String.join(" AND ", conditions);
  }

  private static String name(ForeignKeyRule rule, int column) {
    return quoted(rule.from().columns().get(column).name());
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
