package io.alidade.sql.type;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFamily;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/// A type of ours in Calcite's algebra: a [ColumnType] that may or may not be null.
///
/// Two are equal when their column types, modifiers included, and their nullability are. Calcite's
/// own name for the type is there for its rules only; ours is [#columnType()].
public final class SqlType extends AbstractSqlType {
  private static final int NO_SCALE = Integer.MIN_VALUE;
  private static final SqlCollation COLLATION =
      new SqlCollation(
          SqlCollation.Coercibility.IMPLICIT, Locale.ROOT, StandardCharsets.UTF_8, "primary");

  private final ColumnType columnType;
  private final @Nullable SqlType componentType;

  SqlType(ColumnType columnType, boolean nullable, @Nullable SqlType componentType) {
    super(sqlTypeName(columnType.kind()), nullable, null);
    this.columnType = columnType;
    this.componentType = componentType;
    computeDigest();
  }

  /// Our type behind a type of the algebra, which has none but [SqlType]s and rows of them.
  public static ColumnType columnTypeOf(RelDataType type) {
    if (type instanceof SqlType sqlType) {
      return sqlType.columnType;
    }
    return columnTypeOf(type.getSqlTypeName());
  }

  /// The type that stands for one that Calcite's own rules ask for by name.
  static ColumnType columnTypeOf(SqlTypeName name) {
    return switch (name) {
      case BOOLEAN -> ColumnType.BOOL;
      case TINYINT, SMALLINT -> ColumnType.INT2;
      case INTEGER -> ColumnType.INT4;
      case BIGINT -> ColumnType.INT8;
      case DECIMAL -> ColumnType.NUMERIC;
      case REAL -> ColumnType.FLOAT4;
      case FLOAT, DOUBLE -> ColumnType.FLOAT8;
      case CHAR, VARCHAR, NULL, ANY -> ColumnType.TEXT;
      case BINARY, VARBINARY -> ColumnType.BYTEA;
      case UUID -> ColumnType.UUID;
      case DATE -> ColumnType.DATE;
      case TIMESTAMP -> ColumnType.TIMESTAMP;
      case TIMESTAMP_TZ, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> ColumnType.TIMESTAMPTZ;
      default -> throw new IllegalStateException("no column type stands for " + name);
    };
  }

  private static SqlTypeName sqlTypeName(Kind kind) {
    return switch (kind) {
      case BOOL -> SqlTypeName.BOOLEAN;
      case INT2 -> SqlTypeName.SMALLINT;
      case INT4 -> SqlTypeName.INTEGER;
      case INT8, OID, REGPROC, REGCLASS, REGTYPE -> SqlTypeName.BIGINT;
      case FLOAT4 -> SqlTypeName.REAL;
      case FLOAT8 -> SqlTypeName.DOUBLE;
      case NUMERIC -> SqlTypeName.DECIMAL;
      case TEXT, VARCHAR, NAME, CHAR -> SqlTypeName.VARCHAR;
      case BYTEA -> SqlTypeName.VARBINARY;
      case UUID -> SqlTypeName.UUID;
      case DATE -> SqlTypeName.DATE;
      case TIMESTAMP -> SqlTypeName.TIMESTAMP;
      case TIMESTAMPTZ -> SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
      case ARRAY -> SqlTypeName.ARRAY;
      case JSONB, VECTOR, HALFVEC, BIT, VARBIT -> SqlTypeName.OTHER;
    };
  }

  /// What this type is outside the algebra.
  public ColumnType columnType() {
    return columnType;
  }

  @Override
  public @Nullable RelDataType getComponentType() {
    return componentType;
  }

  @Override
  public int getPrecision() {
    return PRECISION_NOT_SPECIFIED;
  }

  @Override
  public int getScale() {
    return NO_SCALE;
  }

  /// Calcite asks this of every type that it calls a character type.
  @Override
  public @Nullable Charset getCharset() {
    return getSqlTypeName() == SqlTypeName.VARCHAR ? StandardCharsets.UTF_8 : null;
  }

  @Override
  public @Nullable SqlCollation getCollation() {
    return getSqlTypeName() == SqlTypeName.VARCHAR ? COLLATION : null;
  }

  @Override
  public RelDataTypeFamily getFamily() {
    RelDataTypeFamily family = getSqlTypeName().getFamily();
    return family == null ? this : family;
  }

  @Override
  protected void generateTypeString(StringBuilder out, boolean withDetail) {
    out.append(columnType);
  }
}
