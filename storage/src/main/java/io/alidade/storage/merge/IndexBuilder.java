package io.alidade.storage.merge;

import io.alidade.engine.hnsw.MergeSource;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings committed rows into the vector indexes of their tables and makes the codes that their
/// options ask for, in the background.
///
/// One thread goes from table to table; a large backlog is shared with helpers. Rows that wait are
/// found by searches all the same, so nothing but speed depends on it. Thread-safe.
public final class IndexBuilder implements AutoCloseable {
  /// All builds together have so many helpers at most, as PostgreSQL has `max_parallel_workers`.
  /// Builds that find none free go on with those that they have.
  public static final int MAX_WORKERS = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

  private static final Logger LOG = LoggerFactory.getLogger(IndexBuilder.class);

  /// Rows inserted between two looks at other tables, and at whether the database is closing.
  private static final int ROWS_AT_ONCE = 4096;

  /// A backlog below this is not worth a second thread.
  private static final int ROWS_FOR_HELPERS = 512;

  private static final long LOOK_AGAIN_MILLIS = 5;

  private final int threads;
  private final ThreadPoolExecutor helpers;
  private final Thread thread;
  private final Set<TableStore> noticed = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<TableStore> queue = new LinkedBlockingQueue<>();
  private final Set<Report> reports = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final ProcessorShare share;

  /// How many wait for the background: then it takes all the time that it can get.
  private final AtomicInteger waiting = new AtomicInteger();

  private volatile boolean closing;

  /// @param threads how many threads a build takes, the one that leads it among them
  /// @param share what rows that are indexed in the background may take
  public IndexBuilder(int threads, ProcessorShare share) {
    this.threads = threads;
    this.share = share;
    AtomicInteger number = new AtomicInteger();
    this.helpers =
        new ThreadPoolExecutor(
            0,
            MAX_WORKERS,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> daemon(work, "alidade-index-" + number.incrementAndGet()),
            // Helpers only help: who leads does what nobody else takes on.
            new ThreadPoolExecutor.DiscardPolicy());
    this.thread = daemon(this::run, "alidade-index");
  }

  private static Thread daemon(Runnable work, String name) {
    return Thread.ofPlatform().daemon().name(name).unstarted(work);
  }

  /// How many threads a build takes unless it says otherwise, the one that leads it among them.
  public int threads() {
    return threads;
  }

  /// What the background may take of the processors, merges included.
  public ProcessorShare share() {
    return share;
  }

  /// Begins.
  public void start() {
    thread.start();
  }

  /// Tells that a table has new rows; a table is queued at most once.
  public void notice(TableStore store) {
    if (hasVectorIndex(store) && noticed.add(store)) {
      queue.add(store);
    }
  }

