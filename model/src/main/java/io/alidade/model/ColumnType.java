package io.alidade.model;

import java.util.Optional;

/// The type of a column or expression: a [Kind] with its modifier and, for arrays, its element
/// type.
///
/// ## Values
///
/// A value of a type is always an instance of [Kind#valueClass]; SQL NULL is Java `null` and occurs
/// only in arrays of values marked `@Nullable`. Dates count days and timestamps microseconds since
/// 1970-01-01 (UTC); the extreme `long` and `int` values are PostgreSQL's infinities.
///
/// @param kind which type
/// @param modifier the length of a `varchar`, `bit` or `bit varying`, the dimensions of a `vector`
///   or `halfvec`, precision and scale of a `numeric` packed as by [#numeric]; [#NO_MODIFIER] where
///   the type has none or none was given
/// @param element the type of the elements of an array, else empty
public record ColumnType(Kind kind, int modifier, Optional<ColumnType> element) {

  /// Says that a type carries no modifier.
  public static final int NO_MODIFIER = -1;

  /// The longest `vector` or `halfvec`, in dimensions (pgvector's limit).
  public static final int MAX_VECTOR_DIMENSIONS = 16_000;

  /// The longest `bit` and `bit varying` (PostgreSQL's limit).
  public static final int MAX_BITS = 83_886_080;

  private static final int SCALE_BITS = 16;
  private static final int MAX_NUMERIC_PRECISION = 1000;

  public static final ColumnType BOOL = of(Kind.BOOL);
  public static final ColumnType INT2 = of(Kind.INT2);
  public static final ColumnType INT4 = of(Kind.INT4);
  public static final ColumnType INT8 = of(Kind.INT8);
  public static final ColumnType FLOAT4 = of(Kind.FLOAT4);
  public static final ColumnType FLOAT8 = of(Kind.FLOAT8);
  public static final ColumnType NUMERIC = of(Kind.NUMERIC);
  public static final ColumnType TEXT = of(Kind.TEXT);
  public static final ColumnType VARCHAR = of(Kind.VARCHAR);
  public static final ColumnType NAME = of(Kind.NAME);
  public static final ColumnType CHAR = of(Kind.CHAR);
  public static final ColumnType BYTEA = of(Kind.BYTEA);
  public static final ColumnType UUID = of(Kind.UUID);
  public static final ColumnType DATE = of(Kind.DATE);
  public static final ColumnType TIMESTAMP = of(Kind.TIMESTAMP);
  public static final ColumnType TIMESTAMPTZ = of(Kind.TIMESTAMPTZ);
  public static final ColumnType JSONB = of(Kind.JSONB);
  public static final ColumnType OID = of(Kind.OID);
  public static final ColumnType REGPROC = of(Kind.REGPROC);
  public static final ColumnType REGCLASS = of(Kind.REGCLASS);
  public static final ColumnType REGTYPE = of(Kind.REGTYPE);
  public static final ColumnType VECTOR = of(Kind.VECTOR);
  public static final ColumnType HALFVEC = of(Kind.HALFVEC);
  public static final ColumnType BIT = of(Kind.BIT);
  public static final ColumnType VARBIT = of(Kind.VARBIT);

  public ColumnType {
    if ((kind == Kind.ARRAY) != element.isPresent()) {
      throw new IllegalArgumentException(kind + " with element type " + element);
    }
  }

  /// A type without a modifier.
  public static ColumnType of(Kind kind) {
    return new ColumnType(kind, NO_MODIFIER, Optional.empty());
  }

  /// `varchar(length)`, in characters.
  public static ColumnType varchar(int length) {
    return new ColumnType(Kind.VARCHAR, length, Optional.empty());
  }

