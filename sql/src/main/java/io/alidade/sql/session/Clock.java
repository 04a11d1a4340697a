package io.alidade.sql.session;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The time as SQL counts it.
final class Clock {

  private Clock() {}

  /// Microseconds since 1970-01-01 UTC.
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
