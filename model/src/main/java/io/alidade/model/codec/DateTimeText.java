package io.alidade.model.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/// The text forms of `date`, `timestamp` and `timestamptz`: read in the many spellings that
/// PostgreSQL takes, written in its ISO style.
final class DateTimeText {

  static final int DATE_MINUS_INFINITY = Integer.MIN_VALUE;
  static final int DATE_INFINITY = Integer.MAX_VALUE;
  static final long TIMESTAMP_MINUS_INFINITY = Long.MIN_VALUE;
  static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;

  static final long MICROS_PER_SECOND = 1_000_000L;
  static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  /// The days of 4714-11-24 BC, where PostgreSQL's calendar begins, and of 5874897-12-31.
  private static final long FIRST_DAY = -2_440_588L;

  private static final long LAST_DAY = 2_145_042_905L;

  private DateTimeText() {}

  static Integer parseDate(String text) {
    DateTimeScanner fields = DateTimeScanner.scan(text, "date");
    return switch (fields.special()) {
      case NONE -> {
        long day = fields.epochDay();
        if (day < FIRST_DAY || day > LAST_DAY) {
          throw outOfRange("date", text);
        }
        yield (int) day;
      }
      case EPOCH -> 0;
      case INFINITY -> DATE_INFINITY;
      case MINUS_INFINITY -> DATE_MINUS_INFINITY;
    };
  }

  static Long parseTimestamp(String text) {
    DateTimeScanner fields = DateTimeScanner.scan(text, "timestamp");
    return switch (fields.special()) {
      case NONE -> micros(fields, 0, "timestamp", text);
      case EPOCH -> 0L;
      case INFINITY -> TIMESTAMP_INFINITY;
      case MINUS_INFINITY -> TIMESTAMP_MINUS_INFINITY;
    };
  }

  static Long parseTimestampTz(String text, ZoneId sessionZone) {
    DateTimeScanner fields = DateTimeScanner.scan(text, "timestamp with time zone");
    return switch (fields.special()) {
      case NONE -> micros(fields, offsetSeconds(fields, sessionZone, text), "timestamp", text);
      case EPOCH -> 0L;
      case INFINITY -> TIMESTAMP_INFINITY;
      case MINUS_INFINITY -> TIMESTAMP_MINUS_INFINITY;
    };
  }

  private static int offsetSeconds(DateTimeScanner fields, ZoneId sessionZone, String text) {
    ZoneId zone = fields.zone().orElse(sessionZone);
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
    long day = fields.epochDay();
    if (day < FIRST_DAY || day > LAST_DAY) {
      throw outOfRange("timestamp", text);
    }
    LocalDateTime local =
        LocalDateTime.of(LocalDate.ofEpochDay(day), LocalTime.MIN)
            .plusNanos(fields.microOfDay() * 1000);
    return localOffsetSeconds(local, zone);
  }

  /// The offset of a local time. In a gap it is the one before it; where a time occurs twice, the
  /// later.
  private static int localOffsetSeconds(LocalDateTime local, ZoneId zone) {
    return ZonedDateTime.of(local, zone).withLaterOffsetAtOverlap().getOffset().getTotalSeconds()
        - gapSeconds(local, zone);
  }

  private static int gapSeconds(LocalDateTime local, ZoneId zone) {
    var transition = zone.getRules().getTransition(local);
    return transition != null && transition.isGap()
        ? Math.toIntExact(transition.getDuration().toSeconds())
        : 0;
  }

  private static long micros(DateTimeScanner fields, int offset, String type, String text) {
    long day = fields.epochDay();
    if (day < FIRST_DAY || day > LAST_DAY) {
      throw outOfRange(type, text);
    }
    try {
      long local = Math.addExact(Math.multiplyExact(day, MICROS_PER_DAY), fields.microOfDay());
      long micros = Math.subtractExact(local, offset * MICROS_PER_SECOND);
      if (micros < FIRST_DAY * MICROS_PER_DAY || micros == TIMESTAMP_INFINITY) {
        throw outOfRange(type, text);
      }
      return micros;
    } catch (ArithmeticException e) {
      throw outOfRange(type, text);
    }
  }

