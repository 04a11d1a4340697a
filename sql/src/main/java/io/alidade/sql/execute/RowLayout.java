package io.alidade.sql.execute;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.search.SegmentView;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.plan.ScannedTable;
import io.alidade.storage.table.RowReference;
import org.jspecify.annotations.Nullable;

/// How a scan's rows are made of a segment's columns.
final class RowLayout {
  private static final int ORDINAL_BITS = 32;

  private final int width;
  private final int[] read;
  private final boolean showsReference;

  /// @param extra how many columns the scan adds at the end
  RowLayout(ScannedTable table, int extra) {
    this.width = table.columns().size() + extra;
    this.read = table.read().stream().mapToInt(Integer::intValue).toArray();
    this.showsReference = table.references() == RowReferences.SHOWN;
  }

  int[] read() {
    return read;
  }

  /// Reads the rows of one segment.
  Reader reader(SegmentView segment, int segmentIndex, int tableWidth) {
    ColumnReader[] columns = new ColumnReader[read.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = segment.column(read[i]);
    }
    return ordinal -> {
      @Nullable Object[] row = new @Nullable Object[width];
      for (int i = 0; i < columns.length; i++) {
        row[read[i]] = columns[i].get(ordinal);
      }
      if (showsReference) {
        row[tableWidth] = reference(segmentIndex, ordinal);
      }
      return row;
    };
  }

  /// Makes rows of ordinals.
  interface Reader {
    @Nullable Object[] row(int ordinal);
  }

  static long reference(int segment, int ordinal) {
    return (long) segment << ORDINAL_BITS | ordinal;
  }

  static RowReference reference(long packed) {
    return new RowReference((int) (packed >> ORDINAL_BITS), (int) packed);
  }
}
