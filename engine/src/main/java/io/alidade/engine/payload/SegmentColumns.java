package io.alidade.engine.payload;

import java.util.List;
import java.util.Optional;

/// The columns of one segment and the ordered indexes over them.
public interface SegmentColumns {
  /// The published ordinals: 0 up to this.
  int size();

  /// The values of the column with this index in its table.
  ColumnReader column(int columnIndex);

  /// The ordered indexes of the segment. Each holds every ordinal below [#size]; it may hold later
  /// ones too, which readers must leave out.
  List<OrderedIndex> orderedIndexes();

  /// The bounds of a column's values at all ordinals below [#size]; empty if they are not known.
  default Optional<ValueBounds> bounds(int columnIndex) {
    return Optional.empty();
  }
}
