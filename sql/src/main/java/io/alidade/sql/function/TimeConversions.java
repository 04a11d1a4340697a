package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Conversions among `date`, `timestamp` and `timestamptz`.
final class TimeConversions {
  static final long MICROS_PER_SECOND = 1_000_000;
  static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
  private static final int NANOS_PER_MICRO = 1_000;

  private TimeConversions() {}

  static boolean isInfinite(long micros) {
    return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE;
  }

  static boolean isInfinite(int days) {
    return days == Integer.MIN_VALUE || days == Integer.MAX_VALUE;
  }

  static long dateToTimestamp(int days) {
    if (isInfinite(days)) {
      return days < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    try {
      return Math.multiplyExact(days, MICROS_PER_DAY);
    } catch (ArithmeticException e) {
      throw new DatabaseException(
          SqlState.DATETIME_FIELD_OVERFLOW, "date out of range for timestamp", e);
    }
  }

  static int timestampToDate(long micros) {
    if (isInfinite(micros)) {
      return micros < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return Math.toIntExact(Math.floorDiv(micros, MICROS_PER_DAY));
  }

  /// The wall clock's time in a zone as an instant.
  static long toInstant(long timestamp, ZoneId zone) {
    if (isInfinite(timestamp)) {
      return timestamp;
    }
    return micros(localDateTime(timestamp).atZone(zone).toInstant());
  }

  /// What a zone's clocks show at an instant.
  static long toLocal(long instant, ZoneId zone) {
    if (isInfinite(instant)) {
      return instant;
    }
    long seconds = Math.floorDiv(instant, MICROS_PER_SECOND);
    ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochSecond(seconds));
    return instant + offset.getTotalSeconds() * MICROS_PER_SECOND;
  }

  static LocalDateTime localDateTime(long timestamp) {
    long seconds = Math.floorDiv(timestamp, MICROS_PER_SECOND);
    int nanos = (int) Math.floorMod(timestamp, MICROS_PER_SECOND) * NANOS_PER_MICRO;
    return LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
  }

  static long micros(LocalDateTime time) {
    return micros(time.toInstant(ZoneOffset.UTC));
  }

  static long micros(Instant instant) {
    return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO;
  }
}
