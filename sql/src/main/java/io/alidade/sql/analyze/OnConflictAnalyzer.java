package io.alidade.sql.analyze;

import io.alidade.model.SqlState;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.DataChange.ConflictAction;
import io.alidade.sql.parse.DataChange.ConflictTarget;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.TableDefinition.IndexElement;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Resolves ON CONFLICT.
final class OnConflictAnalyzer {
  private final Analysis analysis;
  private final CommonTables tables;
  private final ChangeTarget target;

  OnConflictAnalyzer(Analysis analysis, CommonTables tables, ChangeTarget target) {
    this.analysis = analysis;
    this.tables = tables;
    this.target = target;
  }

  AnalyzedChange.OnConflict analyze(DataChange.OnConflict conflict, @Nullable String alias) {
    ConflictTarget watched = conflict.target();
    List<Integer> key = watched == null ? List.of() : key(watched, conflict.position());
    return switch (conflict.action()) {
      case ConflictAction.DoNothing _ -> new AnalyzedChange.OnConflict(key, Optional.empty());
      case ConflictAction.DoUpdate update -> {
        if (watched == null) {
          throw Errors.of(
                  SqlState.SYNTAX_ERROR,
                  "ON CONFLICT DO UPDATE requires inference specification or constraint name",
                  conflict.position())
              .withHint("For example, ON CONFLICT (column_name).");
        }
        yield new AnalyzedChange.OnConflict(
            key, Optional.of(update(update, alias, conflict.position())));
      }
    };
  }

  private List<Integer> key(ConflictTarget watched, int position) {
    return switch (watched) {
      case ConflictTarget.Constraint(var name, var at) ->
          target.table().indexes().stream()
              .filter(index -> index.name().equals(name) && index.isUnique())
              .findFirst()
              .map(IndexDefinition::columns)
              .orElseThrow(() ->
                  Errors.of(
                      SqlState.UNDEFINED_OBJECT,
                      "constraint \""
                          + name
                          + "\" for table \""
                          + target.table().name()
                          + "\" does not exist",
                      at));
      case ConflictTarget.Index index -> indexKey(index, position);
    };
  }

  private List<Integer> indexKey(ConflictTarget.Index watched, int position) {
    Set<Integer> columns = new HashSet<>();
    for (IndexElement element : watched.elements()) {
      if (!(element.key() instanceof Expression.ColumnReference reference)) {
        throw noSuchKey(position);
      }
      if (target.table().column(reference.name()).isEmpty()) {
        throw Errors.of(
            SqlState.UNDEFINED_COLUMN,
            "column \"" + reference.name() + "\" does not exist",
            reference.position());
      }
      columns.add(target.column(reference.name(), reference.position()));
    }
    return target.table().indexes().stream()
        .filter(IndexDefinition::isUnique)
        .map(IndexDefinition::columns)
        .filter(key -> Set.copyOf(key).equals(columns))
        .findFirst()
        .orElseThrow(() -> noSuchKey(position));
  }

  private static io.alidade.model.DatabaseException noSuchKey(int position) {
    return Errors.of(
        SqlState.INVALID_COLUMN_REFERENCE,
        "there is no unique or exclusion constraint matching the ON CONFLICT specification",
        position);
  }

  private AnalyzedChange.ConflictUpdate update(
      ConflictAction.DoUpdate update, @Nullable String alias, int position) {
    FromClause existing = target.scan(alias, RowReferences.HIDDEN, position);
    FromClause excluded =
        target
            .scan("excluded", RowReferences.HIDDEN, position)
            .shifted(target.table().columns().size());
    RelNode both =
        LogicalJoin.create(
            existing.rel(),
            target.scan("excluded", RowReferences.HIDDEN, position).rel(),
            List.of(),
            analysis.builder.makeLiteral(true),
            Set.of(),
            JoinRelType.INNER);
    List<ScopeRange> ranges = new ArrayList<>(existing.ranges());
    ranges.addAll(excluded.ranges());
    Scope scope = new Scope(new FromClause(both, ranges, existing.columns()), null);
    ExpressionPlace place = ExpressionPlace.plain(scope, tables, "ON CONFLICT");
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    Assignments assignments = new Assignments(target, expressions);
    assignments.addAll(update.assignments());
    Optional<RexNode> condition =
        Optional.ofNullable(update.where()).map(where -> expressions.condition(where, "WHERE"));
    List<RexNode> newRow = assignments.newRow(existing.columns());
    ChangeTarget.requireNoQueries(newRow, "ON CONFLICT", position);
    condition.ifPresent(
        each -> ChangeTarget.requireNoQueries(List.of(each), "ON CONFLICT", position));
    return new AnalyzedChange.ConflictUpdate(newRow, assignments.columns(), condition);
  }
}