  /// `numeric(precision, scale)`.
  ///
  /// @throws DatabaseException 22023 when PostgreSQL would refuse the pair
  public static ColumnType numeric(int precision, int scale) {
    if (precision < 1 || precision > MAX_NUMERIC_PRECISION) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "NUMERIC precision " + precision + " must be between 1 and " + MAX_NUMERIC_PRECISION);
    }
    if (scale < 0 || scale > precision) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "NUMERIC scale " + scale + " must be between 0 and precision " + precision);
    }
    return new ColumnType(Kind.NUMERIC, precision << SCALE_BITS | scale, Optional.empty());
  }

  /// `vector(dimensions)`.
  ///
  /// @throws DatabaseException 22023 when pgvector would refuse the number
  public static ColumnType vector(int dimensions) {
    return ofDimensions(Kind.VECTOR, dimensions);
  }

  /// `halfvec(dimensions)`.
  ///
  /// @throws DatabaseException 22023 when pgvector would refuse the number
  public static ColumnType halfvec(int dimensions) {
    return ofDimensions(Kind.HALFVEC, dimensions);
  }

  private static ColumnType ofDimensions(Kind kind, int dimensions) {
    if (dimensions < 1) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "dimensions for type " + kind.sqlName() + " must be at least 1");
    }
    if (dimensions > MAX_VECTOR_DIMENSIONS) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "dimensions for type " + kind.sqlName() + " cannot exceed " + MAX_VECTOR_DIMENSIONS);
    }
    return new ColumnType(kind, dimensions, Optional.empty());
  }

  /// `bit(length)`.
  ///
  /// @throws DatabaseException 22023 when PostgreSQL would refuse the length
  public static ColumnType bit(int length) {
    return ofBits(Kind.BIT, length);
  }

  /// `bit varying(length)`.
  ///
  /// @throws DatabaseException 22023 when PostgreSQL would refuse the length
  public static ColumnType varbit(int length) {
    return ofBits(Kind.VARBIT, length);
  }

  private static ColumnType ofBits(Kind kind, int length) {
    if (length < 1) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "length for type " + kind.typeName() + " must be at least 1");
    }
    if (length > MAX_BITS) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "length for type " + kind.typeName() + " cannot exceed " + MAX_BITS);
    }
    return new ColumnType(kind, length, Optional.empty());
  }

  /// An array of `element`.
  public static ColumnType arrayOf(ColumnType element) {
    return new ColumnType(Kind.ARRAY, NO_MODIFIER, Optional.of(element));
  }

  /// The element type of an array.
  public ColumnType elementType() {
    return element.orElseThrow(() -> new IllegalStateException(this + " is not an array"));
  }

  public boolean hasModifier() {
    return modifier != NO_MODIFIER;
  }

  /// The precision of a `numeric` with a modifier, in decimal digits.
  public int numericPrecision() {
    return modifier >>> SCALE_BITS;
  }

  /// The scale of a `numeric` with a modifier, in decimal digits.
  public int numericScale() {
    return modifier & ((1 << SCALE_BITS) - 1);
  }

  /// This type without its modifier.
  public ColumnType withoutModifier() {
    return hasModifier() ? new ColumnType(kind, NO_MODIFIER, element) : this;
  }

  /// The name as SQL spells it, with its modifier: `character varying(20)`, `vector(384)`,
  /// `text[]`.
  @Override
  public String toString() {
    if (kind == Kind.ARRAY) {
      return elementType() + "[]";
    }
    if (!hasModifier()) {
      return kind.sqlName();
    }
    String arguments =
        kind == Kind.NUMERIC
            ? numericPrecision() + "," + numericScale()
            : Integer.toString(modifier);
    return kind.sqlName() + "(" + arguments + ")";
  }

  /// Which type, each with PostgreSQL's names and the Java class of its values.
  public enum Kind {
    BOOL("boolean", "bool", Boolean.class),
    INT2("smallint", "int2", Short.class),
    INT4("integer", "int4", Integer.class),
    INT8("bigint", "int8", Long.class),
    FLOAT4("real", "float4", Float.class),
    FLOAT8("double precision", "float8", Double.class),
    NUMERIC("numeric", "numeric", java.math.BigDecimal.class),
    TEXT("text", "text", String.class),
    VARCHAR("character varying", "varchar", String.class),
    /// PostgreSQL's type of identifiers, at most 63 bytes.
    NAME("name", "name", String.class),
    /// PostgreSQL's one-byte `"char"`, used in its catalogs.
    CHAR("\"char\"", "char", String.class),
    BYTEA("bytea", "bytea", byte[].class),
    UUID("uuid", "uuid", java.util.UUID.class),
    /// Days since 1970-01-01.
    DATE("date", "date", Integer.class),
    /// Microseconds since 1970-01-01 00:00, without a zone.
    TIMESTAMP("timestamp without time zone", "timestamp", Long.class),
    /// Microseconds since 1970-01-01 00:00 UTC.
    TIMESTAMPTZ("timestamp with time zone", "timestamptz", Long.class),
    JSONB("jsonb", "jsonb", Jsonb.class),
    OID("oid", "oid", Long.class),
    REGPROC("regproc", "regproc", Long.class),
    REGCLASS("regclass", "regclass", Long.class),
    REGTYPE("regtype", "regtype", Long.class),
    /// pgvector's `vector`: 32-bit floats, finite.
    VECTOR("vector", "vector", float[].class),
    /// pgvector's `halfvec`: 16-bit floats, finite, as the 32-bit floats of the same value.
    HALFVEC("halfvec", "halfvec", float[].class),
    BIT("bit", "bit", BitString.class),
    VARBIT("bit varying", "varbit", BitString.class),
    /// A one-dimensional array; its values are unmodifiable lists that may hold `null`.
    ARRAY("array", "array", java.util.List.class);

    private final String sqlName;
    private final String typeName;
    private final Class<?> valueClass;

    Kind(String sqlName, String typeName, Class<?> valueClass) {
      this.sqlName = sqlName;
      this.typeName = typeName;
      this.valueClass = valueClass;
    }

    /// The name that `format_type` shows.
    public String sqlName() {
      return sqlName;
    }

    /// The name in `pg_type.typname`.
    public String typeName() {
      return typeName;
    }

    /// The class of this kind's values.
    public Class<?> valueClass() {
      return valueClass;
    }
  }
}
