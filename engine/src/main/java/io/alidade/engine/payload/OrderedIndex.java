package io.alidade.engine.payload;

import java.util.List;
import java.util.PrimitiveIterator;

/// The ordinals of a segment in the order of one or more columns: ascending, NULLs last, equal keys
/// by ordinal.
///
/// Holds every row version, visible or not. Thread-safety: any number of readers.
public interface OrderedIndex {
  /// Which way to read.
  enum Direction {
    ASCENDING,
    DESCENDING
  }

  /// The indexed columns, most significant first, as indexes into the table's columns.
  List<Integer> columns();

  /// The ordinals whose keys are in the range, in key order or its reverse. Of an index that takes
  /// writes the iterator may or may not see what is added after this call.
  PrimitiveIterator.OfInt range(KeyRange range, Direction direction);

  /// How many ordinals the range holds; `limit` if there are as many, or so many that counting them
  /// all would be dear.
  int count(KeyRange range, int limit);
}
