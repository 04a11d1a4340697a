package io.alidade.engine.payload;

import io.alidade.model.ColumnType;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The values of one column of a segment, read by ordinal.
///
/// Thread-safety: any number of readers, for ordinals below the size of the view that gave it out.
public interface ColumnReader {
  /// The type of every value.
  ColumnType type();

  /// Whether the value is SQL NULL.
  boolean isNull(int ordinal);

  /// The value of a bool (0 or 1), integer, oid, date or timestamp column; unspecified for NULL.
  /// Other types throw `UnsupportedOperationException`.
  long getLong(int ordinal);

  /// The value of a float4 or float8 column; unspecified for NULL. Other types throw
  /// `UnsupportedOperationException`.
  double getDouble(int ordinal);

  /// The canonical value of any type (see `io.alidade.model`), or null for SQL NULL.
  @Nullable Object get(int ordinal);

  /// Whether the value at an ordinal equals a value, found without decoding it; false for NULL.
  /// Empty if the column's values have no codes.
  default Optional<IntPredicate> equalTo(Object value) {
    return Optional.empty();
  }
}
