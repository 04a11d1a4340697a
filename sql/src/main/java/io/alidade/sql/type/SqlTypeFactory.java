package io.alidade.sql.type;

import io.alidade.model.ColumnType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/// Makes [SqlType]s, also where Calcite's rules ask for a type by Calcite's name. Thread-safe.
public final class SqlTypeFactory extends SqlTypeFactoryImpl {

  public SqlTypeFactory() {
    super(RelDataTypeSystem.DEFAULT);
  }

  /// A type that may be null.
  public RelDataType nullable(ColumnType type) {
    return make(type, true);
  }

  /// A type that is never null.
  public RelDataType notNull(ColumnType type) {
    return make(type, false);
  }

  private RelDataType make(ColumnType type, boolean nullable) {
    SqlType component =
        type.element().isPresent() ? (SqlType) make(type.elementType(), true) : null;
    return canonize(new SqlType(type, nullable, component));
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name) {
    return make(SqlType.columnTypeOf(name), name == SqlTypeName.NULL);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name, int precision) {
    return createSqlType(name);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name, int precision, int scale) {
    return createSqlType(name);
  }

  @Override
  public RelDataType createArrayType(RelDataType element, long maxCardinality) {
    return make(ColumnType.arrayOf(SqlType.columnTypeOf(element)), false);
  }

  @Override
  public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
    if (type instanceof SqlType ours) {
      return ours.isNullable() == nullable ? ours : make(ours.columnType(), nullable);
    }
    return super.createTypeWithNullability(type, nullable);
  }

  @Override
  public RelDataType createTypeWithCharsetAndCollation(
      RelDataType type, Charset charset, SqlCollation collation) {
    return type;
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }

  /// The common type of types that analysis has already made the same but for their modifier and
  /// nullability.
  @Override
  public @Nullable RelDataType leastRestrictive(List<RelDataType> types) {
    if (types.isEmpty() || !types.stream().allMatch(SqlType.class::isInstance)) {
      return super.leastRestrictive(types);
    }
    ColumnType common = SqlType.columnTypeOf(types.getFirst());
    boolean nullable = false;
    for (RelDataType type : types) {
      ColumnType next = SqlType.columnTypeOf(type);
      if (!next.withoutModifier().equals(common.withoutModifier())) {
        return null;
      }
      common = next.equals(common) ? common : common.withoutModifier();
      nullable |= type.isNullable();
    }
    return make(common, nullable);
  }
}
