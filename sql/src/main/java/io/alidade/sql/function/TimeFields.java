package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of dates and times: reading one, and cutting off those below one.
final class TimeFields {
  private static final Set<String> TIME_OF_DAY =
      Set.of("hour", "minute", "second", "milliseconds", "microseconds");

  private TimeFields() {}

  /// A field of a date, which has no time of day.
  static @Nullable BigDecimal extractDate(String field, int date) {
    String name = name(field);
    if (TIME_OF_DAY.contains(name) || name.startsWith("timezone")) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "unit \"" + name + "\" not supported for type date");
    }
    BigDecimal value = extract(field, TimeConversions.dateToTimestamp(date), null);
    return value == null ? null : value.setScale(0, java.math.RoundingMode.DOWN);
  }

  /// A field of a time.
  ///
  /// @param zone where `time` is an instant, else null
  static @Nullable BigDecimal extract(String field, long time, @Nullable ZoneId zone) {
    String name = name(field);
    if (TimeConversions.isInfinite(time)) {
      return null;
    }
    if (name.equals("epoch")) {
      return BigDecimal.valueOf(time, 6);
    }
    LocalDateTime local =
        TimeConversions.localDateTime(zone == null ? time : TimeConversions.toLocal(time, zone));
    if (zone != null && name.startsWith("timezone")) {
      return zoneField(name, time, zone);
    }
    return switch (name) {
      case "second" -> BigDecimal.valueOf(microsOfMinute(local), 6);
      case "milliseconds" -> BigDecimal.valueOf(microsOfMinute(local), 3);
      case "microseconds" -> BigDecimal.valueOf(microsOfMinute(local));
      default -> BigDecimal.valueOf(whole(name, local, field, zone != null));
    };
  }

  private static long microsOfMinute(LocalDateTime time) {
    return time.getSecond() * TimeConversions.MICROS_PER_SECOND + time.getNano() / 1000;
  }

  private static BigDecimal zoneField(String name, long instant, ZoneId zone) {
    int seconds =
        zone.getRules()
            .getOffset(
                Instant.ofEpochSecond(Math.floorDiv(instant, TimeConversions.MICROS_PER_SECOND)))
            .getTotalSeconds();
    return switch (name) {
      case "timezone_hour" -> BigDecimal.valueOf(seconds / 3600);
      case "timezone_minute" -> BigDecimal.valueOf(seconds / 60 % 60);
      default -> BigDecimal.valueOf(seconds);
    };
  }

  private static long whole(String name, LocalDateTime time, String field, boolean zoned) {
    int year = time.getYear();
    return switch (name) {
      case "year" -> year > 0 ? year : year - 1;
      case "isoyear" -> time.get(IsoFields.WEEK_BASED_YEAR);
      case "month" -> time.getMonthValue();
      case "day" -> time.getDayOfMonth();
      case "hour" -> time.getHour();
      case "minute" -> time.getMinute();
      case "dow" -> time.getDayOfWeek().getValue() % 7;
      case "isodow" -> time.getDayOfWeek().getValue();
      case "doy" -> time.getDayOfYear();
      case "week" -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case "quarter" -> time.get(IsoFields.QUARTER_OF_YEAR);
      case "decade" -> Math.floorDiv(year, 10);
      case "century" -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
      case "millennium" -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
      default -> throw unknown(field, zoned);
    };
  }

  private static DatabaseException unknown(String field, boolean zoned) {
    return new DatabaseException(
        SqlState.INVALID_PARAMETER_VALUE,
        "unit \""
            + field.toLowerCase(Locale.ROOT)
            + "\" not recognized for type timestamp "
            + (zoned ? "with" : "without")
            + " time zone");
  }

  /// A field's name, plurals and short forms made one.
  private static String name(String field) {
    String lower = field.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "years", "y", "yr", "yrs" -> "year";
      case "months", "mon", "mons" -> "month";
      case "days", "d" -> "day";
      case "hours", "h", "hr", "hrs" -> "hour";
      case "minutes", "m", "min", "mins" -> "minute";
      case "seconds", "s", "sec", "secs" -> "second";
      case "millisecond", "ms", "msec", "msecs" -> "milliseconds";
      case "microsecond", "us", "usec", "usecs" -> "microseconds";
      case "weeks", "w" -> "week";
      case "quarters", "qtr" -> "quarter";
      case "decades", "dec", "decs" -> "decade";
      case "centuries", "c", "cent" -> "century";
      case "millenniums", "millennia", "mil", "mils" -> "millennium";
      default -> lower;
    };
  }

  /// The time with all fields below one cut off.
  static long truncate(String field, long timestamp) {
    if (TimeConversions.isInfinite(timestamp)) {
      return timestamp;
    }
    LocalDateTime time = TimeConversions.localDateTime(timestamp);
    LocalDate date = time.toLocalDate();
    return switch (name(field)) {
      case "microseconds" -> timestamp;
      case "milliseconds" -> Math.floorDiv(timestamp, 1000L) * 1000;
      case "second" -> TimeConversions.micros(time.truncatedTo(ChronoUnit.SECONDS));
      case "minute" -> TimeConversions.micros(time.truncatedTo(ChronoUnit.MINUTES));
      case "hour" -> TimeConversions.micros(time.truncatedTo(ChronoUnit.HOURS));
      case "day" -> start(date);
      case "week" -> start(date.with(TemporalAdjusters.previousOrSame(java.time.DayOfWeek.MONDAY)));
      case "month" -> start(date.withDayOfMonth(1));
      case "quarter" -> start(date.with(date.getMonth().firstMonthOfQuarter()).withDayOfMonth(1));
      case "year" -> start(date.withDayOfYear(1));
      case "decade" -> start(LocalDate.of(Math.floorDiv(date.getYear(), 10) * 10, 1, 1));
      case "century" -> start(LocalDate.of(Math.floorDiv(date.getYear() - 1, 100) * 100 + 1, 1, 1));
      case "millennium" ->
          start(LocalDate.of(Math.floorDiv(date.getYear() - 1, 1000) * 1000 + 1, 1, 1));
      default -> throw unknown(field, false);
    };
  }

  private static long start(LocalDate date) {
    return TimeConversions.micros(date.atStartOfDay());
  }
}
