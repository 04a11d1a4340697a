package io.alidade.storage.table;

import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.IntLongHashMap;
import com.carrotsearch.hppc.LongHashSet;
import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.LongObjectHashMap;
import com.carrotsearch.hppc.cursors.IntCursor;
import com.carrotsearch.hppc.cursors.IntLongCursor;
import com.carrotsearch.hppc.cursors.LongObjectCursor;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one transaction did to one table: its own rows, and the rows of others that it deleted.
///
/// Times in it are numbers of the transaction's statements. For one thread.
public final class Overlay {
  /// The identity of every segment of own rows; shared segments have others.
  public static final long OWN_SEGMENT = -1;

  private final TableStore store;
  private final LongObjectHashMap<HiddenRows> hidden = new LongObjectHashMap<>();
  private final LongHashSet hiddenRowIds = new LongHashSet();
  private @Nullable MutableSegment rows;
  private int loggedRows;
  private int steps;

  /// Rows of one shared segment that the transaction has deleted, by ordinal.
  private static final class HiddenRows {
    final IntLongHashMap statements = new IntLongHashMap();
    final IntLongHashMap rowIds = new IntLongHashMap();

    /// The ordinals by row id; only of a segment that others were merged into.
    @Nullable LongIntHashMap ordinals;

    /// The ordinals that [#followMerges] has not seen yet.
    final IntArrayList added = new IntArrayList();

    void add(int ordinal, long rowId, long statement) {
      statements.put(ordinal, statement);
      rowIds.put(ordinal, rowId);
      if (ordinals != null) {
        ordinals.put(rowId, ordinal);
      }
      added.add(ordinal);
    }

    void remove(int ordinal) {
      statements.remove(ordinal);
      rowIds.remove(ordinal);
    }

    void removeMerged(long rowId) {
      if (ordinals != null && ordinals.containsKey(rowId)) {
        remove(ordinals.remove(rowId));
      }
    }

    /// Begins to know where a row is.
    HiddenRows byRow() {
      if (ordinals == null) {
        ordinals = new LongIntHashMap();
        for (IntLongCursor row : rowIds) {
          ordinals.put(row.value, row.key);
        }
      }
      return this;
    }
  }

  public Overlay(TableStore store) {
    this.store = store;
  }

  /// The table whose contents it changes.
  public TableStore store() {
    return store;
  }

  /// Its own rows, if there were any.
  public Optional<MutableSegment> rows() {
    return Optional.ofNullable(rows);
  }

  /// Its own rows, to add to.
  ///
  /// @param definition the table as the transaction sees it, with the indexes to keep
  public MutableSegment writableRows(TableDefinition definition) {
    if (rows == null) {
      rows = MutableSegment.create(OWN_SEGMENT, definition, MutableSegment.Indexes.ORDERED_ONLY);
    }
    return rows;
  }

  /// Hides a row version of a shared segment.
  ///
  /// @param statement the number of the statement that deletes it
  public void hide(long segmentId, int ordinal, long rowId, long statement) {
    hiddenIn(segmentId).add(ordinal, rowId, statement);
    hiddenRowIds.add(rowId);
  }

  private HiddenRows hiddenIn(long segmentId) {
    HiddenRows rowsOfSegment = hidden.get(segmentId);
    if (rowsOfSegment == null) {
      rowsOfSegment = new HiddenRows();
      hidden.put(segmentId, rowsOfSegment);
    }
    return rowsOfSegment;
  }

  /// Takes [#hide] back.
  public void unhide(long segmentId, int ordinal, long rowId) {
    hiddenIn(segmentId).remove(ordinal);
    for (LongObjectCursor<HiddenRows> segment : hidden) {
      segment.value.removeMerged(rowId);
    }
    hiddenRowIds.remove(rowId);
  }

  /// Whether the version of a row that a shared segment has is hidden.
  public boolean isHidden(long rowId) {
    return hiddenRowIds.contains(rowId);
  }

  @Nullable IntLongHashMap hiddenOf(long segmentId) {
    HiddenRows ordinals = hidden.get(segmentId);
    return ordinals == null || ordinals.statements.isEmpty() ? null : ordinals.statements;
  }

  /// Hides what was hidden in segments that are gone in those that they were merged into, too. The
  /// transaction holds the locks of these rows: their versions there are the ones it has seen.
  ///
  /// @param now the table's segments, held
  void followMerges(List<Segment> now) {
    if (hiddenRowIds.isEmpty()) {
      return;
    }
    for (long gone : hidden.keys().toArray()) {
      HiddenRows before = hidden.get(gone);
      if (!before.added.isEmpty() && now.stream().noneMatch(segment -> segment.id() == gone)) {
        for (IntCursor row : before.added) {
          if (before.rowIds.containsKey(row.value)) { // It may have been taken back.
            follow(now, before.rowIds.get(row.value), before.statements.get(row.value));
          }
        }
        before.added.clear();
      }
    }
  }

  private void follow(List<Segment> now, long rowId, long statement) {
    for (Segment segment : now) {
      int ordinal =
          segment instanceof SealedSegment sealed ? sealed.findLive(rowId) : Segment.NO_ORDINAL;
      if (ordinal != Segment.NO_ORDINAL) {
        hiddenIn(segment.id()).byRow().add(ordinal, rowId, statement);
        return;
      }
    }
  }

  /// Whether anything is to be done to the table.
  public boolean isEmpty() {
    return hiddenRowIds.isEmpty() && (rows == null || rows.size() == 0);
  }

  /// Counts what was done to it, and is not undone.
  public void steps(int more) {
    steps += more;
  }

  /// Whether all that was done to it is undone.
  public boolean isUndone() {
    return steps == 0;
  }

  /// How many of its own rows are in the log already.
  public int loggedRows() {
    return loggedRows;
  }

  public void loggedRows(int count) {
    loggedRows = count;
  }

  /// Lets go of its own rows' memory, once no view has them.
  public void close() {
    if (rows != null) {
      rows.release();
      rows = null;
    }
  }
}
