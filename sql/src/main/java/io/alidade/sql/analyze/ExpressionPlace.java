package io.alidade.sql.analyze;

import io.alidade.model.DatabaseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.core.CorrelationId;

/// Where an expression stands: what it sees and what may occur in it.
///
/// One serves all expressions of a clause; it remembers which rows its sub-queries depend on.
final class ExpressionPlace {
  private final Scope scope;
  private final CommonTables commonTables;
  private final String name;
  private final Optional<AggregateUses> aggregates;
  private final Optional<RowFunctionUses> rowFunctions;
  private final List<Scope.OuterRow> subqueryRows;
  private final Map<Integer, Integer> columnPositions = new HashMap<>();

  /// @param name as errors call it: `WHERE`, `JOIN conditions`
  /// @param aggregates empty where none may be
  /// @param rowFunctions empty where none may be
  ExpressionPlace(
      Scope scope,
      CommonTables commonTables,
      String name,
      Optional<AggregateUses> aggregates,
      Optional<RowFunctionUses> rowFunctions) {
    this(scope, commonTables, name, aggregates, rowFunctions, new ArrayList<>());
  }

  private ExpressionPlace(
      Scope scope,
      CommonTables commonTables,
      String name,
      Optional<AggregateUses> aggregates,
      Optional<RowFunctionUses> rowFunctions,
      List<Scope.OuterRow> subqueryRows) {
    this.scope = scope;
    this.commonTables = commonTables;
    this.name = name;
    this.aggregates = aggregates;
    this.rowFunctions = rowFunctions;
    this.subqueryRows = subqueryRows;
  }

  /// A place where neither aggregates nor set-returning functions may be.
  static ExpressionPlace plain(Scope scope, CommonTables commonTables, String name) {
    return new ExpressionPlace(scope, commonTables, name, Optional.empty(), Optional.empty());
  }

  /// The arguments of an aggregate that stands here.
  ExpressionPlace insideAggregate() {
    return new ExpressionPlace(
        scope, commonTables, INSIDE_AGGREGATE, Optional.empty(), Optional.empty(), subqueryRows);
  }

  /// The name of the condition of a CHECK, where no sub-query may be.
  static final String CHECK = "check constraints";

  /// The name of [#insideAggregate].
  static final String INSIDE_AGGREGATE = "aggregate arguments";

  Scope scope() {
    return scope;
  }

  CommonTables commonTables() {
    return commonTables;
  }

  String name() {
    return name;
  }

  Optional<AggregateUses> aggregates() {
    return aggregates;
  }

  Optional<RowFunctionUses> rowFunctions() {
    return rowFunctions;
  }

  /// Remembers where a column of the row was named outside of aggregates.
  void noteColumn(int field, int position) {
    columnPositions.putIfAbsent(field, position);
  }

  /// Where a column of the row was named first.
  int positionOf(int field) {
    return columnPositions.getOrDefault(field, DatabaseException.NO_POSITION);
  }

  /// The row of this place as a new sub-query sees it.
  Scope.OuterRow rowForSubquery(Analysis analysis) {
    Scope.OuterRow row = new Scope.OuterRow(analysis, scope);
    subqueryRows.add(row);
    return row;
  }

  /// The correlation variables that stand for this place's row in its sub-queries.
  Set<CorrelationId> variables() {
    Set<CorrelationId> ids = new LinkedHashSet<>();
    for (Scope.OuterRow row : subqueryRows) {
      if (row.isUsed()) {
        ids.add(row.id());
      }
    }
    return ids;
  }
}
