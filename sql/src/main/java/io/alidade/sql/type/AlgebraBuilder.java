package io.alidade.sql.type;

import io.alidade.model.ColumnType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

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
    RelDataType nullable = types.nullable(type);
    return makeLiteral(null, nullable, nullable.getSqlTypeName());
  }

  /// A cast that Calcite's rules need for the sake of nullability; ours are functions.
  @Override
  public RexNode makeCast(RelDataType type, RexNode expression) {
    if (expression instanceof RexLiteral literal && literal.isNull()) {
      return nullOf(SqlType.columnTypeOf(type));
    }
    return expression.getType().equals(type) ? expression : super.makeCast(type, expression);
  }
}
