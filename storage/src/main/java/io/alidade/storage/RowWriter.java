package io.alidade.storage;

import com.carrotsearch.hppc.LongArrayList;
import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.MutableOrderedIndex;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.Jsonb;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.lock.LockKey;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.lock.LockOwner;
import io.alidade.storage.lock.LockTable;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.table.Overlay;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.SnapshotTableView;
import io.alidade.storage.table.TableStore;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Writes one transaction's rows into its overlays, under row and key locks. For one thread.
///
/// **Unique keys.** Who adds a key holds its lock to the end, and then looks for a row with it
/// among what is committed now and what is its own. A row that is found and may be going (another
/// transaction holds its lock) is waited for without holding the key's lock, so that a transaction
/// which replaces its own row does not meet the one that waits for it.
final class RowWriter {
  /// The time of [#latest].
  private static final long ALL_OWN = Segment.NEVER - 1;

  /// What an own row takes besides its values: its number and its times.
  private static final long ROW_BYTES = 3 * Long.BYTES;

  /// What a lock takes of the heap, in the table and in its owner's list.
  private static final long LOCK_BYTES = 40;

  /// What a row that ends takes of the heap: its lock, where it is, and how to undo it.
  private static final long ENDED_ROW_BYTES = LOCK_BYTES + 128;

  private final LockTable locks;
  private final LockOwner owner;
  private final WriteSet writes;
  private final TransactionLog log;
  private final MemoryAccount.Share memory;
  private final LongSupplier lastCommitted;

  /// @param lastCommitted what is committed now; what a commit is just applying is not, of which
  ///   one half might be seen without the other
  RowWriter(
      LockTable locks,
      LockOwner owner,
      WriteSet writes,
      TransactionLog log,
      MemoryAccount.Share memory,
      LongSupplier lastCommitted) {
    this.memory = memory;
    this.lastCommitted = lastCommitted;
    this.locks = locks;
    this.owner = owner;
    this.writes = writes;
    this.log = log;
  }

  /// A table as the transaction sees it, with its contents.
  record Target(TableDefinition table, TableStore store) {
    /// The unique indexes that no row may violate; those of deferrable constraints are checked by
    /// [Transaction#requireUnique].
    List<IndexDefinition> uniqueIndexes() {
      return table.indexes().stream().filter(table::isUniqueAtOnce).toList();
    }
  }

  /// A row that is in the way.
  private record Conflict(IndexDefinition index, SnapshotTableView view, RowReference row) {}

  void insertAll(Target target, List<@Nullable Object[]> rows) {
    for (int i = 0; i < rows.size(); i++) {
      try {
        ConstraintErrors.requireNotNull(target.table(), rows.get(i));
      } catch (DatabaseException e) {
        throw new RowRejectedException(i, e);
      }
    }
    Overlay overlay = writes.overlay(target.table(), target.store());
    List<IndexDefinition> unique = target.uniqueIndexes();
    if (unique.isEmpty() || !insertUncontended(target, overlay, unique, rows)) {
      for (int i = 0; i < rows.size(); i++) {
        try {
          Optional<Conflict> conflict = claimKeys(target, unique, rows.get(i));
          if (conflict.isPresent()) {
            conflict.get().view().close();
            throw duplicate(target, conflict.get().index(), rows.get(i));
          }
          append(target, overlay, rows.get(i));
        } catch (DatabaseException e) {
          throw new RowRejectedException(i, e);
        }
      }
    }
  }

  /// The way of most insertions: no key is held by another transaction, no row is in the way.
  ///
  /// @return false when it is not so; nothing was added
  private boolean insertUncontended(
      Target target, Overlay overlay, List<IndexDefinition> unique, List<@Nullable Object[]> rows) {
    LongArrayList keys = new LongArrayList(rows.size() * unique.size());
    for (@Nullable Object[] row : rows) {
      for (IndexDefinition index : unique) {
        @Nullable Object[] key = key(index, row);
        if (isComplete(key)) {
          keys.add(LockKey.ofKey(index.oid(), key));
        }
      }
    }
    if (locks.tryAcquireAll(owner, keys.toArray()) < keys.size()) {
      return false;
    }
    WriteMark before = writes.mark();
    try (SnapshotTableView latest = latest(target)) {
      MutableSegment own = overlay.writableRows(target.table());
      int ownBefore = own.size();
      for (@Nullable Object[] row : rows) {
        for (IndexDefinition index : unique) {
          @Nullable Object[] key = key(index, row);
          if (isComplete(key)
              && (latest.lookup(index, Arrays.asList(key)).isPresent()
                  || isAmongOwn(own, ownBefore, index, key))) {
            writes.rollbackTo(before);
            return false;
          }
        }
        append(target, overlay, row);
      }
      return true;
    }
  }

