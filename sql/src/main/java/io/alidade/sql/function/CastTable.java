package io.alidade.sql.function;

import static io.alidade.sql.function.Conversion.Context.ASSIGNMENT;
import static io.alidade.sql.function.Conversion.Context.EXPLICIT;
import static io.alidade.sql.function.Conversion.Context.IMPLICIT;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.codec.TextCodec;
import io.alidade.sql.function.Conversion.Context;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The conversions between two kinds that are more than their text forms.
final class CastTable {
  private final Map<Pair, Conversion> conversions = new HashMap<>();

  private CastTable() {}

  /// From and to.
  record Pair(Kind from, Kind to) {}

  static Map<Pair, Conversion> conversions() {
    CastTable table = new CastTable();
    table.integers();
    table.fractions();
    table.oids();
    table.strings();
    table.booleans();
    table.times();
    table.vectors();
    JsonFunctions.casts().forEach((to, body) -> table.add(Kind.JSONB, to, EXPLICIT, body));
    return Map.copyOf(table.conversions);
  }

  private void add(Kind from, Kind to, Context context, Implementation.OfOne body) {
    add(from, to, context, Volatility.IMMUTABLE, body);
  }

  private void add(
      Kind from, Kind to, Context context, Volatility volatility, Implementation.OfOne body) {
    ScalarOperator operator =
        CastRegistry.operator(ColumnType.of(from), ColumnType.of(to), volatility, body);
    put(from, to, new Conversion(context, Optional.of(operator)));
  }

  private void same(Kind from, Kind to, Context context) {
    put(from, to, new Conversion(context, Optional.empty()));
  }

  private void put(Kind from, Kind to, Conversion conversion) {
    if (conversions.put(new Pair(from, to), conversion) != null) {
      throw new IllegalStateException("two casts from " + from + " to " + to);
    }
  }

  private void integers() {
    for (Kind from : List.of(Kind.INT2, Kind.INT4, Kind.INT8)) {
      if (from != Kind.INT2) {
        add(from, Kind.INT2, ASSIGNMENT, (_, v) -> NumberConversions.toInt2(longOf(v)));
      }
      if (from != Kind.INT4) {
        Context context = from == Kind.INT2 ? IMPLICIT : ASSIGNMENT;
        add(from, Kind.INT4, context, (_, v) -> NumberConversions.toInt4(longOf(v)));
      }
      if (from != Kind.INT8) {
        add(from, Kind.INT8, IMPLICIT, (_, v) -> longOf(v));
      }
      add(from, Kind.FLOAT4, IMPLICIT, (_, v) -> (float) longOf(v));
      add(from, Kind.FLOAT8, IMPLICIT, (_, v) -> (double) longOf(v));
      add(from, Kind.NUMERIC, IMPLICIT, (_, v) -> BigDecimal.valueOf(longOf(v)));
    }
  }

  private void fractions() {
    add(Kind.NUMERIC, Kind.INT2, ASSIGNMENT, (_, v) -> NumberConversions.numericToInt2(decimal(v)));
    add(Kind.NUMERIC, Kind.INT4, ASSIGNMENT, (_, v) -> NumberConversions.numericToInt4(decimal(v)));
    add(Kind.NUMERIC, Kind.INT8, ASSIGNMENT, (_, v) -> NumberConversions.numericToInt8(decimal(v)));
    add(
        Kind.NUMERIC,
        Kind.FLOAT4,
        IMPLICIT,
        (_, v) -> NumberConversions.numericToFloat4(decimal(v)));
    add(
        Kind.NUMERIC,
        Kind.FLOAT8,
        IMPLICIT,
        (_, v) -> NumberConversions.numericToFloat8(decimal(v)));
    for (Kind from : List.of(Kind.FLOAT4, Kind.FLOAT8)) {
      add(from, Kind.INT2, ASSIGNMENT, (_, v) -> NumberConversions.floatToInt2(doubleOf(v)));
      add(from, Kind.INT4, ASSIGNMENT, (_, v) -> NumberConversions.floatToInt4(doubleOf(v)));
      add(from, Kind.INT8, ASSIGNMENT, (_, v) -> NumberConversions.floatToInt8(doubleOf(v)));
    }
    add(Kind.FLOAT4, Kind.FLOAT8, IMPLICIT, (_, v) -> doubleOf(v));
    add(
        Kind.FLOAT8,
        Kind.FLOAT4,
        ASSIGNMENT,
        (_, v) -> NumberConversions.float8ToFloat4(doubleOf(v)));
    add(
        Kind.FLOAT4,
        Kind.NUMERIC,
        ASSIGNMENT,
        (_, v) -> NumberConversions.float4ToNumeric((Float) v));
    add(
        Kind.FLOAT8,
        Kind.NUMERIC,
        ASSIGNMENT,
        (_, v) -> NumberConversions.float8ToNumeric(doubleOf(v)));
  }