  private static boolean hasVectorIndex(TableStore store) {
    for (Segment segment : store.segments()) {
      if (!segment.vectorIndexes().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// Waits until at most so many rows of a table wait to be indexed.
  ///
  /// @throws DatabaseException XX000 when building has failed
  public void awaitBacklog(TableStore store, int maxRows, Checkpoint cancel) {
    await(store, () -> store.unindexedRows() > maxRows, cancel);
  }

  /// Waits until the vector indexes of a table are walked on what was asked for.
  ///
  /// @throws DatabaseException XX000 when building has failed
  public void awaitCodes(TableStore store, Checkpoint cancel) {
    await(store, store::awaitsCodes, cancel);
  }

  private void await(TableStore store, BooleanSupplier waits, Checkpoint cancel) {
    waiting.incrementAndGet();
    try {
      awaitAtFullSpeed(store, waits, cancel);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private void awaitAtFullSpeed(TableStore store, BooleanSupplier waits, Checkpoint cancel) {
    while (waits.getAsBoolean() && !closing) {
      Throwable cause = failure.get();
      if (cause != null) {
        throw new DatabaseException(
            SqlState.INTERNAL_ERROR, "a vector index could not be built: " + cause, cause);
      }
      cancel.pass();
      notice(store);
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseException(
            SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
      }
    }
  }

  /// Completes an index over a segment, with the calling thread and helpers.
  public void complete(Segment segment, VectorIndex index, Checkpoint cancel) {
    complete(segment, index, Optional.empty(), cancel);
  }

  /// The same for an index that is being created, on as many threads as its report says.
  public void complete(Segment segment, VectorIndex index, Report report, Checkpoint cancel) {
    complete(segment, index, Optional.of(report), cancel);
  }

  private void complete(
      Segment segment, VectorIndex index, Optional<Report> report, Checkpoint cancel) {
    int size = segment.size();
    while (index.graph().indexedCount() < size) {
      cancel.pass();
      int before = index.graph().indexedCount();
      extend(index, size, report.map(told -> told.threads).orElse(threads), () -> isEnding(cancel));
      report.ifPresent(told -> told.add(index.graph().indexedCount() - before));
    }
    index.recode(() -> isEnding(cancel));
    cancel.pass();
  }

  /// Fills an index of a segment that others were merged into, with the calling thread and helpers.
  ///
  /// @param most how many threads it takes
  public void merge(VectorIndex index, List<MergeSource> sources, int most, Checkpoint cancel) {
    index.merge(sources, most, helpers, () -> closing || isEnding(cancel));
    cancel.pass();
  }

  /// Whether a statement is to end: it says so again when it passes next.
  private static boolean isEnding(Checkpoint cancel) {
    try {
      cancel.pass();
      return false;
    } catch (DatabaseException e) {
      return true;
    }
  }

  private void extend(VectorIndex index, int size, int most, BooleanSupplier cancelled) {
    int backlog = size - index.graph().indexedCount();
    int end = size - Math.max(0, backlog - ROWS_AT_ONCE);
    index.extendTo(end, backlog < ROWS_FOR_HELPERS ? 1 : most, helpers, cancelled);
  }

  /// How far the creation of an index is.
  ///
  /// @param rows the row versions that it is to hold
  /// @param done how many of them it holds
  public record Progress(int indexOid, int tableOid, Purpose purpose, long rows, long done) {}

  /// What an index is built for.
  public enum Purpose {
    CREATE,
    REBUILD
  }

  /// Tells of the creation of an index until it is closed.
  public final class Report implements AutoCloseable {
    private final IndexDefinition index;
    private final Purpose purpose;
    private final long rows;
    private final int threads;
    private final AtomicLong done = new AtomicLong();

    private Report(IndexDefinition index, Purpose purpose, long rows, int threads) {
      this.index = index;
      this.purpose = purpose;
      this.rows = rows;
      this.threads = threads;
    }

    void add(long more) {
      done.addAndGet(more);
    }

    @Override
    public void close() {
      reports.remove(this);
    }
  }

  /// Begins to tell of the creation of an index.
  ///
  /// @param threads how many create it, the calling one among them
  public Report report(IndexDefinition index, TableStore store, int threads) {
    return report(index, store, threads, Purpose.CREATE);
  }

  /// The same.
  public Report report(IndexDefinition index, TableStore store, int threads, Purpose purpose) {
    long rows = 0;
    for (Segment segment : store.segments()) {
      rows += segment.size();
    }
    Report report = new Report(index, purpose, rows, threads);
    reports.add(report);
    return report;
  }

  /// The indexes that are being created.
  public List<Progress> progress() {
    return reports.stream()
        .map(report ->
            new Progress(
                report.index.oid(),
                report.index.tableOid(),
                report.purpose,
                report.rows,
                report.done.get()))
        .toList();
  }

  private void run() {
    while (!closing) {
      try {
        TableStore store = queue.take();
        noticed.remove(store); // From here on a new row is noticed anew.
        work(store);
      } catch (InterruptedException e) {
        return; // The database closes.
      } catch (RuntimeException | Error e) {
        if (!closing && failure.compareAndSet(null, e)) {
          LOG.error("building a vector index failed; searches go on without it", e);
        }
      }
    }
  }

  /// One step for each index of a table, and another round if that was not all.
  private void work(TableStore store) {
    List<Segment> segments = store.holdSegments();
    boolean more = false;
    try {
      for (Segment segment : segments) {
        for (VectorIndex index : segment.vectorIndexes().values()) {
          int size = segment.size();
          if (index.graph().indexedCount() < size && !isOver(segment, index)) {
            extend(index, size, threads, () -> isOverAtItsPace(segment, index));
            more |= index.graph().indexedCount() < segment.size();
          }
          if (index.awaitsCodes() && !isOver(segment, index)) {
            index.recode(() -> isOverAtItsPace(segment, index));
            more |= index.awaitsCodes();
          }
        }
      }
    } finally {
      segments.forEach(Segment::release);
    }
    if (more) {
      notice(store);
    }
  }

  private boolean isOverAtItsPace(Segment segment, VectorIndex index) {
    if (waiting.get() == 0) {
      share.pass();
    }
    return isOver(segment, index);
  }

  /// Whether work for an index is in vain.
  private boolean isOver(Segment segment, VectorIndex index) {
    return closing || segment.vectorIndexes().get(index.oid()) != index;
  }

  /// Ends; a step that is under way is ended early.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    helpers.shutdownNow();
  }
}
