package io.alidade.sql.analyze;

import com.google.common.collect.ImmutableSet;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.FromItem;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// The rows that an UPDATE or DELETE finds: its table, joined and filtered.
///
/// @param rel after WHERE
record ChangedRows(Scope scope, RelNode rel) {

  static ChangedRows of(
      Analysis analysis,
      CommonTables tables,
      FromClause table,
      List<FromItem> others,
      @Nullable Expression where) {
    FromClause all = new FromAnalyzer(analysis, tables, null).beside(table, others);
    Scope scope = new Scope(all, null);
    RelNode rel = all.rel();
    if (where != null) {
      ExpressionPlace place = ExpressionPlace.plain(scope, tables, "WHERE");
      RexNode condition = new ExpressionAnalyzer(analysis, place).condition(where, "WHERE");
      rel = LogicalFilter.create(rel, condition, ImmutableSet.copyOf(place.variables()));
    }
    return new ChangedRows(scope, rel);
  }

  /// Adds the columns of the other tables, which follow the table's own and its hidden one.
  void addOthers(Analysis analysis, int width, List<RexNode> outputs, List<String> names) {
    List<String> fields = rel.getRowType().getFieldNames();
    for (int i = width + 1; i < fields.size(); i++) {
      outputs.add(analysis.builder.makeInputRef(rel, i));
      names.add(fields.get(i));
    }
  }
}