  private static boolean isAmongOwn(
      MutableSegment own, int from, IndexDefinition index, @Nullable Object[] key) {
    if (own.size() == from) {
      return false;
    }
    OrderedIndex ordered = own.orderedIndex(index.oid()).orElseThrow();
    PrimitiveIterator.OfInt found =
        ordered.range(KeyRange.equalTo(Arrays.asList(key)), OrderedIndex.Direction.ASCENDING);
    while (found.hasNext()) {
      if (own.isLive(found.nextInt())) {
        return true;
      }
    }
    return false;
  }

  InsertOutcome insertOrFind(
      Target target,
      @Nullable Object[] row,
      OptionalInt uniqueIndex,
      Transaction.OnConflict onConflict) {
    ConstraintErrors.requireNotNull(target.table(), row);
    List<IndexDefinition> unique = target.uniqueIndexes();
    Optional<Conflict> conflict = claimKeys(target, unique, row);
    if (conflict.isEmpty()) {
      append(target, writes.overlay(target.table(), target.store()), row);
      return new InsertOutcome.Inserted();
    }
    IndexDefinition index = conflict.get().index();
    SnapshotTableView view = conflict.get().view();
    RowReference found = conflict.get().row();
    if (uniqueIndex.isPresent() && index.oid() != uniqueIndex.getAsInt()) {
      view.close();
      throw duplicate(target, index, row);
    }
    Segment segment = view.segment(found);
    if (segment.id() == Overlay.OWN_SEGMENT) {
      boolean now = segment.created(found.ordinal()) == writes.statement();
      return new InsertOutcome.Conflict(
          view,
          found,
          index,
          now ? InsertOutcome.Origin.THIS_STATEMENT : InsertOutcome.Origin.EARLIER);
    }
    if (onConflict == Transaction.OnConflict.LOCK_ROW) {
      LockOutcome locked = lockRow(target, view, found, RowLock.NO_KEY_UPDATE, LockWait.WAIT);
      if (locked != LockOutcome.LOCKED) {
        view.close();
        return insertOrFind(target, row, uniqueIndex, onConflict);
      }
    }
    return new InsertOutcome.Conflict(view, found, index, InsertOutcome.Origin.EARLIER);
  }

