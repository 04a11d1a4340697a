package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.History;
import io.alidade.storage.backup.LogArchiver;
import io.alidade.storage.backup.LogArchiving;
import io.alidade.storage.backup.SnapshotStore;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.lock.LockTable;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.log.CommitLogFailedException;
import io.alidade.storage.log.Entry;
import io.alidade.storage.log.LogCursor;
import io.alidade.storage.log.RecoveryPoint;
import io.alidade.storage.manifest.Manifest;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.merge.ProcessorShare;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.statistics.TableProfile;
import io.alidade.storage.table.TableActivity;
import io.alidade.storage.table.TableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A database that is open: everything wired together, from recovery to the end.
final class OpenDatabase implements Database {
  private static final Logger LOG = LoggerFactory.getLogger(OpenDatabase.class);
  private static final String LOG_DIRECTORY = "log";

  private final DatabaseOptions options;
  private final Optional<DataDirectory> directory;
  private final OpenTransaction.Services services;
  private final Optional<Checkpointer> checkpointer;
  private final UpkeepProgress progress = new UpkeepProgress();
  private final TableAnalyzer analyzer;
  private final Optional<SegmentMerger> merger;
  private final Optional<Snapshots> snapshots;
  private final Optional<LogArchiver> archiver;
  private boolean closed;

  private OpenDatabase(
      DatabaseOptions options,
      Optional<DataDirectory> directory,
      OpenTransaction.Services services,
      Optional<Checkpointer> checkpointer,
      Optional<Snapshots> snapshots,
      Optional<LogArchiver> archiver) {
    this.options = options;
    this.directory = directory;
    this.services = services;
    this.checkpointer = checkpointer;
    this.snapshots = snapshots;
    this.archiver = archiver;
    this.analyzer = new TableAnalyzer(options.upkeep(), progress);
    SegmentMerger.Upkeep upkeep =
        new SegmentMerger.Upkeep(options.upkeep(), services.builder().share(), progress, analyzer);
    this.merger = checkpointer.map(it -> new SegmentMerger(it.files(), services, it, upkeep));
    services.builder().start();
    services.committer().start();
    archiver.ifPresent(it -> {
      services.retention().keepFor(it::oldestNeeded); // Before the first checkpoint.
      it.start();
    });
    checkpointer.ifPresent(Checkpointer::start);
    merger.ifPresent(it -> {
      checkpointer.orElseThrow().listen(it::notice);
      it.start();
    });
  }

  private static IndexBuilder indexBuilder(DatabaseOptions options) {
    return new IndexBuilder(
        options.indexBuildThreads(), new ProcessorShare(options.upkeep().processorShare()));
  }

