package io.alidade.sql.execute.row;

/// Something that can be read from its start any number of times.
@FunctionalInterface
public interface RowSource {
  /// Starts reading.
  RowCursor open();
}
