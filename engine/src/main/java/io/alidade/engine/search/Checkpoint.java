package io.alidade.engine.search;

/// A point that long work passes again and again, where a statement can be ended. Several threads
/// that work for the statement may pass at the same time.
@FunctionalInterface
public interface Checkpoint {
  /// Lets everything pass.
  Checkpoint NONE = () -> {};

  /// Long work passes at least once in this many rows.
  int ROWS_BETWEEN = 1024;

  /// Returns, or throws what ends the statement (cancelled, timed out).
  void pass();
}