  /// Takes the locks of a row's unique keys.
  ///
  /// @return what is in the way, in a view that the caller closes
  private Optional<Conflict> claimKeys(
      Target target, List<IndexDefinition> unique, @Nullable Object[] row) {
    for (IndexDefinition index : unique) {
      @Nullable Object[] key = key(index, row);
      if (isComplete(key)) {
        Optional<Conflict> conflict = claimKey(target, index, key);
        if (conflict.isPresent()) {
          return conflict;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Conflict> claimKey(
      Target target, IndexDefinition index, @Nullable Object[] key) {
    long lock = LockKey.ofKey(index.oid(), key);
    while (true) {
      LockTable.Outcome outcome = locks.tryAcquire(owner, lock, LockMode.ACCESS_EXCLUSIVE);
      SnapshotTableView view = latest(target);
      Optional<RowReference> found = view.lookup(index, Arrays.asList(key));
      if (found.isEmpty()) {
        view.close();
        if (outcome != LockTable.Outcome.BUSY) {
          return Optional.empty();
        }
        locks.acquire(owner, lock, LockMode.ACCESS_EXCLUSIVE);
        continue;
      }
      if (outcome == LockTable.Outcome.TAKEN) {
        locks.release(owner, lock);
      }
      if (isThereToStay(target, view, found.get())) {
        return Optional.of(new Conflict(index, view, found.get()));
      }
      view.close();
    }
  }

  /// Waits for whoever may be about to delete a row or give it another key.
  private boolean isThereToStay(Target target, SnapshotTableView view, RowReference row) {
    Segment segment = view.segment(row);
    if (segment.id() == Overlay.OWN_SEGMENT) {
      return true;
    }
    long lock = LockKey.ofRow(target.table().oid(), segment.rowId(row.ordinal()));
    LockTable.Outcome outcome;
    try {
      outcome = locks.acquire(owner, lock, RowLock.KEY_SHARE.mode());
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
    boolean there = target.store().isCurrent(segment, row.ordinal());
    if (outcome == LockTable.Outcome.TAKEN) {
      locks.release(owner, lock);
    }
    return there;
  }

  /// Sees all that is committed now, and all that is the transaction's own.
  SnapshotTableView latest(Target target) {
    return SnapshotTableView.open(
        target.table(),
        target.store(),
        lastCommitted.getAsLong(),
        writes.overlay(target.table()),
        ALL_OWN);
  }

  private void append(Target target, Overlay overlay, @Nullable Object[] row) {
    append(target, overlay, target.store().newRowId(), row);
    target.store().activity().inserted();
  }

  private void append(Target target, Overlay overlay, long rowId, @Nullable Object[] row) {
    long bytes = bytes(row);
    memory.take(bytes + ROW_BYTES, heapBytes(target.table()));
    writes.insert(overlay, overlay.writableRows(target.table()), rowId, row);
    log.added(bytes);
  }

  /// Locks a row that is visible in a view.
  LockOutcome lockRow(
      Target target, SnapshotTableView view, RowReference row, RowLock mode, LockWait wait) {
    Segment segment = view.segment(row);
    if (segment.id() == Overlay.OWN_SEGMENT) {
      MutableSegment own = (MutableSegment) segment;
      return own.isLive(row.ordinal()) ? LockOutcome.LOCKED : LockOutcome.ALREADY_WRITTEN;
    }
    if (view.store() != target.store()) { // Truncated since.
      return LockOutcome.CHANGED_SINCE;
    }
    Overlay overlay = writes.overlay(target.table());
    long rowId = segment.rowId(row.ordinal());
    if (overlay != null && overlay.isHidden(rowId)) {
      return LockOutcome.ALREADY_WRITTEN;
    }
    long lock = LockKey.ofRow(target.table().oid(), rowId);
    LockTable.Outcome outcome =
        switch (wait) {
          case WAIT -> locks.acquire(owner, lock, mode.mode());
          case REFUSE, SKIP -> locks.tryAcquire(owner, lock, mode.mode());
        };
    if (outcome == LockTable.Outcome.BUSY) {
      if (wait == LockWait.REFUSE) {
        throw new DatabaseException(
            SqlState.LOCK_NOT_AVAILABLE,
            "could not obtain lock on row in relation \"" + target.table().name() + "\"");
      }
      return LockOutcome.SKIPPED;
    }
    if (target.store().isCurrent(segment, row.ordinal())) {
      return LockOutcome.LOCKED;
    }
    if (wait == LockWait.SKIP && outcome == LockTable.Outcome.TAKEN) {
      locks.release(owner, lock); // Or others would skip it for nothing.
    }
    return LockOutcome.CHANGED_SINCE;
  }

  /// Locks a row to write it.
  private WriteOutcome lockToWrite(
      Target target, SnapshotTableView view, RowReference row, RowLock mode) {
    return switch (lockRow(target, view, row, mode, LockWait.WAIT)) {
      case LOCKED -> WriteOutcome.DONE;
      case CHANGED_SINCE -> WriteOutcome.CHANGED_SINCE;
      case ALREADY_WRITTEN -> WriteOutcome.ALREADY_WRITTEN;
      case SKIPPED -> throw new IllegalStateException("a lock to wait for was skipped");
    };
  }

  /// Locks the row that has a key of a unique index, among what is committed now and what is the
  /// transaction's own.
  ///
  /// @return whether there is one
  boolean lockKey(Target target, IndexDefinition index, List<@Nullable Object> key, RowLock mode) {
    while (true) {
      try (SnapshotTableView view = latest(target)) {
        Optional<RowReference> found = view.lookup(index, key);
        if (found.isEmpty()) {
          return false;
        }
        switch (lockRow(target, view, found.get(), mode, LockWait.WAIT)) {
          case LOCKED -> {
            return true;
          }
          case CHANGED_SINCE, ALREADY_WRITTEN, SKIPPED -> {} // Look again.
        }
      }
    }
  }

  /// Sees that only one row has a key of a unique index whose keys are not claimed when rows are
  /// written; holds the key's lock to the end.
  void requireUnique(
      Target target, IndexDefinition index, List<@Nullable Object> key, Checkpoint cancel) {
    @Nullable Object[] values = key.toArray();
    if (!isComplete(values)) {
      return;
    }
    locks.acquire(owner, LockKey.ofKey(index.oid(), values), LockMode.ACCESS_EXCLUSIVE);
    while (true) {
      SnapshotTableView view = latest(target);
      List<RowReference> rows = view.matching(index.columns(), key, 2, cancel);
      if (rows.size() < 2) {
        view.close();
        return;
      }
      if (isThereToStay(target, view, rows.get(0)) && isThereToStay(target, view, rows.get(1))) {
        view.close();
        throw ConstraintErrors.duplicate(target.table(), index, values);
      }
      view.close();
    }
  }

  WriteOutcome update(
      Target target, SnapshotTableView view, RowReference row, @Nullable Object[] newRow) {
    Segment segment = view.segment(row);
    List<IndexDefinition> changed =
        target.uniqueIndexes().stream()
            .filter(index -> !hasSameKey(index, segment, row.ordinal(), newRow))
            .toList();
    RowLock mode = changed.isEmpty() ? RowLock.NO_KEY_UPDATE : RowLock.UPDATE;
    WriteOutcome outcome = lockToWrite(target, view, row, mode);
    if (outcome != WriteOutcome.DONE) {
      return outcome;
    }
    ConstraintErrors.requireNotNull(target.table(), newRow);
    long rowId = segment.rowId(row.ordinal());
    end(target, segment, row.ordinal(), rowId);
    Optional<Conflict> conflict = claimKeys(target, changed, newRow);
    if (conflict.isPresent()) {
      conflict.get().view().close();
      throw duplicate(target, conflict.get().index(), newRow);
    }
    append(target, writes.overlay(target.table(), target.store()), rowId, newRow);
    target.store().activity().updated();
    return WriteOutcome.DONE;
  }

  WriteOutcome delete(Target target, SnapshotTableView view, RowReference row) {
    WriteOutcome outcome = lockToWrite(target, view, row, RowLock.UPDATE);
    if (outcome == WriteOutcome.DONE) {
      Segment segment = view.segment(row);
      end(target, segment, row.ordinal(), segment.rowId(row.ordinal()));
      target.store().activity().deleted();
    }
    return outcome;
  }

  /// About what the keys of an own row take.
  private static long heapBytes(TableDefinition table) {
    long bytes = 0;
    for (IndexDefinition index : table.indexes()) {
      bytes +=
          index.method() == IndexDefinition.Method.BTREE ? MutableOrderedIndex.BYTES_PER_ROW : 0;
      bytes += index.isUnique() ? LOCK_BYTES : 0;
    }
    return bytes;
  }

  private void end(Target target, Segment segment, int ordinal, long rowId) {
    memory.take(0, ENDED_ROW_BYTES);
    Overlay overlay = writes.overlay(target.table(), target.store());
    if (segment.id() == Overlay.OWN_SEGMENT) {
      writes.end(overlay, ordinal);
    } else {
      writes.hide(overlay, segment.id(), ordinal, rowId);
    }
  }

  private static boolean hasSameKey(
      IndexDefinition index, Segment segment, int ordinal, @Nullable Object[] row) {
    for (IndexDefinition.Key part : index.keys()) {
      Object before = segment.column(part.column()).get(ordinal);
      Object after = row[part.column()];
      if (before == null && after == null) {
        continue;
      }
      if (before == null || after == null) {
        return false;
      }
      ColumnType type = segment.column(part.column()).type();
      if (ValueOrder.of(type).compare(before, after) != 0) {
        return false;
      }
    }
    return true;
  }

  private static DatabaseException duplicate(
      Target target, IndexDefinition index, @Nullable Object[] row) {
    return ConstraintErrors.duplicate(target.table(), index, key(index, row));
  }

  private static @Nullable Object[] key(IndexDefinition index, @Nullable Object[] row) {
    List<IndexDefinition.Key> parts = index.keys();
    @Nullable Object[] key = new @Nullable Object[parts.size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = row[parts.get(i).column()];
    }
    return key;
  }

  private static boolean isComplete(@Nullable Object[] key) {
    for (Object part : key) {
      if (part == null) {
        return false;
      }
    }
    return true;
  }

  /// About how many bytes a row takes in the log.
  private static long bytes(@Nullable Object[] row) {
    long bytes = Long.BYTES;
    for (Object value : row) {
      bytes +=
          switch (value) {
            case String text -> text.length();
            case Jsonb json -> json.text().length();
            case byte[] data -> data.length;
            case float[] vector -> (long) vector.length * Float.BYTES;
            case BitString bits -> BitString.bytes(bits.length());
            case BigDecimal number -> number.precision() / 2;
            case List<?> list -> (long) list.size() * Long.BYTES;
            case null, default -> Long.BYTES;
          };
    }
    return bytes;
  }
}
