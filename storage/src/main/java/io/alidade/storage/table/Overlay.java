package io.alidade.storage.table;

import com.carrotsearch.hppc.IntLongHashMap;
import com.carrotsearch.hppc.LongObjectHashMap;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.segment.MutableSegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one transaction did to one table: its own rows, and the rows of others that it deleted.
///
/// Times in it are numbers of the transaction's statements. For one thread.
public final class Overlay {
  /// The identity of every segment of own rows; shared segments have others.
  public static final long OWN_SEGMENT = -1;

  private final TableStore store;
  private final LongObjectHashMap<IntLongHashMap> hidden = new LongObjectHashMap<>();
  private @Nullable MutableSegment rows;
  private long hiddenRows;
  private int loggedRows;

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
  public void hide(long segmentId, int ordinal, long statement) {
    IntLongHashMap ordinals = hidden.get(segmentId);
    if (ordinals == null) {
      ordinals = new IntLongHashMap();
      hidden.put(segmentId, ordinals);
    }
    ordinals.put(ordinal, statement);
    hiddenRows++;
  }

  /// Takes [#hide] back.
  public void unhide(long segmentId, int ordinal) {
    IntLongHashMap ordinals = hidden.get(segmentId);
    if (ordinals != null) {
      ordinals.remove(ordinal);
      hiddenRows--;
    }
  }

  public boolean isHidden(long segmentId, int ordinal) {
    IntLongHashMap ordinals = hidden.get(segmentId);
    return ordinals != null && ordinals.containsKey(ordinal);
  }

  @Nullable IntLongHashMap hiddenOf(long segmentId) {
    IntLongHashMap ordinals = hidden.get(segmentId);
    return ordinals == null || ordinals.isEmpty() ? null : ordinals;
  }

  /// Whether anything is to be done to the table.
  public boolean isEmpty() {
    return hiddenRows == 0 && (rows == null || rows.size() == 0);
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
