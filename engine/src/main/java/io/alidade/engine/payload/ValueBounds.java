package io.alidade.engine.payload;

import java.util.Optional;

/// What is known of all values of a column of a segment, visible or not.
///
/// @param extremes the least and the greatest value; empty if there is none but NULL
/// @param nulls which of the values are NULL
public record ValueBounds(Optional<Extremes> extremes, Nulls nulls) {

  /// The least and the greatest value in the order of [ValueOrder]. What lies between need not be
  /// there, nor need they.
  public record Extremes(Object least, Object greatest) {}

  /// Which values are NULL.
  public enum Nulls {
    NONE,
    SOME,
    ALL
  }
}
