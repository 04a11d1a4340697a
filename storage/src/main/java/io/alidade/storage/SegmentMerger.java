package io.alidade.storage;

import static java.util.stream.Collectors.toSet;

import io.alidade.engine.hnsw.MergeSource;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.merge.MergePolicy.Candidate;
import io.alidade.storage.merge.ProcessorShare;
import io.alidade.storage.merge.UpkeepOptions;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.merge.UpkeepProgress.Kind;
import io.alidade.storage.merge.UpkeepProgress.Phase;
import io.alidade.storage.segment.MergedRows;
import io.alidade.storage.segment.RootFate;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.SegmentSealer;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableActivity;
import io.alidade.storage.table.TableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes sealed segments anew: several into one, and without the versions that nobody can see.
///
/// 1. Between two commits the segments are held, and the table begins to note what is deleted. 2.
///    The versions that somebody may still see are written into the files of a new segment; the
///    largest of each kind of graph is taken over, the others' rows are inserted. 3. Between two
///    commits the new segment takes the place of the others, with what was deleted meanwhile.
///
/// What tables hold does not change, so nothing is logged and no manifest is written: until the
/// next checkpoint names the new files the old ones stay, and a crash brings them back. In the
/// background it works by [MergePolicy], after each checkpoint, on one thread, which then analyses
/// the tables that have changed much.
final class SegmentMerger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentMerger.class);

  private static final int THREADS_IN_BACKGROUND = 1;
  private static final long LOOK_AGAIN_MILLIS = 20;

  /// After so long tables are looked at though there was no checkpoint: PostgreSQL's
  /// `autovacuum_naptime`.
  private static final long NAP_SECONDS = 60;

  private final Path files;
  private final OpenTransaction.Services services;
  private final Checkpointer checkpointer;
  private final Upkeep upkeep;
  private final Semaphore noticed = new Semaphore(0);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("alidade-merge").unstarted(this::runWhenNoticed);
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean closed;

  /// What upkeep works with.
  record Upkeep(
      UpkeepOptions options,
      ProcessorShare share,
      UpkeepProgress progress,
      TableAnalyzer analyzer) {}

  /// What is to be merged.
  ///
  /// @param inputs segments of the table
  /// @param all segments of the table, held
  /// @param lsn the time at which it was found
  /// @param horizon nobody reads at an earlier time
  private record Work(
      TableStore store,
      TableDefinition table,
      List<SealedSegment> inputs,
      List<Segment> all,
      long lsn,
      long horizon,
      int threads) {}

  SegmentMerger(
      Path files, OpenTransaction.Services services, Checkpointer checkpointer, Upkeep upkeep) {
    this.files = files;
    this.services = services;
    this.checkpointer = checkpointer;
    this.upkeep = upkeep;
  }

  void start() {
    thread.start();
  }

  /// Tells that there may be something to merge.
  void notice() {
    if (noticed.availablePermits() == 0) {
      noticed.release();
    }
  }

  private void runWhenNoticed() {
    if (upkeep.options().automation() == UpkeepOptions.Automation.OFF) {
      return;
    }
    analyzeChanged();
    while (!closed) {
      try {
        if (noticed.tryAcquire(NAP_SECONDS, TimeUnit.SECONDS)) {
          noticed.drainPermits();
          services.state().stores().forEach(this::mergeByPolicy);
        }
        analyzeChanged();
      } catch (InterruptedException e) {
        return; // The database closes.
      }
    }
  }

  private void analyzeChanged() {
    for (TableStore store : services.state().stores()) {
      if (!closed) {
        upkeep.analyzer().analyzeIfChanged(store, this::requireOpen);
      }
    }
  }

  private void mergeByPolicy(TableStore store) {
    Checkpoint cancel =
        () -> {
          requireOpen();
          if (!services.state().isCurrent(store)) {
            throw new DatabaseException(SqlState.UNDEFINED_TABLE, "the table was dropped");
          }
          if (!turn.hasQueuedThreads()) { // A VACUUM waits: it is not to wait for long.
            upkeep.share().pass();
          }
        };
    try {
      boolean more = true;
      while (more && services.state().isCurrent(store)) {
        awaitTurn(cancel);
        try {
          List<Candidate> chosen = upkeep.options().policy().next(candidates(store));
          more =
              !chosen.isEmpty() && merge(store, chosen, Kind.MERGE, THREADS_IN_BACKGROUND, cancel);
          if (more && chosen.stream().anyMatch(segment -> segment.dead() > 0)) {
            store.activity().vacuumed(TableActivity.By.BACKGROUND);
          }
        } finally {
          turn.unlock();
        }
      }
    } catch (RuntimeException | Error e) { // Other tables can be merged all the same.
      if (!closed && services.state().isCurrent(store)) {
        LOG.error("segments of table {} could not be merged", store.definition().name(), e);
      }
    }
  }

  /// Merges what a `VACUUM` of a table asks for, with the calling thread and helpers.
  ///
  /// @throws DatabaseException 57014 when it was cancelled; what is done by then stays
  void vacuum(TableStore store, MergePolicy.Extent extent, Checkpoint statement) {
    withTurn(
        statement,
        cancel -> {
          for (List<Candidate> chosen : upkeep.options().policy().all(candidates(store), extent)) {
            cancel.pass();
            merge(store, chosen, Kind.VACUUM, services.builder().threads(), cancel);
          }
        });
  }

  /// Merges at once what the policy would merge in the background, with the calling thread and
  /// helpers.
  ///
  /// @throws DatabaseException 57014 when it was cancelled; what is done by then stays
  void optimize(TableStore store, Checkpoint statement) {
    withTurn(
        statement,
        cancel -> {
          List<Candidate> chosen = upkeep.options().policy().next(candidates(store));
          int threads = services.builder().threads();
          while (!chosen.isEmpty() && merge(store, chosen, Kind.MERGE, threads, cancel)) {
            cancel.pass();
            chosen = upkeep.options().policy().next(candidates(store));
          }
        });
  }

  /// Does something while no segments are merged.
  void withTurn(Checkpoint statement, Consumer<Checkpoint> work) {
    Checkpoint cancel =
        () -> {
          requireOpen();
          statement.pass();
        };
    awaitTurn(cancel);
    try {
      work.accept(cancel);
    } finally {
      turn.unlock();
    }
  }

  private List<Candidate> candidates(TableStore store) {
    long horizon = services.snapshots().oldest(services.state()::lastCommitted);
    List<Candidate> candidates = new ArrayList<>();
    List<Segment> segments = store.holdSegments();
    try {
      List<SealedSegment> sealed = new ArrayList<>();
      for (Segment segment : segments) {
        if (segment instanceof SealedSegment one) {
          sealed.add(one);
        }
      }
      for (SealedSegment segment : sealed) {
        candidates.add(candidate(segment, sealed, segments, horizon));
      }
    } finally {
      segments.forEach(Segment::release);
    }
    return candidates;
  }

  private static Candidate candidate(
      SealedSegment segment, List<SealedSegment> sealed, List<Segment> all, long horizon) {
    RootFate fate = new RootFate(segment, sealed, all, horizon);
    long ended = segment.deletedBefore(horizon);
    if (ended == 0 || fate.isTrivial()) {
      return new Candidate(segment.id(), segment.size(), ended, segment.fileBytes());
    }
    int staying = 0;
    for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
      if (segment.deleted(ordinal) <= horizon && fate.stays(ordinal)) {
        staying++;
      }
    }
    Set<Long> kin = fate.kin().stream().mapToObj(i -> sealed.get(i).id()).collect(toSet());
    kin.remove(segment.id());
    // Of those with heirs in the segment itself none is in the way.
    long withKin = kin.isEmpty() ? 0 : fate.heirs();
    long dead = Math.max(0, ended - staying - withKin);
    return new Candidate(segment.id(), segment.size(), dead, segment.fileBytes(), withKin, kin);
  }

  private void awaitTurn(Checkpoint cancel) {
    try {
      while (!turn.tryLock(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        cancel.pass();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException(
          SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
    }
  }

  /// Merges segments. The caller has the turn.
  ///
  /// @return whether it was done: not if they are gone or have got another index
  private boolean merge(
      TableStore store, List<Candidate> chosen, Kind kind, int threads, Checkpoint cancel) {
    List<Long> ids = chosen.stream().map(Candidate::segment).toList();
    List<Work> begun = new ArrayList<>();
    services.committer().run(() -> begin(store, ids, threads).ifPresent(begun::add));
    if (begun.isEmpty()) {
      return false;
    }
    Work work = begun.getFirst();
    Optional<SealedSegment> merged = Optional.empty();
    AtomicBoolean done = new AtomicBoolean();
    try (UpkeepProgress.Work progress = progress(work, chosen, kind)) {
      MergedRows rows = MergedRows.of(work.inputs(), work.all(), work.horizon());
      merged = write(work, rows, progress, cancel);
      Optional<SealedSegment> written = merged;
      progress.enter(Phase.SWITCHING);
      services.committer().run(() -> goOver(work, rows, written, done));
      LOG.info(
          "merged {} segments of table {} into {} row versions{}",
          work.inputs().size(),
          work.table().name(),
          merged.map(Segment::size).orElse(0),
          done.get() ? "" : ", in vain: the table has changed too much");
      return done.get();
    } finally {
      work.all().forEach(Segment::release);
      if (done.get()) {
        work.inputs().forEach(input -> checkpointer.doNotSpare(input.id()));
      } else {
        merged.ifPresent(segment -> {
          segment.release();
          checkpointer.discard(segment.id());
        });
        abandon(store);
      }
    }
  }

  private UpkeepProgress.Work progress(Work work, List<Candidate> chosen, Kind kind) {
    return upkeep
        .progress()
        .begin(
            work.store().oid(),
            kind,
            chosen.size(),
            chosen.stream().mapToLong(Candidate::bytes).sum(),
            work.table().indexes().size());
  }

  private void abandon(TableStore store) {
    try {
      services.committer().run(store::abandonMerge);
    } catch (DatabaseException e) {
      LOG.debug("the database has stopped: nothing is noted any more", e);
    }
  }

  private Optional<Work> begin(TableStore store, List<Long> ids, int threads) {
    List<SealedSegment> inputs = new ArrayList<>();
    for (Segment segment : store.segments()) {
      if (segment instanceof SealedSegment sealed && ids.contains(segment.id())) {
        inputs.add(sealed);
      }
    }
    boolean indexed = // The index would be made for nothing.
        services.builder().progress().stream().anyMatch(it -> it.tableOid() == store.oid());
    if (!services.state().isCurrent(store)
        || indexed
        || inputs.isEmpty()
        || inputs.size() < ids.size()) {
      return Optional.empty();
    }
    List<Segment> all = store.holdSegments();
    store.beginMerge();
    long lsn = services.state().lastCommitted();
    long horizon = services.snapshots().oldest(() -> lsn);
    return Optional.of(new Work(store, store.definition(), inputs, all, lsn, horizon, threads));
  }

  private Optional<SealedSegment> write(
      Work work, MergedRows rows, UpkeepProgress.Work progress, Checkpoint cancel) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    long id = services.state().allocateSegmentId();
    checkpointer.spare(id);
    boolean written = false;
    try {
      SegmentSealer sealer = new SegmentSealer(files, work.lsn());
      long versions = work.inputs().stream().mapToLong(Segment::size).sum();
      progress.expect(rows.size() * cells(work.table()), versions - rows.size());
      progress.enter(Phase.ROWS);
      rows.watch(length -> {
        progress.passed(length);
        cancel.pass();
      });
      sealer.writeRows(id, rows, work.table());
      progress.enter(Phase.INDEXES);
      SealedSegment merged = SealedSegment.open(files, id, work.table());
      try {
        rows.enterHeapOnly(merged);
        for (IndexDefinition index : work.table().indexes()) {
          cancel.pass();
          write(sealer, work, rows, merged, index, cancel);
          merged.openIndex(files, index, services.state().pinned());
          progress.indexDone();
        }
        written = true;
      } finally {
        if (!written) {
          merged.release();
        }
      }
      return Optional.of(merged);
    } catch (IOException e) {
      throw Checkpointer.failed("could not merge segments: ", e);
    } catch (CorruptFileException e) {
      throw new DatabaseException(SqlState.DATA_CORRUPTED, String.valueOf(e.getMessage()), e);
    } finally {
      if (!written) {
        checkpointer.discard(id);
      }
    }
  }

  /// How many times a row passes while it is written: its identity, its times, each column.
  private static long cells(TableDefinition table) {
    return 4L + 2L * table.columns().size();
  }

  private void write(
      SegmentSealer sealer,
      Work work,
      MergedRows rows,
      SealedSegment merged,
      IndexDefinition index,
      Checkpoint cancel)
      throws IOException {
    switch (index.method()) {
      case BTREE -> sealer.writeOrdered(merged, index, cancel::pass);
      case HNSW -> {
        VectorIndex graph = VectorIndex.create(index, merged);
        try {
          List<MergeSource> sources = sources(rows, index, cancel);
          services.builder().merge(graph, sources, work.threads(), cancel);
          sealer.writeGraph(merged, index, graph);
        } finally {
          graph.close();
        }
      }
    }
  }

  /// The graphs of the inputs; of one that is not complete the other rows are inserted like new
  /// ones.
  private List<MergeSource> sources(MergedRows rows, IndexDefinition index, Checkpoint cancel) {
    List<MergeSource> sources = new ArrayList<>();
    for (int i = 0; i < rows.inputs().size(); i++) {
      SealedSegment input = rows.inputs().get(i);
      VectorIndex graph = input.vectorIndexes().get(index.oid());
      if (graph != null) {
        services.builder().complete(input, graph, cancel); // Nobody extends it from here on.
        sources.add(new MergeSource(graph.graph(), rows.nodeTargets(i)));
      }
    }
    return sources;
  }

  /// @param done told as soon as the table has the new segment
  private void goOver(
      Work work, MergedRows rows, Optional<SealedSegment> merged, AtomicBoolean done) {
    TableStore store = work.store();
    if (services.state().isCurrent(store) && hasNoNewIndex(work) && store.endMerge(rows, merged)) {
      done.set(true);
      merged.ifPresent(segment -> services.state().adopt(store, segment));
    }
  }

  /// An index that was created meanwhile is over the segments before, and took longer to make.
  private static boolean hasNoNewIndex(Work work) {
    return work.store().definition().indexes().stream()
        .allMatch(index -> work.table().index(index.oid()).isPresent());
  }

  private void requireOpen() {
    if (closed) {
      throw new DatabaseException(SqlState.ADMIN_SHUTDOWN, "the database is closing");
    }
  }

  /// Ends; a merge that is under way comes to nothing.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
