package io.alidade.storage.table;

import com.carrotsearch.hppc.LongArrayList;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.segment.MergedRows;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.statistics.TableProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The shared state of one generation of a table: its segments, the last of which takes rows.
///
/// Changed by one thread, the committer; read by any. Readers hold the segments that they read.
public final class TableStore {
  private final int oid;
  private final int generation;
  private final AtomicLong nextRowId;
  private volatile TableDefinition definition;
  private volatile List<Segment> segments;
  private volatile long lastChange;
  private volatile boolean closed;
  private volatile Optional<TableProfile> profile = Optional.empty();
  private final TableActivity activity = new TableActivity();

  /// What is deleted while segments are merged.
  private Optional<Deletions> deletions = Optional.empty();

  private final UpdatedRows updated = new UpdatedRows();

  /// Rows that were deleted since some moment, and when; no more than a limit.
  private static final class Deletions {
    static final int MOST = 1 << 22;

    final LongArrayList rowIds = new LongArrayList();
    final LongArrayList times = new LongArrayList();
    boolean isComplete = true;

    void add(long rowId, long lsn) {
      if (rowIds.size() < MOST) {
        rowIds.add(rowId);
        times.add(lsn);
      } else {
        isComplete = false;
      }
    }
  }

  /// @param segments sealed ones, then the one that takes rows; their holder is this store from now
  ///   on
  public TableStore(TableDefinition definition, long nextRowId, List<Segment> segments) {
    this.oid = definition.oid();
    this.generation = definition.generation();
    this.definition = definition;
    this.nextRowId = new AtomicLong(nextRowId);
    this.segments = List.copyOf(segments);
  }

  /// A table without rows.
  public static TableStore empty(TableDefinition definition, long segmentId) {
    return new TableStore(definition, 1, List.of(MutableSegment.create(segmentId, definition)));
  }

  public int oid() {
    return oid;
  }

  public int generation() {
    return generation;
  }

  /// The committed definition.
  public TableDefinition definition() {
    return definition;
  }

  /// The segments now, not held.
  public List<Segment> segments() {
    return segments;
  }

  /// The segment with an identity now, not held.
  public Optional<Segment> segment(long id) {
    for (Segment segment : segments) {
      if (segment.id() == id) {
        return Optional.of(segment);
      }
    }
    return Optional.empty();
  }

  /// The segments now, held: each is to be released.
  ///
  /// @return empty when the table was dropped
  public List<Segment> holdSegments() {
    while (!closed) {
      List<Segment> now = segments;
      int held = 0;
      while (held < now.size() && now.get(held).tryHold()) {
        held++;
      }
      if (held == now.size()) {
        return now;
      }
      now.subList(0, held).forEach(Segment::release); // Replaced meanwhile: there are newer ones.
    }
    return List.of();
  }

  /// A row id that was never used.
  public long newRowId() {
    return nextRowId.getAndIncrement();
  }

  /// The least row id that was never used.
  public long nextRowId() {
    return nextRowId.get();
  }

  /// What is known of the rows since they were last analysed.
  public Optional<TableProfile> profile() {
    return profile;
  }

  public void profile(TableProfile known) {
    profile = Optional.of(known);
  }

  /// What is done to the table.
  public TableActivity activity() {
    return activity;
  }

  /// Takes the place of the contents that the table had before TRUNCATE.
  public void continueFrom(TableStore before) {
    activity.continueFrom(before.activity);
  }

  /// The last commit that changed its rows.
  public long lastChange() {
    return lastChange;
  }

  /// About how many rows there are.
  public long liveRows() {
    long rows = 0;
    for (Segment segment : segments) {
      rows += segment.liveCount();
    }
    return rows;
  }

  /// How many rows wait to enter the vector index that is furthest behind.
  public int unindexedRows() {
    int most = 0;
    for (Segment segment : segments) {
      for (var index : segment.vectorIndexes().values()) {
        most = Math.max(most, segment.size() - index.graph().indexedCount());
      }
    }
    return most;
  }

