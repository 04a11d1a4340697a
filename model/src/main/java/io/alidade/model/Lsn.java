package io.alidade.model;

/// A log sequence number: the dense 64-bit position of a committed transaction.
///
/// It orders commits, names snapshots and stamps checkpoints. LSN 0 ([#ZERO]) precedes every
/// commit; the first transaction gets 1. Its text is PostgreSQL's `pg_lsn` form.
///
/// @param value the position, never negative
public record Lsn(long value) implements Comparable<Lsn> {

  /// The position before the first transaction.
  public static final Lsn ZERO = new Lsn(0);

  public Lsn {
    if (value < 0) {
      throw new IllegalArgumentException("LSN " + value + " is negative");
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