  static OpenDatabase inMemory(DatabaseOptions options) {
    IndexBuilder builder = indexBuilder(options);
    CommittedState state =
        new CommittedState(
            Catalog.INITIAL, 0, 1, builder, new PinnedMemory(options.maxPinnedBytes()));
    CommitLog log = CommitLog.inMemory(CommitLog.Retention.NOTHING);
    LogVolume volume = new LogVolume(Long.MAX_VALUE);
    Committer committer = new Committer(log, state, volume);
    OpenTransaction.Services services =
        new OpenTransaction.Services(
            state,
            new LockTable(),
            new AtomicInteger(),
            log,
            TransactionLog.Readers.NONE,
            new OpenTransactions(log.epoch()),
            volume,
            new OpenSnapshots(System::nanoTime),
            new LogRetention(),
            committer,
            builder,
            options.maxUnindexedRows(),
            new MemoryAccount(options.memory(), state, volume, MemoryAccount.Reclaim.NEVER));
    return new OpenDatabase(
        options, Optional.empty(), services, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static OpenDatabase open(Path path, DatabaseOptions options, Optional<LogArchiving> archiving)
      throws IOException, CorruptFileException {
    DataDirectory directory = DataDirectory.open(path);
    try {
      return open(directory, options, archiving);
    } catch (IOException | CorruptFileException | RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  private static OpenDatabase open(
      DataDirectory directory, DatabaseOptions options, Optional<LogArchiving> archiving)
      throws IOException, CorruptFileException {
    Path path = directory.path();
    Path files = path.resolve(SegmentFiles.DIRECTORY);
    Files.createDirectories(files);
    Manifest manifest = Manifest.read(path).orElse(Manifest.EMPTY);
    IndexBuilder builder = indexBuilder(options);
    CommittedState state =
        new CommittedState(
            manifest.catalog(),
            manifest.lsn(),
            manifest.nextSegmentId(),
            builder,
            new PinnedMemory(options.maxPinnedBytes()));
    AtomicReference<Committer> failed = new AtomicReference<>();
    try {
      restore(files, manifest, state);
      CommitLog log =
          CommitLog.open(
              directory,
              options.log(),
              new RecoveryPoint(manifest.replayFrom(), manifest.lsn()),
              failure -> stop(failed, failure));
      LogVolume volume = new LogVolume(options.checkpointLogBytes());
      History history;
      try {
        replay(path.resolve(LOG_DIRECTORY), log, manifest, state, volume);
        // Only now: where log and manifest do not fit, the files may be all that is left.
        Checkpointer.deleteOthers(files, manifest, _ -> false);
        new SnapshotStore(path).deleteLeftOvers();
        history = History.readOrBegin(path, state.lastCommitted(), Snapshots.now());
      } catch (IOException | CorruptFileException | RuntimeException | Error e) {
        log.close();
        throw e;
      }
      Committer committer = new Committer(log, state, volume);
      failed.set(committer);
      OpenTransaction.Services services =
          new OpenTransaction.Services(
              state,
              new LockTable(),
              new AtomicInteger(),
              log,
              TransactionLog.Readers.SOME,
              new OpenTransactions(log.epoch()),
              volume,
              new OpenSnapshots(System::nanoTime),
              new LogRetention(),
              committer,
              builder,
              options.maxUnindexedRows(),
              new MemoryAccount(
                  options.memory(), state, volume, MemoryAccount.Reclaim.BY_CHECKPOINTS));
      Checkpointer checkpointer = new Checkpointer(path, services);
      Snapshots snapshots = new Snapshots(path, history, checkpointer, services);
      return new OpenDatabase(
          options,
          Optional.of(directory),
          services,
          Optional.of(checkpointer),
          Optional.of(snapshots),
          archiving.map(it ->
              new LogArchiver(
                  it,
                  history,
                  log,
                  manifest.replayFrom(),
                  () -> fileBytes(path.resolve(LOG_DIRECTORY)))));
    } catch (IOException | CorruptFileException | RuntimeException | Error e) {
      state.stores().forEach(TableStore::close);
      throw e;
    }
  }

  private static void stop(AtomicReference<Committer> committer, CommitLogFailedException failure) {
    Committer running = committer.get();
    if (running != null) {
      running.fail(failure);
    }
  }

  /// Opens the segments of a manifest; an index without a file is made anew.
  private static void restore(Path files, Manifest manifest, CommittedState state)
      throws IOException, CorruptFileException {
    for (Manifest.TableFiles table : manifest.tables()) {
      Optional<TableDefinition> definition = manifest.catalog().table(table.oid());
      if (definition.isEmpty()) {
        continue;
      }
      List<SealedSegment> sealed = new ArrayList<>();
      for (Manifest.SegmentEntry entry : table.segments()) {
        sealed.add(openNamed(files, definition.get(), entry, state.pinned()));
      }
      SealedSegment.restoreHeapOnly(sealed);
      List<Segment> segments = new ArrayList<>(sealed);
      segments.add(MutableSegment.create(state.allocateSegmentId(), definition.get()));
      TableStore store = new TableStore(definition.get(), table.nextRowId(), segments);
      state.restore(store);
      for (IndexDefinition index : definition.get().indexes()) {
        state.addIndex(store, index, List.of());
      }
      state.noticeRows(store);
    }
  }

  private static SealedSegment openNamed(
      Path files, TableDefinition table, Manifest.SegmentEntry entry, PinnedMemory pinned)
      throws IOException, CorruptFileException {
    try {
      return Checkpointer.open(files, table, entry, pinned);
    } catch (NoSuchFileException e) {
      throw new CorruptFileException(
          Path.of(e.getFile()), 0, "the file is missing; the manifest names it");
    }
  }

  private static void replay(
      Path logDirectory, CommitLog log, Manifest manifest, CommittedState state, LogVolume volume)
      throws IOException, CorruptFileException {
    long start = System.nanoTime();
    try (LogReplay replay = new LogReplay(state);
        LogCursor cursor = log.read(manifest.replayFrom())) {
      Optional<Entry> next = cursor.next();
      while (next.isPresent()) {
        replay.apply(next.get());
        next = cursor.next();
      }
      volume.add(replay.bytes());
      if (replay.commits() > 0) {
        LOG.info(
            "replayed {} commits after LSN {} in {} ms",
            replay.commits(),
            manifest.lsn(),
            (System.nanoTime() - start) / 1_000_000);
      }
    } catch (MalformedBytesException e) {
      throw new CorruptFileException(
          logDirectory, 0, "commit after LSN " + state.lastCommitted() + ": " + e.getMessage());
    }
  }

  @Override
  public Transaction begin(IsolationLevel isolation, Checkpoint cancel) {
    services.committer().requireRunning();
    return new OpenTransaction(services, isolation, cancel);
  }

  @Override
  public void limitSnapshots(Duration age) {
    services.snapshots().limit(age);
  }

  @Override
  public DatabaseOptions options() {
    return options;
  }

  @Override
  public Catalog catalog() {
    return services.state().catalog();
  }

  @Override
  public Lsn lastCommitted() {
    return new Lsn(services.state().lastCommitted());
  }

  @Override
  public void whenStopped(Consumer<Throwable> listener) {
    services.committer().whenStopped(listener);
  }

  @Override
  public Optional<Path> directory() {
    return directory.map(DataDirectory::path);
  }

  @Override
  public void checkpoint() {
    checkpointer.ifPresent(Checkpointer::run);
  }

  @Override
  public Optional<LogArchiver.Status> logArchive() {
    return archiver.map(LogArchiver::status);
  }

  @Override
  public Snapshots snapshots() {
    return snapshots.orElseThrow(() ->
        new DatabaseException(
            SqlState.FEATURE_NOT_SUPPORTED, "snapshots of a database in memory are not supported"));
  }

  @Override
  public void vacuum(List<Integer> tableOids, MergePolicy.Extent extent, Checkpoint cancel) {
    if (merger.isEmpty()) {
      return;
    }
    checkpoint(); // What is in memory can be written anew only when it is in files.
    for (int oid : tableOids) {
      services
          .state()
          .store(oid)
          .ifPresent(store -> {
            merger.get().vacuum(store, extent, cancel);
            store.activity().vacuumed(TableActivity.By.STATEMENT);
          });
    }
    checkpoint(); // Names the new files, so that the old ones go.
  }

  @Override
  public void optimize(List<Integer> tableOids, Checkpoint cancel) {
    if (merger.isEmpty()) {
      return;
    }
    checkpoint();
    for (int oid : tableOids) {
      services.state().store(oid).ifPresent(store -> merger.get().optimize(store, cancel));
    }
    checkpoint();
  }

  @Override
  public void reindex(List<Integer> indexOids, Checkpoint cancel) {
    checkpoint(); // What is in memory from here on was indexed since.
    for (int oid : indexOids) {
      Optional<IndexDefinition> index = catalog().index(oid);
      Optional<TableStore> store = index.flatMap(known -> services.state().store(known.tableOid()));
      if (index.isPresent() && store.isPresent()) {
        IndexRebuild rebuild = new IndexRebuild(services);
        if (merger.isPresent()) {
          merger.get().withTurn(cancel, all -> rebuild.run(store.get(), index.get(), all));
        } else {
          rebuild.run(store.get(), index.get(), cancel);
        }
      }
    }
    checkpoint(); // Writes the new ones.
  }

  @Override
  public Optional<TableProfile> analyze(int tableOid, Set<Integer> columns, Checkpoint cancel) {
    return services
        .state()
        .store(tableOid)
        .map(store -> analyzer.analyze(store, columns, TableActivity.By.STATEMENT, cancel));
  }

  @Override
  public Optional<TableProfile> profile(int tableOid) {
    return services
        .state()
        .store(tableOid)
        .flatMap(store ->
            store
                .profile()
                .filter(known -> known.definitions().equals(store.definition().columns())));
  }

  @Override
  public List<UpkeepProgress.Snapshot> upkeepProgress() {
    return progress.now();
  }

  @Override
  public long profileVersion() {
    return analyzer.version();
  }

  @Override
  public Optional<TableActivity.Counts> activity(int tableOid) {
    return services.state().store(tableOid).map(store -> store.activity().counts());
  }

  @Override
  public void awaitIndexes(Checkpoint cancel) {
    for (TableStore store : services.state().stores()) {
      services.builder().awaitBacklog(store, 0, cancel);
      services.builder().awaitCodes(store, cancel);
    }
  }

  @Override
  public Optional<TableStatistics> tableStatistics(int tableOid) {
    return services.state().store(tableOid).map(OpenDatabase::statistics);
  }

  private static TableStatistics statistics(TableStore store) {
    long live = 0;
    long versions = 0;
    long memory = 0;
    long files = 0;
    long rows = 0;
    List<Segment> segments = store.holdSegments();
    for (Segment segment : segments) {
      live += segment.liveCount();
      versions += segment.size();
      memory += segment.memoryBytes();
      switch (segment) {
        case SealedSegment sealed -> {
          files += sealed.fileBytes();
          rows += sealed.rowFileBytes();
        }
        case MutableSegment mutable -> rows += mutable.size() == 0 ? 0 : mutable.memoryBytes();
      }
    }
    int count = segments.size();
    segments.forEach(Segment::release);
    long indexes = 0;
    for (IndexDefinition index : store.definition().indexes()) {
      indexes += statistics(store, index.oid()).bytes();
    }
    return new TableStatistics(live, versions, count, memory, files, rows, indexes);
  }

  @Override
  public Optional<IndexStatistics> indexStatistics(int indexOid) {
    return catalog()
        .index(indexOid)
        .flatMap(index -> services.state().store(index.tableOid()))
        .map(store -> statistics(store, indexOid));
  }

  private static IndexStatistics statistics(TableStore store, int indexOid) {
    long rows = 0;
    long indexed = 0;
    long bytes = 0;
    List<Segment> segments = store.holdSegments();
    for (Segment segment : segments) {
      rows += segment.size();
      VectorIndex graph = segment.vectorIndexes().get(indexOid);
      indexed += graph == null ? segment.size() : graph.graph().indexedCount();
      bytes += graph == null ? (long) segment.size() * Integer.BYTES : graph.graphBytes();
    }
    segments.forEach(Segment::release);
    return new IndexStatistics(rows, indexed, bytes);
  }

  @Override
  public Optional<VectorIndexStatistics> vectorIndexStatistics(int indexOid) {
    return catalog()
        .index(indexOid)
        .flatMap(index -> services.state().store(index.tableOid()))
        .map(store -> VectorIndexStatistics.of(store, indexOid));
  }

  @Override
  public List<IndexBuilder.Progress> indexBuilds() {
    return services.builder().progress();
  }

  @Override
  public MemoryUse memoryUse() {
    return services.memory().use();
  }

  @Override
  public long fileBytes() {
    return directory.map(it -> fileBytes(it.path())).orElse(0L);
  }

  /// The bytes of all files below a directory but those of snapshots, most of which are counted
  /// already.
  private static long fileBytes(Path directory) {
    Path snapshotFiles = directory.resolve(SnapshotStore.DIRECTORY);
    try (Stream<Path> files = Files.walk(directory)) {
      long bytes = 0;
      for (Path file :
          files.filter(it -> !it.startsWith(snapshotFiles) && Files.isRegularFile(it)).toList()) {
        try {
          bytes += Files.size(file);
        } catch (NoSuchFileException e) {
          LOG.debug("{} went meanwhile", file, e);
        }
      }
      return bytes;
    } catch (IOException | UncheckedIOException e) {
      throw new DatabaseException(SqlState.IO_ERROR, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    merger.ifPresent(SegmentMerger::close);
    checkpointer.ifPresent(Checkpointer::close);
    services.committer().close();
    services.builder().close();
    services.state().stores().forEach(TableStore::close);
    archiver.ifPresent(LogArchiver::close);
    try {
      services.log().close();
      if (directory.isPresent()) {
        directory.get().close();
      }
    } catch (IOException e) {
      throw new DatabaseException(
          SqlState.IO_ERROR, "could not close the database: " + e.getMessage(), e);
    }
  }
}