  /// Whether a vector index waits for other codes.
  public boolean awaitsCodes() {
    for (Segment segment : segments) {
      for (var index : segment.vectorIndexes().values()) {
        if (index.awaitsCodes()) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether no commit has ended a row version that a view shows; asked of the segment that it is
  /// in now.
  ///
  /// @param seen the segment that the view holds
  public boolean isCurrent(Segment seen, int ordinal) {
    List<Segment> now = holdSegments();
    try {
      for (Segment segment : now) {
        if (segment.id() == seen.id()) {
          return segment.deleted(ordinal) == Segment.NEVER;
        }
      }
      return isCurrentElsewhere(now, seen.rowId(ordinal), seen.created(ordinal));
    } finally {
      now.forEach(Segment::release);
    }
  }

  /// The segment was merged: a live version with the same beginning is the same.
  private static boolean isCurrentElsewhere(List<Segment> now, long rowId, long created) {
    for (Segment segment : now) {
      if (segment instanceof SealedSegment sealed) {
        int ordinal = sealed.findLive(rowId);
        if (ordinal != Segment.NO_ORDINAL) {
          return sealed.created(ordinal) == created;
        }
      }
    }
    return false;
  }

  // What follows is the committer's.

  /// The segment that takes rows.
  public MutableSegment mutable() {
    return (MutableSegment) segments.getLast();
  }

  /// Ends the current versions of rows.
  ///
  /// @throws MalformedBytesException when there is no such row
  public void delete(long[] rowIds, long lsn) throws MalformedBytesException {
    List<Segment> now = segments;
    boolean graphs = hasVectorIndex();
    updated.begin(now);
    for (long rowId : rowIds) {
      int ordinal = Segment.NO_ORDINAL;
      for (int i = now.size() - 1; i >= 0 && ordinal == Segment.NO_ORDINAL; i--) {
        ordinal = now.get(i).findLive(rowId);
        if (ordinal != Segment.NO_ORDINAL) {
          now.get(i).delete(ordinal, lsn);
          if (graphs) {
            updated.ended(rowId, i, ordinal);
          }
        }
      }
      deletions.ifPresent(noted -> noted.add(rowId, lsn));
      if (ordinal == Segment.NO_ORDINAL) {
        throw new MalformedBytesException("row " + rowId + " of table " + oid + " is not there");
      }
    }
    lastChange = lsn;
  }

  /// Adds the live rows of a transaction's own segment, or of a staged one.
  public void insert(MutableSegment rows, long lsn) {
    MutableSegment target = mutable();
    int size = rows.size();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (rows.isLive(ordinal)) {
        target.appendFrom(rows, ordinal, lsn, updated);
        usedRowId(rows.rowId(ordinal));
      }
    }
    lastChange = lsn;
  }

  /// Adds a block of rows.
  public void insert(Mutation.RowBlock rows, long lsn) throws MalformedBytesException {
    MutableSegment target = mutable();
    int from = target.size();
    target.append(rows, lsn, updated);
    for (int ordinal = from; ordinal < target.size(); ordinal++) {
      usedRowId(target.rowId(ordinal));
    }
    lastChange = lsn;
  }

  /// Ends a commit that has ended or added rows.
  public void endCommit() {
    updated.end();
  }

  private boolean hasVectorIndex() {
    return definition.indexes().stream()
        .anyMatch(index -> index.method() == IndexDefinition.Method.HNSW);
  }

  private void usedRowId(long rowId) {
    if (rowId >= nextRowId.get()) {
      nextRowId.accumulateAndGet(rowId + 1, Math::max);
    }
  }

  /// Takes on another definition of the same columns: indexes that went are dropped, those whose
  /// options changed know it.
  public void define(TableDefinition newDefinition) {
    for (IndexDefinition index : definition.indexes()) {
      if (newDefinition.index(index.oid()).isEmpty()) {
        segments.forEach(segment -> segment.removeIndex(index.oid()));
      }
    }
    definition = newDefinition;
    segments.forEach(segment -> segment.define(newDefinition));
  }

  /// Begins a new segment, unless the one that takes rows is empty.
  ///
  /// @return the segments that take no rows any more, held: each is to be released
  public List<Segment> freeze(LongSupplier segmentIds) {
    List<Segment> now = segments;
    if (mutable().size() > 0) {
      List<Segment> more = new ArrayList<>(now);
      more.add(MutableSegment.create(segmentIds.getAsLong(), definition));
      segments = List.copyOf(more);
    } else {
      now = now.subList(0, now.size() - 1);
    }
    for (Segment segment : now) {
      if (!segment.tryHold()) {
        throw new IllegalStateException("segment " + segment.id() + " is gone");
      }
    }
    return List.copyOf(now);
  }

  /// Puts a sealed segment in the place of the one that it was made of, with what was deleted
  /// since.
  public void replace(MutableSegment frozen, SealedSegment sealed) {
    for (int ordinal = 0; ordinal < frozen.size(); ordinal++) {
      if (frozen.deleted(ordinal) != sealed.deleted(ordinal)) {
        sealed.delete(ordinal, frozen.deleted(ordinal));
      }
    }
    sealed.shareHeapOnly(frozen);
    List<Segment> changed = new ArrayList<>(segments);
    changed.set(changed.indexOf(frozen), sealed);
    segments = List.copyOf(changed);
    frozen.release();
  }

  /// Begins to note what is deleted. One merge of a table at a time.
  public void beginMerge() {
    deletions = Optional.of(new Deletions());
  }

  /// Puts a merged segment in the place of those that it was made of, with what was deleted since
  /// [#beginMerge].
  ///
  /// @param merged none if nothing was left of them
  /// @param rows what it was made of, and how
  /// @return whether it is so: not if one of them is gone, or too much was deleted meanwhile
  public boolean endMerge(MergedRows rows, Optional<SealedSegment> merged) {
    List<SealedSegment> inputs = rows.inputs();
    Deletions noted = deletions.orElseThrow();
    deletions = Optional.empty();
    List<Segment> changed = new ArrayList<>(segments);
    int place = changed.indexOf(inputs.getFirst());
    if (closed || !noted.isComplete || !changed.containsAll(inputs)) {
      return false;
    }
    changed.removeAll(inputs);
    if (merged.isPresent()) {
      for (int i = 0; i < noted.rowIds.size(); i++) {
        int ordinal = merged.get().findLive(noted.rowIds.get(i));
        if (ordinal != Segment.NO_ORDINAL) {
          merged.get().delete(ordinal, noted.times.get(i));
        }
      }
      changed.forEach(other -> rows.follow(other, merged.get().id()));
      changed.add(Math.min(place, changed.size() - 1), merged.get());
    }
    segments = List.copyOf(changed);
    inputs.forEach(Segment::release);
    return true;
  }

  /// Forgets about a merge that came to nothing.
  public void abandonMerge() {
    deletions = Optional.empty();
  }

  /// Lets go of all segments; those that views hold stay until then.
  public void close() {
    if (!closed) {
      closed = true;
      segments.forEach(Segment::release);
    }
  }
}