  private void oids() {
    List<Kind> names = List.of(Kind.REGPROC, Kind.REGCLASS, Kind.REGTYPE);
    for (Kind to : List.of(Kind.OID, Kind.REGPROC, Kind.REGCLASS, Kind.REGTYPE)) {
      add(Kind.INT2, to, IMPLICIT, (_, v) -> longOf(v) & 0xFFFF_FFFFL);
      add(Kind.INT4, to, IMPLICIT, (_, v) -> longOf(v) & 0xFFFF_FFFFL);
      add(Kind.INT8, to, IMPLICIT, (_, v) -> NumberConversions.toOid(longOf(v)));
      same(to, Kind.INT8, ASSIGNMENT);
      add(to, Kind.INT4, ASSIGNMENT, (_, v) -> (int) longOf(v));
    }
    for (Kind name : names) {
      same(name, Kind.OID, IMPLICIT);
      same(Kind.OID, name, IMPLICIT);
    }
    for (Kind from : List.of(Kind.TEXT, Kind.VARCHAR)) {
      add(
          from,
          Kind.REGCLASS,
          IMPLICIT,
          Volatility.STABLE,
          (context, v) -> ValueTexts.parse((String) v, ColumnType.REGCLASS, context));
    }
  }

  private void strings() {
    same(Kind.TEXT, Kind.VARCHAR, IMPLICIT);
    same(Kind.VARCHAR, Kind.TEXT, IMPLICIT);
    same(Kind.NAME, Kind.TEXT, IMPLICIT);
    same(Kind.NAME, Kind.VARCHAR, ASSIGNMENT);
    same(Kind.CHAR, Kind.TEXT, IMPLICIT);
    same(Kind.CHAR, Kind.VARCHAR, ASSIGNMENT);
    for (Kind from : List.of(Kind.TEXT, Kind.VARCHAR)) {
      add(from, Kind.NAME, IMPLICIT, (_, v) -> TextCodec.truncateName((String) v));
      add(
          from,
          Kind.CHAR,
          ASSIGNMENT,
          (context, v) -> ValueTexts.parse((String) v, ColumnType.CHAR, context));
    }
  }

  private void booleans() {
    add(Kind.INT4, Kind.BOOL, EXPLICIT, (_, v) -> longOf(v) != 0);
    add(Kind.BOOL, Kind.INT4, EXPLICIT, (_, v) -> (Boolean) v ? 1 : 0);
    add(Kind.BOOL, Kind.TEXT, ASSIGNMENT, (_, v) -> v.toString());
    add(Kind.BOOL, Kind.VARCHAR, ASSIGNMENT, (_, v) -> v.toString());
  }

  private void times() {
    add(
        Kind.DATE,
        Kind.TIMESTAMP,
        IMPLICIT,
        (_, v) -> TimeConversions.dateToTimestamp((Integer) v));
    add(
        Kind.DATE,
        Kind.TIMESTAMPTZ,
        IMPLICIT,
        Volatility.STABLE,
        (context, v) ->
            TimeConversions.toInstant(
                TimeConversions.dateToTimestamp((Integer) v), context.timeZone()));
    add(
        Kind.TIMESTAMP,
        Kind.DATE,
        ASSIGNMENT,
        (_, v) -> TimeConversions.timestampToDate(longOf(v)));
    add(
        Kind.TIMESTAMPTZ,
        Kind.DATE,
        ASSIGNMENT,
        Volatility.STABLE,
        (context, v) ->
            TimeConversions.timestampToDate(
                TimeConversions.toLocal(longOf(v), context.timeZone())));
    add(
        Kind.TIMESTAMP,
        Kind.TIMESTAMPTZ,
        IMPLICIT,
        Volatility.STABLE,
        (context, v) -> TimeConversions.toInstant(longOf(v), context.timeZone()));
    add(
        Kind.TIMESTAMPTZ,
        Kind.TIMESTAMP,
        ASSIGNMENT,
        Volatility.STABLE,
        (context, v) -> TimeConversions.toLocal(longOf(v), context.timeZone()));
  }

  private void vectors() {
    same(Kind.HALFVEC, Kind.VECTOR, ASSIGNMENT);
    add(Kind.VECTOR, Kind.HALFVEC, IMPLICIT, (_, v) -> VectorFunctions.halves((float[]) v));
    same(Kind.BIT, Kind.VARBIT, IMPLICIT);
    same(Kind.VARBIT, Kind.BIT, IMPLICIT);
    add(Kind.BIT, Kind.INT4, EXPLICIT, (_, v) -> BitFunctions.toInt4((BitString) v));
    add(Kind.BIT, Kind.INT8, EXPLICIT, (_, v) -> BitFunctions.toInt8((BitString) v));
  }

  private static long longOf(Object value) {
    return ((Number) value).longValue();
  }

  private static double doubleOf(Object value) {
    return ((Number) value).doubleValue();
  }

  private static BigDecimal decimal(Object value) {
    return (BigDecimal) value;
  }
}
