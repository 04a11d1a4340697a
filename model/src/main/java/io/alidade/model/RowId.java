package io.alidade.model;

/// The hidden identity of a row: stable across its versions, across merges and in the log.
///
/// Unique within a table and never reused. Not to be confused with the primary key, which users
/// see.
///
/// @param value the identity, positive
public record RowId(long value) implements Comparable<RowId> {
  public RowId {
    if (value <= 0) {
      throw new IllegalArgumentException("row id " + value + " is not positive");
    }
  }

  @Override
  public int compareTo(RowId other) {
    return Long.compare(value, other.value);
  }
}
