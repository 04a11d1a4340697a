package io.alidade.sql.constraint;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.model.DatabaseException;
import io.alidade.model.DatabaseException.Field;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.sql.parse.SqlParser;
import io.alidade.storage.ConstraintErrors;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Whether the rows that are there already fulfil a constraint that is new or was not validated.
public final class ExistingRows {
  private ExistingRows() {}

  private static void forEach(
      ConstraintScope scope, TableDefinition table, Consumer<@Nullable Object[]> row) {
    try (TableView view = scope.transaction().latest(table.oid())) {
      for (int s = 0; s < view.segments().size(); s++) {
        SegmentView segment = view.segments().get(s);
        for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
          if (ordinal % Checkpoint.ROWS_BETWEEN == 0) {
            scope.checkpoint().pass();
          }
          if (segment.isVisible(ordinal)) {
            row.accept(view.row(new RowReference(s, ordinal)));
          }
        }
      }
    }
  }

  /// @throws DatabaseException 23514
  public static void require(
      ConstraintScope scope, TableDefinition table, ConstraintDefinition.Check check) {
    AnalyzedScalar condition =
        Analyzer.analyzeCheck(
            SqlParser.parseExpression(check.condition()), table, scope.analysis());
    try (ExecutionContext context = scope.execution(condition.slots())) {
      RowFunction compiled = PlanExecutor.compile(List.of(condition.rex()), context).getFirst();
      forEach(
          scope,
          table,
          row -> {
            if (Boolean.FALSE.equals(compiled.apply(row))) {
              throw new DatabaseException(
                      SqlState.CHECK_VIOLATION,
                      "check constraint \"%s\" of relation \"%s\" is violated by some row"
                          .formatted(check.name(), table.name()))
                  .with(Field.SCHEMA, table.schema())
                  .with(Field.TABLE, table.name())
                  .with(Field.CONSTRAINT, check.name());
            }
          });
    }
  }

  /// Locks nothing: a row that is pointed to and goes meanwhile is refused by who deletes it, for
  /// the constraint is known by then.
  ///
  /// @throws DatabaseException 23503
  public static void require(
      ConstraintScope scope, TableDefinition table, ConstraintDefinition.ForeignKey key) {
    TableDefinition to = scope.transaction().catalog().table(key.referencedTable()).orElseThrow();
    ForeignKeyRule rule = new ForeignKeyRule(table, to, key);
    IndexDefinition index = to.index(key.referencedIndex()).orElseThrow();
    try (TableView referenced = scope.transaction().latest(to.oid())) {
      forEach(
          scope,
          table,
          row -> {
            List<@Nullable Object> pointer = rule.pointer(row);
            if (!rule.points(pointer)) {
              return;
            }
            if (key.match() == Match.FULL && ForeignKeyRule.isMixed(pointer)) {
              throw ConstraintErrors.mixedNulls(table, key);
            }
            Optional<List<@Nullable Object>> wanted = rule.indexKey(pointer);
            if (wanted.isEmpty() || referenced.lookup(index, wanted.get()).isEmpty()) {
              throw ConstraintErrors.missing(table, to, key, pointer);
            }
          });
    }
  }

  /// @throws DatabaseException 23502
  public static void requireNoNulls(ConstraintScope scope, TableDefinition table, int column) {
    forEach(
        scope,
        table,
        row -> {
          if (row[column] == null) {
            String name = table.columns().get(column).name();
            throw new DatabaseException(
                    SqlState.NOT_NULL_VIOLATION,
                    "column \"%s\" of relation \"%s\" contains null values"
                        .formatted(name, table.name()))
                .with(Field.SCHEMA, table.schema())
                .with(Field.TABLE, table.name())
                .with(Field.COLUMN, name);
          }
        });
  }
}
