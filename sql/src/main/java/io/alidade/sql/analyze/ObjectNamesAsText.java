package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// Shows the columns of types `regproc`, `regclass` and `regtype` by the names that their numbers
/// stand for: only here is the catalog known that has them. The client sees columns of type `text`.
final class ObjectNamesAsText {
  private ObjectNamesAsText() {}

  static QueryAnalyzer.Result show(Analysis analysis, QueryAnalyzer.Result result) {
    if (result.columns().stream().noneMatch(column -> isName(column.type()))) {
      return result;
    }
    RelNode rel = result.rel();
    List<RexNode> expressions = new ArrayList<>();
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 0; i < result.columns().size(); i++) {
      OutputColumn column = result.columns().get(i);
      RexNode value = analysis.builder.makeInputRef(rel, i);
      if (!isName(column.type())) {
        expressions.add(value);
        columns.add(column);
        continue;
      }
      Operand.Value operand = new Operand.Value(value, column.type(), 0);
      Operand text = analysis.coercion.cast(operand, ColumnType.TEXT, 0);
      expressions.add(analysis.coercion.settle(text).rex());
      columns.add(
          new OutputColumn(
              column.name(), ColumnType.TEXT, column.tableOid(), column.attributeNumber()));
    }
    RelNode projected =
        analysis
            .projections()
            .project(rel, expressions, columns.stream().map(OutputColumn::name).toList(), Set.of());
    return new QueryAnalyzer.Result(projected, columns);
  }

  private static boolean isName(ColumnType type) {
    return switch (type.kind()) {
      case REGPROC, REGCLASS, REGTYPE -> true;
      case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, TEXT, VARCHAR, NAME, CHAR -> false;
      case BYTEA, UUID, DATE, TIMESTAMP, TIMESTAMPTZ, JSONB, OID -> false;
      case VECTOR, HALFVEC, BIT, VARBIT, ARRAY -> false;
    };
  }
}
