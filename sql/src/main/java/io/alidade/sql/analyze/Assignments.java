package io.alidade.sql.analyze;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.rex.RexNode;

/// The resolved assignments of a SET list.
final class Assignments {
  private final ChangeTarget target;
  private final ExpressionAnalyzer expressions;
  private final Map<Integer, RexNode> values = new TreeMap<>();

  Assignments(ChangeTarget target, ExpressionAnalyzer expressions) {
    this.target = target;
    this.expressions = expressions;
  }

  void addAll(List<DataChange.Assignment> assignments) {
    for (DataChange.Assignment assignment : assignments) {
      switch (assignment) {
        case DataChange.Assignment.Single(var column, var value) -> add(column, value);
        case DataChange.Assignment.Multiple multiple -> addMultiple(multiple);
      }
    }
  }

  private void addMultiple(DataChange.Assignment.Multiple multiple) {
    if (!(multiple.value() instanceof Expression.Row row)) {
      throw Errors.unsupported(
          "assigning several columns from a sub-query is", multiple.position());
    }
    if (row.fields().size() != multiple.targets().size()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR,
          "number of columns does not match number of values",
          multiple.position());
    }
    for (int i = 0; i < row.fields().size(); i++) {
      add(multiple.targets().get(i), row.fields().get(i));
    }
  }

  private void add(DataChange.Target column, Expression value) {
    int index = target.column(column);
    if (values.put(index, target.assigned(index, value, expressions)) != null) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR,
          "multiple assignments to same column \"" + column.column() + "\"",
          column.position());
    }
  }

  /// The columns that are assigned.
  List<Integer> columns() {
    return List.copyOf(values.keySet());
  }

  /// The whole row as it is afterwards.
  List<RexNode> newRow(List<ScopeColumn> oldRow) {
    List<RexNode> row = new ArrayList<>();
    for (int i = 0; i < oldRow.size(); i++) {
      row.add(values.getOrDefault(i, oldRow.get(i).rex()));
    }
    return row;
  }
}
