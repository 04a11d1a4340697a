package io.alidade.sql.catalog;

import io.alidade.model.ColumnType.Kind;
import java.util.Map;
import java.util.Optional;

/// The OIDs of the functions that catalogs refer to: PostgreSQL's input functions of the types.
final class SystemFunctions {

  static final long ARRAY_IN = 750;

  private static final long VECTOR_IN = 16_390;
  private static final long HALFVEC_IN = 16_391;

  private static final Map<String, Long> BY_NAME =
      Map.ofEntries(
          Map.entry("array_in", ARRAY_IN),
          Map.entry("boolin", 1242L),
          Map.entry("byteain", 1244L),
          Map.entry("charin", 1245L),
          Map.entry("namein", 34L),
          Map.entry("int8in", 460L),
          Map.entry("int2in", 38L),
          Map.entry("int4in", 42L),
          Map.entry("textin", 46L),
          Map.entry("oidin", 1798L),
          Map.entry("float4in", 200L),
          Map.entry("float8in", 214L),
          Map.entry("numeric_in", 1701L),
          Map.entry("varcharin", 1046L),
          Map.entry("uuid_in", 2952L),
          Map.entry("date_in", 1084L),
          Map.entry("timestamp_in", 1312L),
          Map.entry("timestamptz_in", 1150L),
          Map.entry("jsonb_in", 3806L),
          Map.entry("regprocin", 44L),
          Map.entry("regclassin", 2218L),
          Map.entry("regtypein", 2220L),
          Map.entry("bit_in", 1564L),
          Map.entry("varbit_in", 1579L),
          Map.entry("vector_in", VECTOR_IN),
          Map.entry("halfvec_in", HALFVEC_IN));

  private SystemFunctions() {}

  /// The input function of a kind.
  static long inputOf(Kind kind) {
    return find(inputName(kind)).orElseThrow();
  }

  private static String inputName(Kind kind) {
    return switch (kind) {
      case ARRAY -> "array_in";
      case NUMERIC, UUID, DATE, TIMESTAMP, TIMESTAMPTZ, JSONB, VECTOR, HALFVEC, BIT, VARBIT ->
          kind.typeName() + "_in";
      case BOOL,
          INT2,
          INT4,
          INT8,
          FLOAT4,
          FLOAT8,
          TEXT,
          VARCHAR,
          NAME,
          CHAR,
          BYTEA,
          OID,
          REGPROC,
          REGCLASS,
          REGTYPE ->
          kind.typeName() + "in";
    };
  }

  static Optional<Long> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static Optional<String> name(long oid) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> entry.getValue() == oid)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
