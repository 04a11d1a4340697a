package io.alidade.storage.merge;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What merges and analyses are under way, and how far they are. Thread-safe.
public final class UpkeepProgress {
  private final Set<Work> works = ConcurrentHashMap.newKeySet();

  /// What is done.
  public enum Kind {
    /// A merge by the policy, in the background or for `OPTIMIZE TABLE`.
    MERGE,
    /// A merge for `VACUUM`.
    VACUUM,
    ANALYZE
  }

  /// What of it is being done.
  public enum Phase {
    INITIALIZING,
    /// Rows are written.
    ROWS,
    /// Indexes are written.
    INDEXES,
    /// What was written takes the place of what was there.
    SWITCHING,
    /// Columns are looked at.
    COLUMNS
  }

  /// How far one is.
  ///
  /// @param segments how many segments are read
  /// @param bytes of their files
  /// @param total what there is to pass, in cells of columns: rows times columns and some more
  /// @param done how much of it has passed
  /// @param dead how many row versions are left out
  /// @param indexes how many indexes, or columns of an analysis, there are
  /// @param indexesDone how many of them are done
  public record Snapshot(
      int tableOid,
      Kind kind,
      Phase phase,
      int segments,
      long bytes,
      long total,
      long done,
      long dead,
      int indexes,
      int indexesDone) {}

  /// One that is under way, until it is closed.
  public final class Work implements AutoCloseable {
    private final int tableOid;
    private final Kind kind;
    private final int segments;
    private final long bytes;
    private final int indexes;
    private final AtomicLong done = new AtomicLong();
    private final AtomicInteger indexesDone = new AtomicInteger();
    private volatile Phase phase = Phase.INITIALIZING;
    private volatile long total;
    private volatile long dead;

    private Work(int tableOid, Kind kind, int segments, long bytes, int indexes) {
      this.tableOid = tableOid;
      this.kind = kind;
      this.segments = segments;
      this.bytes = bytes;
      this.indexes = indexes;
    }

    public void enter(Phase next) {
      phase = next;
    }

    /// Tells how much there is to pass, and how many versions are left out.
    public void expect(long cells, long deadVersions) {
      total = cells;
      dead = deadVersions;
    }

    public void passed(long cells) {
      done.addAndGet(cells);
    }

    public void indexDone() {
      indexesDone.incrementAndGet();
    }

    private Snapshot snapshot() {
      return new Snapshot(
          tableOid,
          kind,
          phase,
          segments,
          bytes,
          total,
          Math.min(total, done.get()),
          dead,
          indexes,
          indexesDone.get());
    }

    @Override
    public void close() {
      works.remove(this);
    }
  }

  /// Begins to tell of something.
  ///
  /// @param segments how many segments it reads
  /// @param bytes of their files
  /// @param indexes how many indexes, or columns of an analysis, there are
  public Work begin(int tableOid, Kind kind, int segments, long bytes, int indexes) {
    Work work = new Work(tableOid, kind, segments, bytes, indexes);
    works.add(work);
    return work;
  }

  /// All that is under way.
  public List<Snapshot> now() {
    return works.stream().map(Work::snapshot).toList();
  }
}
