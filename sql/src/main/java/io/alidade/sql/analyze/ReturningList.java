package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.sql.parse.Query;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// A resolved RETURNING list.
///
/// @param expressions over a row whose columns the statement says
record ReturningList(List<RexNode> expressions, List<OutputColumn> columns) {

  static ReturningList of(
      Analysis analysis,
      CommonTables tables,
      FromClause row,
      List<Query.SelectItem> items,
      int position) {
    ExpressionPlace place = ExpressionPlace.plain(new Scope(row, null), tables, "RETURNING");
    SelectTargets targets = new SelectTargets(analysis);
    targets.addAll(items, new ExpressionAnalyzer(analysis, place));
    List<RexNode> expressions = new ArrayList<>();
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Operand.Value value = targets.settled(i, ColumnType.TEXT);
      QueryBody.BodyColumn column = targets.columns().get(i);
      expressions.add(value.rex());
      columns.add(
          new OutputColumn(
              column.name(), value.known(), column.tableOid(), column.attributeNumber()));
    }
    ChangeTarget.requireNoQueries(expressions, "RETURNING", position);
    return new ReturningList(expressions, columns);
  }

  /// A row without its hidden column.
  ///
  /// @param hidden the hidden column's index
  static FromClause without(FromClause row, int hidden) {
    return row.mapped(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            int index = reference.getIndex();
            return index < hidden ? reference : new RexInputRef(index - 1, reference.getType());
          }
        });
  }
}
