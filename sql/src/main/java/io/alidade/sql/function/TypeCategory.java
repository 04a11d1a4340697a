package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;

/// PostgreSQL's categories of types (`pg_type.typcategory`), by which it chooses among overloads.
public enum TypeCategory {
  ARRAY,
  BOOLEAN,
  DATE_TIME,
  NUMERIC,
  STRING,
  USER_DEFINED,
  BIT_STRING,
  INTERNAL;

  public static TypeCategory of(ColumnType type) {
    return switch (type.kind()) {
      case BOOL -> BOOLEAN;
      case INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, OID, REGPROC, REGCLASS, REGTYPE -> NUMERIC;
      case TEXT, VARCHAR, NAME -> STRING;
      case DATE, TIMESTAMP, TIMESTAMPTZ -> DATE_TIME;
      case BYTEA, UUID, JSONB, VECTOR, HALFVEC -> USER_DEFINED;
      case BIT, VARBIT -> BIT_STRING;
      case CHAR -> INTERNAL;
      case ARRAY -> ARRAY;
    };
  }

  /// Whether a type is preferred over the others of its category.
  public static boolean isPreferred(ColumnType type) {
    Kind kind = type.kind();
    return kind == Kind.BOOL
        || kind == Kind.FLOAT8
        || kind == Kind.OID
        || kind == Kind.TEXT
        || kind == Kind.TIMESTAMPTZ
        || kind == Kind.VARBIT;
  }
}
