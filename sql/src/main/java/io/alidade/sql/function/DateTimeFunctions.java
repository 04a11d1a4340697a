package io.alidade.sql.function;

import static io.alidade.model.ColumnType.DATE;
import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.NUMERIC;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.model.ColumnType.TIMESTAMP;
import static io.alidade.model.ColumnType.TIMESTAMPTZ;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The clock, and functions of dates and times.
final class DateTimeFunctions {
  private DateTimeFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    clock(builder);
    arithmetic(builder);
    for (String name : List.of("extract", "date_part")) {
      boolean exact = name.equals("extract");
      builder.scalar(
          signature(name, exact ? NUMERIC : FLOAT8, TEXT, DATE),
          Volatility.IMMUTABLE,
          (Implementation.OfTwo)
              (_, field, date) ->
                  part(TimeFields.extractDate((String) field, (Integer) date), exact));
      builder.scalar(
          signature(name, exact ? NUMERIC : FLOAT8, TEXT, TIMESTAMP),
          Volatility.IMMUTABLE,
          (Implementation.OfTwo)
              (_, field, time) ->
                  part(TimeFields.extract((String) field, (Long) time, null), exact));
      builder.scalar(
          signature(name, exact ? NUMERIC : FLOAT8, TEXT, TIMESTAMPTZ),
          Volatility.STABLE,
          (Implementation.OfTwo)
              (context, field, time) ->
                  part(TimeFields.extract((String) field, (Long) time, context.timeZone()), exact));
    }
    builder.two(
        "date_trunc",
        TEXT,
        TIMESTAMP,
        TIMESTAMP,
        (_, field, time) -> TimeFields.truncate((String) field, (Long) time));
    builder.scalar(
        signature("date_trunc", TIMESTAMPTZ, TEXT, TIMESTAMPTZ),
        Volatility.STABLE,
        (Implementation.OfTwo)
            (context, field, time) ->
                truncateZoned((String) field, (Long) time, context.timeZone()));
    zones(builder);
    builder.many(
        signature("make_date", DATE, INT4, INT4, INT4),
        (_, a) -> makeDate((Integer) a[0], (Integer) a[1], (Integer) a[2]));
    builder.one(
        "to_timestamp", FLOAT8, TIMESTAMPTZ, (_, seconds) -> Math.round((Double) seconds * 1e6));
  }

  private static void clock(FunctionRegistry.Builder builder) {
    for (String name : List.of("now", "current_timestamp", "transaction_timestamp")) {
      builder.none(name, TIMESTAMPTZ, Volatility.STABLE, EvaluationContext::transactionTimestamp);
    }
    builder.none(
        "statement_timestamp",
        TIMESTAMPTZ,
        Volatility.STABLE,
        EvaluationContext::statementTimestamp);
    builder.none(
        "clock_timestamp", TIMESTAMPTZ, Volatility.VOLATILE, EvaluationContext::clockTimestamp);
    builder.none("localtimestamp", TIMESTAMP, Volatility.STABLE, DateTimeFunctions::localNow);
    builder.none(
        "current_date",
        DATE,
        Volatility.STABLE,
        context -> TimeConversions.timestampToDate(localNow(context)));
  }

  private static long localNow(EvaluationContext context) {
    return TimeConversions.toLocal(context.transactionTimestamp(), context.timeZone());
  }

  private static void arithmetic(FunctionRegistry.Builder builder) {
    builder.two("+", DATE, INT4, DATE, (_, date, days) -> plus((Integer) date, (Integer) days));
    builder.two("+", INT4, DATE, DATE, (_, days, date) -> plus((Integer) date, (Integer) days));
    builder.two(
        "-", DATE, INT4, DATE, (_, date, days) -> plus((Integer) date, -(long) (Integer) days));
    builder.two("-", DATE, DATE, INT4, (_, left, right) -> minus((Integer) left, (Integer) right));
  }

  private static Integer plus(int date, long days) {
    if (TimeConversions.isInfinite(date)) {
      return date;
    }
    long result = date + days;
    if (result != (int) result) {
      throw new DatabaseException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
    }
    return (int) result;
  }

  private static Integer minus(int left, int right) {
    if (TimeConversions.isInfinite(left) || TimeConversions.isInfinite(right)) {
      throw new DatabaseException(
          SqlState.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
    }
    return left - right;
  }

  private static @Nullable Object part(@Nullable BigDecimal value, boolean exact) {
    return value == null || exact ? value : (Object) value.doubleValue();
  }

  private static Object truncateZoned(String field, long instant, ZoneId zone) {
    return TimeConversions.toInstant(
        TimeFields.truncate(field, TimeConversions.toLocal(instant, zone)), zone);
  }

  private static void zones(FunctionRegistry.Builder builder) {
    builder.two(
        "timezone",
        TEXT,
        TIMESTAMP,
        TIMESTAMPTZ,
        (_, zone, time) -> TimeConversions.toInstant((Long) time, zone((String) zone)));
    builder.two(
        "timezone",
        TEXT,
        TIMESTAMPTZ,
        TIMESTAMP,
        (_, zone, time) -> TimeConversions.toLocal((Long) time, zone((String) zone)));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name, ZoneId.SHORT_IDS);
    } catch (DateTimeException e) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized", e);
    }
  }

  private static Object makeDate(int year, int month, int day) {
    try {
      return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
    } catch (DateTimeException e) {
      throw new DatabaseException(
          SqlState.DATETIME_FIELD_OVERFLOW,
          "date field value out of range: " + year + "-" + month + "-" + day,
          e);
    }
  }
}
