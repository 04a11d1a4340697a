package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The numbers and names under which clients know types: PostgreSQL's for its built-in types, and
/// fixed ones for pgvector's, as drivers have the former compiled in and look the latter up by
/// name.
public final class TypeOids {

  /// Says that no type is given: the server infers it.
  public static final int UNSPECIFIED = 0;

  /// The type of a literal whose type is not yet known.
  public static final int UNKNOWN = 705;

  /// The OID of `vector`: above those that PostgreSQL reserves.
  public static final int VECTOR = 16385;

  /// The OID of `vector[]`.
  public static final int VECTOR_ARRAY = 16386;

  /// The OID of `halfvec`.
  public static final int HALFVEC = 16387;

  /// The OID of `halfvec[]`.
  public static final int HALFVEC_ARRAY = 16388;

  /// The `typlen` of types whose values differ in length.
  public static final short VARIABLE_LENGTH = -1;

  private static final int NAME_LENGTH = 64;
  private static final int VARCHAR_HEADER = 4;
  private static final int NUMERIC_HEADER = 4;

  private static final Map<Kind, Numbers> NUMBERS = new EnumMap<>(Kind.class);
  private static final Map<Integer, ColumnType> BY_OID = new HashMap<>();
  private static final Map<String, ColumnType> BY_NAME = new HashMap<>();

  private record Numbers(int oid, int arrayOid, short length) {}

  static {
    add(Kind.BOOL, 16, 1000, 1);
    add(Kind.BYTEA, 17, 1001, VARIABLE_LENGTH);
    add(Kind.CHAR, 18, 1002, 1);
    add(Kind.NAME, 19, 1003, NAME_LENGTH);
    add(Kind.INT8, 20, 1016, 8);
    add(Kind.INT2, 21, 1005, 2);
    add(Kind.INT4, 23, 1007, 4);
    add(Kind.REGPROC, 24, 1008, 4);
    add(Kind.TEXT, 25, 1009, VARIABLE_LENGTH);
    add(Kind.OID, 26, 1028, 4);
    add(Kind.FLOAT4, 700, 1021, 4);
    add(Kind.FLOAT8, 701, 1022, 8);
    add(Kind.VARCHAR, 1043, 1015, VARIABLE_LENGTH);
    add(Kind.DATE, 1082, 1182, 4);
    add(Kind.TIMESTAMP, 1114, 1115, 8);
    add(Kind.TIMESTAMPTZ, 1184, 1185, 8);
    add(Kind.BIT, 1560, 1561, VARIABLE_LENGTH);
    add(Kind.VARBIT, 1562, 1563, VARIABLE_LENGTH);
    add(Kind.NUMERIC, 1700, 1231, VARIABLE_LENGTH);
    add(Kind.REGCLASS, 2205, 2210, 4);
    add(Kind.REGTYPE, 2206, 2211, 4);
    add(Kind.UUID, 2950, 2951, 16);
    add(Kind.JSONB, 3802, 3807, VARIABLE_LENGTH);
    add(Kind.VECTOR, VECTOR, VECTOR_ARRAY, VARIABLE_LENGTH);
    add(Kind.HALFVEC, HALFVEC, HALFVEC_ARRAY, VARIABLE_LENGTH);
    alias("int", Kind.INT4);
    alias("float", Kind.FLOAT8);
    alias("decimal", Kind.NUMERIC);
    alias("dec", Kind.NUMERIC);
    alias("timestamp without time zone", Kind.TIMESTAMP);
  }

  private TypeOids() {}

  private static void add(Kind kind, int oid, int arrayOid, int length) {
    ColumnType type = ColumnType.of(kind);
    NUMBERS.put(kind, new Numbers(oid, arrayOid, (short) length));
    BY_OID.put(oid, type);
    BY_OID.put(arrayOid, ColumnType.arrayOf(type));
    BY_NAME.put("_" + kind.typeName(), ColumnType.arrayOf(type));
    alias(kind.typeName(), kind);
    alias(kind.sqlName(), kind);
  }

  private static void alias(String name, Kind kind) {
    BY_NAME.put(name, ColumnType.of(kind));
    BY_NAME.put(name + "[]", ColumnType.arrayOf(ColumnType.of(kind)));
  }

  /// The OID of a type, whatever its modifier.
  public static int oid(ColumnType type) {
    return type.kind() == Kind.ARRAY
        ? numbers(type.elementType().kind()).arrayOid
        : numbers(type.kind()).oid;
  }

  /// The OID of arrays of a kind; 0 when there is no such type.
  public static int arrayOid(Kind kind) {
    return kind == Kind.ARRAY ? 0 : numbers(kind).arrayOid;
  }

  /// The bytes of a value, as in `pg_type.typlen`: [#VARIABLE_LENGTH] when they differ.
  public static short length(ColumnType type) {
    return type.kind() == Kind.ARRAY ? VARIABLE_LENGTH : numbers(type.kind()).length;
  }

  /// The type with an OID, without a modifier.
  public static Optional<ColumnType> byOid(int oid) {
    return Optional.ofNullable(BY_OID.get(oid));
  }

  /// The type with a name: PostgreSQL's own (`int4`, `_int4`), SQL's (`integer`, `timestamp with
  /// time zone`) or either followed by `[]`; in any case.
  public static Optional<ColumnType> byName(String name) {
    ColumnType exact = BY_NAME.get(name);
    return Optional.ofNullable(exact != null ? exact : BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  /// The modifier as PostgreSQL's clients see it, in RowDescription and `pg_attribute.atttypmod`.
  public static int typeModifier(ColumnType type) {
    if (type.kind() == Kind.ARRAY) {
      return typeModifier(type.elementType());
    }
    if (!type.hasModifier()) {
      return ColumnType.NO_MODIFIER;
    }
    return switch (type.kind()) {
      case VARCHAR -> type.modifier() + VARCHAR_HEADER;
      case NUMERIC -> type.modifier() + NUMERIC_HEADER;
      default -> type.modifier();
    };
  }

  private static Numbers numbers(Kind kind) {
    Numbers numbers = NUMBERS.get(kind);
    if (numbers == null) {
      throw new IllegalArgumentException(kind + " has no OID of its own");
    }
    return numbers;
  }
}
