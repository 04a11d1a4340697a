package io.alidade.storage.table;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.model.Lsn;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one statement sees of a table: the row versions of its snapshot, and what its own
/// transaction did before the statement began.
///
/// It does not change while it is open, whatever the own transaction or others write. It keeps the
/// memory of its segments alive, so whoever takes one closes it, and touches neither segments nor
/// their columns afterwards. Thread-safety: any number of readers; close once they are done.
public interface TableView extends AutoCloseable {

  /// The table as the transaction saw it when the view was taken.
  TableDefinition definition();

  /// The commit whose effects, and those of all commits before, are seen.
  Lsn snapshot();

  /// The segments, the transaction's own rows being the last one if there are any.
  List<SegmentView> segments();

  /// The segments as a search for nearest rows is to read them: an ordinal found there stands for a
  /// vector, and [#row] tells which row version has it.
  List<SegmentView> vectorSegments();

  /// The row version that an ordinal of [#vectorSegments] stands for.
  RowReference found(int segment, int ordinal);

  /// The values of a row, all columns in the table's order.
  @Nullable Object[] row(RowReference row);

  /// The values of some columns of a row, in the order asked for.
  @Nullable Object[] row(RowReference row, int[] columns);

  /// A visible row with a key of an ordered index, by all of its columns; of a unique index there
  /// is at most one. A key with a null is never found.
  Optional<RowReference> lookup(IndexDefinition index, List<@Nullable Object> key);

  /// The visible rows with these values in some columns, read through an ordered index that begins
  /// with the columns if there is one, else one by one.
  ///
  /// @param values one a column; with a null among them nothing is found
  /// @param limit how many are wanted at most
  /// @param cancel passed now and then
  List<RowReference> matching(
      List<Integer> columns, List<@Nullable Object> values, int limit, Checkpoint cancel);

  /// About how many rows are visible.
  long estimatedRows();

  @Override
  void close();
}
