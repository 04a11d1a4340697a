package io.alidade.model;

import java.util.Optional;

/// A log sequence number: the dense 64-bit position of a committed transaction.
///
/// It orders commits, names snapshots and stamps checkpoints. LSN 0 ([#ZERO]) precedes every
/// commit; the first transaction gets 1. Its text is PostgreSQL's `pg_lsn` form.
///
/// @param value the position, never negative
public record Lsn(long value) implements Comparable<Lsn> {

  /// The position before the first transaction.
  public static final Lsn ZERO = new Lsn(0);

  private static final int HALF_DIGITS = 8;

  public Lsn {
    if (value < 0) {
      throw new IllegalArgumentException("LSN " + value + " is negative");
    }
  }

  /// Reads PostgreSQL's form; empty if a text is none.
  public static Optional<Lsn> parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash < 1 || slash > HALF_DIGITS || text.length() - slash - 1 > HALF_DIGITS) {
        return Optional.empty();
      }
      long high = Integer.parseUnsignedInt(text, 0, slash, 16);
      long low = Integer.toUnsignedLong(Integer.parseUnsignedInt(text.substring(slash + 1), 16));
      return high < 0 ? Optional.empty() : Optional.of(new Lsn(high << 32 | low));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// The position of the transaction that follows this one.
  public Lsn next() {
    return new Lsn(value + 1);
  }

  public boolean isAfter(Lsn other) {
    return value > other.value;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compare(value, other.value);
  }

  /// PostgreSQL's form: the upper and lower halves in hexadecimal, such as `0/16B3748`.
  @Override
  public String toString() {
    return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL);
  }
}