  private static DatabaseException outOfRange(String type, String text) {
    return new DatabaseException(
        SqlState.DATETIME_FIELD_OVERFLOW,
        type + " out of range: \"" + ValueErrors.quoted(text) + "\"");
  }

  static String formatDate(int day) {
    if (day == DATE_INFINITY) {
      return "infinity";
    }
    if (day == DATE_MINUS_INFINITY) {
      return "-infinity";
    }
    LocalDate date = LocalDate.ofEpochDay(day);
    StringBuilder out = new StringBuilder(16);
    appendDate(out, date);
    return appendEra(out, date).toString();
  }

  static String formatTimestamp(long micros) {
    if (isInfinite(micros)) {
      return infinity(micros);
    }
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
    StringBuilder out = new StringBuilder(32);
    appendDate(out, date);
    appendTime(out, Math.floorMod(micros, MICROS_PER_DAY));
    return appendEra(out, date).toString();
  }

  static String formatTimestampTz(long micros, ZoneId zone) {
    if (isInfinite(micros)) {
      return infinity(micros);
    }
    long second = Math.floorDiv(micros, MICROS_PER_SECOND);
    int offset =
        zone instanceof ZoneOffset fixed
            ? fixed.getTotalSeconds()
            : zone.getRules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    // Seconds first: the sum in microseconds may not fit at the end of the range.
    long localSecond = second + offset;
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(localSecond, 86_400L));
    long microOfDay =
        Math.floorMod(localSecond, 86_400L) * MICROS_PER_SECOND
            + Math.floorMod(micros, MICROS_PER_SECOND);
    StringBuilder out = new StringBuilder(40);
    appendDate(out, date);
    appendTime(out, microOfDay);
    appendOffset(out, offset);
    return appendEra(out, date).toString();
  }

  private static boolean isInfinite(long micros) {
    return micros == TIMESTAMP_INFINITY || micros == TIMESTAMP_MINUS_INFINITY;
  }

  private static String infinity(long micros) {
    return micros == TIMESTAMP_INFINITY ? "infinity" : "-infinity";
  }

  private static void appendDate(StringBuilder out, LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    appendPadded(out, year, 4);
    appendPadded(out.append('-'), date.getMonthValue(), 2);
    appendPadded(out.append('-'), date.getDayOfMonth(), 2);
  }

  private static void appendTime(StringBuilder out, long microOfDay) {
    int second = (int) (microOfDay / MICROS_PER_SECOND);
    appendPadded(out.append(' '), second / 3600, 2);
    appendPadded(out.append(':'), second / 60 % 60, 2);
    appendPadded(out.append(':'), second % 60, 2);
    int fraction = (int) (microOfDay % MICROS_PER_SECOND);
    if (fraction != 0) {
      appendPadded(out.append('.'), fraction, 6);
      while (out.charAt(out.length() - 1) == '0') {
        out.setLength(out.length() - 1);
      }
    }
  }

  private static void appendOffset(StringBuilder out, int offset) {
    int size = Math.abs(offset);
    appendPadded(out.append(offset < 0 ? '-' : '+'), size / 3600, 2);
    if (size % 3600 != 0) {
      appendPadded(out.append(':'), size / 60 % 60, 2);
      if (size % 60 != 0) {
        appendPadded(out.append(':'), size % 60, 2);
      }
    }
  }

  private static StringBuilder appendEra(StringBuilder out, LocalDate date) {
    return date.getYear() > 0 ? out : out.append(" BC");
  }

  private static void appendPadded(StringBuilder out, int value, int width) {
    for (int bound = 10, digits = 1; digits < width; digits++, bound *= 10) {
      if (value < bound) {
        out.append('0');
      }
    }
    out.append(value);
  }
}
