package io.alidade.sql.type;

import io.alidade.model.ColumnType;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;

/// Makes the row expressions of our algebra: Calcite's builder, with NULLs of our types.
public final class AlgebraBuilder extends RexBuilder {
  private final SqlTypeFactory types;

  public AlgebraBuilder(SqlTypeFactory types) {
    super(types);
    this.types = types;
  }

  /// The factory of its types.
  public SqlTypeFactory types() {
    return types;
  }

  /// NULL of a type.
  public RexLiteral nullOf(ColumnType type) {
    // Under the type's own name Calcite would round a NULL timestamp, and fail.
    return makeLiteral(null, types.nullable(type), SqlTypeName.NULL);
  }

  /// A cast that Calcite's rules need for the sake of nullability; ours are functions.
  @Override
  public RexNode makeCast(RelDataType type, RexNode expression) {
    if (expression instanceof RexLiteral literal && literal.isNull()) {
      return nullOf(SqlType.columnTypeOf(type));
    }
    return expression.getType().equals(type) ? expression : super.makeCast(type, expression);
  }

  /// A call; ANDs of ANDs and ORs of ORs become one, as Calcite asserts of conditions.
  @Override
  public RexNode makeCall(SqlOperator operator, List<? extends RexNode> operands) {
    RexNode call = super.makeCall(operator, operands);
    return operator.getKind() == SqlKind.AND || operator.getKind() == SqlKind.OR
        ? RexUtil.flatten(this, call)
        : call;
  }
}
