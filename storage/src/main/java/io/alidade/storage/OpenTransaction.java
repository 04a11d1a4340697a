package io.alidade.storage;

import com.carrotsearch.hppc.LongHashSet;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.lock.LockKey;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.lock.LockOwner;
import io.alidade.storage.lock.LockTable;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.table.Overlay;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.SnapshotTableView;
import io.alidade.storage.table.TableStore;
import io.alidade.storage.table.TableView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A transaction of an open database.
final class OpenTransaction implements Transaction {
  private static final Logger LOG = LoggerFactory.getLogger(OpenTransaction.class);
  private static final long NO_SNAPSHOT = -1;

  private final Services services;
  private final IsolationLevel isolation;
  private final Checkpoint cancel;
  private final LockOwner owner;
  private final WriteSet writes = new WriteSet();
  private final TransactionLog log;
  private final MemoryAccount.Share memory;
  private final RowWriter rows;
  private final DefinitionWriter definitions;

  /// In which modes tables are known to be locked; none is forgotten when locks are given back.
  private final Map<Integer, Set<LockMode>> lockedTables = new HashMap<>();

  private long snapshot = NO_SNAPSHOT;
  private WriteMark statementStart;
  private Committer.@Nullable Pending committing;

  /// The statement that took the snapshot.
  private long snapshotTaken;

  /// Whether anything was read at the snapshot.
  private boolean viewed;

  /// Whether it has asked for a table in [LockMode#ACCESS_EXCLUSIVE].
  private boolean barsReaders;

  private boolean ended;

  /// What of the database a transaction works with.
  ///
  /// @param readerBars how many transactions may have locked tables against readers
  record Services(
      CommittedState state,
      LockTable locks,
      AtomicInteger readerBars,
      CommitLog log,
      TransactionLog.Readers logReaders,
      OpenTransactions open,
      LogVolume volume,
      OpenSnapshots snapshots,
      LogRetention retention,
      Committer committer,
      IndexBuilder builder,
      int maxUnindexedRows,
      MemoryAccount memory) {}

  OpenTransaction(Services services, IsolationLevel isolation, Checkpoint cancel) {
    this.services = services;
    this.isolation = isolation;
    this.cancel = cancel;
    this.owner = services.locks().newOwner(cancel);
    this.log =
        new TransactionLog(
            services.log(), services.logReaders(), services.open(), services.volume(), writes);
    this.memory = services.memory().newShare();
    this.rows =
        new RowWriter(
            services.locks(), owner, writes, log, memory, services.state()::lastCommitted);
    this.definitions =
        new DefinitionWriter(
            services.state(), services.locks(), owner, writes, services.builder(), cancel);
    this.statementStart = writes.mark();
  }

  @Override
  public IsolationLevel isolation() {
    return isolation;
  }

  @Override
  public Catalog catalog() {
    return writes.catalog().orElseGet(services.state()::catalog);
  }

  @Override
  public int allocateOid() {
    return services.state().allocateOid();
  }

  @Override
  public void beginStatement() {
    requireOpen();
    services.committer().requireRunning();
    writes.beginStatement();
    statementStart = writes.mark();
    if (isolation == IsolationLevel.READ_COMMITTED || snapshot == NO_SNAPSHOT) {
      takeSnapshot();
    }
  }

  @Override
  public void endStatement() {
    if (!ended && isolation == IsolationLevel.READ_COMMITTED) {
      letGoOfSnapshot();
    }
  }

  private void takeSnapshot() {
    letGoOfSnapshot();
    viewed = false;
    snapshotTaken = writes.statement();
    snapshot = services.snapshots().open(services.state()::lastCommitted);
  }

  private void letGoOfSnapshot() {
    if (snapshot != NO_SNAPSHOT) {
      services.snapshots().close(snapshot);
      snapshot = NO_SNAPSHOT;
    }
  }

  @Override
  public void retryStatement() {
    requireOpen();
    writes.rollbackTo(statementStart);
    takeSnapshot();
  }

  @Override
  public Lsn snapshot() {
    return new Lsn(snapshotLsn());
  }

  private long snapshotLsn() {
    if (snapshot == NO_SNAPSHOT) {
      takeSnapshot();
    }
    return snapshot;
  }

  @Override
  public TableView table(int tableOid) {
    requireOpen();
    if (isolation == IsolationLevel.SERIALIZABLE) {
      lockQuietly(tableOid, LockMode.SERIALIZABLE_READ, LockWait.WAIT);
    }
    awaitReadable(tableOid);
    RowWriter.Target target = target(tableOid);
    long time = snapshotLsn();
    viewed = true;
    if (isolation == IsolationLevel.SERIALIZABLE && target.store().lastChange() > time) {
      throw new DatabaseException(
          SqlState.SERIALIZATION_FAILURE,
          "could not serialize access due to read/write dependencies among transactions");
    }
    Overlay overlay = writes.overlay(target.table());
    SnapshotTableView view =
        SnapshotTableView.open(target.table(), target.store(), time, overlay, writes.statement());
    if (services.snapshots().isTooOld(time)) { // Asked now that nothing can be taken away.
      view.close();
      throw new DatabaseException(SqlState.SNAPSHOT_TOO_OLD, "snapshot too old");
    }
    return view;
  }

  /// The table as the transaction sees it.
  private RowWriter.Target target(int tableOid) {
    Optional<TableDefinition> definition = catalog().table(tableOid);
    Optional<TableStore> own = definition.flatMap(writes::ownStore);
    if (own.isPresent()) {
      return new RowWriter.Target(definition.orElseThrow(), own.get());
    }
    Optional<TableStore> store = services.state().store(tableOid);
    if (definition.isEmpty() || store.isEmpty()) {
      throw new DatabaseException(
          SqlState.UNDEFINED_TABLE,
          definition
              .map(table -> "relation \"" + table.name() + "\" does not exist")
              .orElse("relation with OID " + tableOid + " does not exist"));
    }
    // Without changes of its own, what the contents say: another commit may be just publishing.
    boolean changed = writes.catalog().isPresent();
    return new RowWriter.Target(changed ? definition.get() : store.get().definition(), store.get());
  }

  private RowWriter.Target writeTarget(int tableOid) {
    requireOpen();
    long ignored = snapshotLsn(); // Keeps merges from what is looked up.
    lockQuietly(tableOid, LockMode.ROW_EXCLUSIVE, LockWait.WAIT);
    return target(tableOid);
  }

  @Override
  public LockOutcome lockTable(int tableOid, LockMode mode, LockWait wait) {
    requireOpen();
    if (mode == LockMode.ACCESS_EXCLUSIVE && !barsReaders) {
      barsReaders = true;
      services.readerBars().incrementAndGet();
    }
    LockOutcome outcome = lockQuietly(tableOid, mode, wait);
    if (outcome == LockOutcome.LOCKED
        && snapshot != NO_SNAPSHOT
        && snapshotTaken == writes.statement()
        && !viewed) {
      takeSnapshot(); // What was waited for is to be seen by the statement.
    }
    return outcome;
  }

  /// Waits for whoever has locked a table against readers. Readers ask for no lock otherwise.
  private void awaitReadable(int tableOid) {
    if (services.readerBars().get() > 0
        && lockQuietly(tableOid, LockMode.ACCESS_SHARE, LockWait.SKIP) != LockOutcome.LOCKED) {
      lockTable(tableOid, LockMode.ACCESS_SHARE, LockWait.WAIT);
    }
  }

  private LockOutcome lockQuietly(int tableOid, LockMode mode, LockWait wait) {
    Set<LockMode> held =
        lockedTables.computeIfAbsent(tableOid, _ -> EnumSet.noneOf(LockMode.class));
    if (held.contains(mode)) {
      return LockOutcome.LOCKED;
    }
    long key = LockKey.ofTable(tableOid);
    LockTable.Outcome outcome =
        switch (wait) {
          case WAIT -> services.locks().acquire(owner, key, mode);
          case REFUSE, SKIP -> services.locks().tryAcquire(owner, key, mode);
        };
    if (outcome == LockTable.Outcome.BUSY) {
      if (wait == LockWait.REFUSE) {
        String name = catalog().table(tableOid).map(TableDefinition::name).orElse("");
        throw new DatabaseException(
            SqlState.LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"" + name + "\"");
      }
      return LockOutcome.SKIPPED;
    }
    held.add(mode);
    return LockOutcome.LOCKED;
  }

  @Override
  public void insert(int tableOid, @Nullable Object[] row) {
    try {
      insertAll(tableOid, List.<@Nullable Object[]>of(row));
    } catch (RowRejectedException e) {
      throw e.reason();
    }
  }

  @Override
  public void insertAll(int tableOid, List<@Nullable Object[]> newRows) {
    rows.insertAll(writeTarget(tableOid), newRows);
  }

  @Override
  public InsertOutcome insertOrFind(
      int tableOid, @Nullable Object[] row, OptionalInt uniqueIndex, OnConflict onConflict) {
    InsertOutcome outcome = rows.insertOrFind(writeTarget(tableOid), row, uniqueIndex, onConflict);
    if (outcome instanceof InsertOutcome.Conflict(var view, var found, _, _)) {
      try {
        requireInSnapshot(snapshotView(view), found);
      } catch (DatabaseException e) {
        view.close();
        throw e;
      }
    }
    return outcome;
  }

  @Override
  public LockOutcome lockRow(TableView view, RowReference row, RowLock mode, LockWait wait) {
    LockOutcome outcome =
        rows.lockRow(rowLockTarget(view.definition().oid()), snapshotView(view), row, mode, wait);
    if (outcome == LockOutcome.CHANGED_SINCE && isolation != IsolationLevel.READ_COMMITTED) {
      throw concurrentUpdate();
    }
    return outcome;
  }

  @Override
  public boolean lockKey(int tableOid, int indexOid, List<@Nullable Object> key, RowLock mode) {
    RowWriter.Target target = rowLockTarget(tableOid);
    return rows.lockKey(target, target.table().index(indexOid).orElseThrow(), key, mode);
  }

  @Override
  public TableView latest(int tableOid) {
    requireOpen();
    long ignored = snapshotLsn(); // Keeps merges from what the view may see.
    return rows.latest(target(tableOid));
  }

  @Override
  public void requireUnique(int tableOid, int indexOid, List<@Nullable Object> key) {
    RowWriter.Target target = writeTarget(tableOid);
    rows.requireUnique(target, target.table().index(indexOid).orElseThrow(), key, cancel);
  }

  private RowWriter.Target rowLockTarget(int tableOid) {
    long ignored = snapshotLsn(); // Keeps merges from what is looked up.
    lockQuietly(tableOid, LockMode.ROW_SHARE, LockWait.WAIT);
    return target(tableOid);
  }

  @Override
  public WriteOutcome update(TableView view, RowReference row, @Nullable Object[] newRow) {
    requireInSnapshot(snapshotView(view), row);
    return checked(rows.update(writeTarget(view), snapshotView(view), row, newRow));
  }

  @Override
  public WriteOutcome delete(TableView view, RowReference row) {
    requireInSnapshot(snapshotView(view), row);
    return checked(rows.delete(writeTarget(view), snapshotView(view), row));
  }

  /// Refuses to write what only [#latest] has shown, unless READ COMMITTED.
  private void requireInSnapshot(SnapshotTableView view, RowReference row) {
    if (isolation != IsolationLevel.READ_COMMITTED) {
      var segment = view.segment(row);
      if (segment.id() != Overlay.OWN_SEGMENT && segment.created(row.ordinal()) > snapshotLsn()) {
        throw concurrentUpdate();
      }
    }
  }

  private RowWriter.Target writeTarget(TableView view) {
    return writeTarget(view.definition().oid());
  }

  private static SnapshotTableView snapshotView(TableView view) {
    if (view instanceof SnapshotTableView own) {
      return own;
    }
    throw new IllegalArgumentException("a view of " + view.getClass() + " is not of this database");
  }

  private WriteOutcome checked(WriteOutcome outcome) {
    if (outcome == WriteOutcome.CHANGED_SINCE && isolation != IsolationLevel.READ_COMMITTED) {
      throw concurrentUpdate();
    }
    return outcome;
  }

  private static DatabaseException concurrentUpdate() {
    return new DatabaseException(
        SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
  }

  @Override
  public void apply(CatalogChange change) {
    requireOpen();
    services.committer().requireRunning();
    definitions.apply(change);
  }

  /// Creates a table with contents that are in segments already. Its rows are logged like any, so
  /// that whoever has the log only has them too.
  ///
  /// @param store this transaction's from now on, until it commits
  void adopt(TableStore store) {
    apply(new CatalogChange.CreateTable(store.definition()));
    writes.addOwnStore(store);
    log.logContents(store);
  }

  @Override
  public void truncate(int tableOid) {
    requireOpen();
    // Locked first: the generation that follows depends on it.
    lockQuietly(tableOid, LockMode.EXCLUSIVE, LockWait.WAIT);
    int generation = target(tableOid).table().generation();
    apply(new CatalogChange.Truncate(tableOid, generation + 1));
  }

  @Override
  public Savepoint savepoint() {
    requireOpen();
    return new SavepointMark(writes.mark(), services.locks().mark(owner));
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    requireOpen();
    switch (savepoint) {
      case SavepointMark(var written, int locked) -> {
        writes.rollbackTo(written);
        LongHashSet kept = new LongHashSet();
        writes.forgetUndone().forEach(oid -> kept.add(LockKey.ofTable(oid)));
        services.locks().releaseSince(owner, locked, kept);
        lockedTables.clear();
      }
    }
  }

  @Override
  public void lockTimeout(Duration timeout) {
    owner.timeout(timeout);
  }

  @Override
  public void maintenanceWorkers(int workers) {
    definitions.buildWith(workers + 1);
  }

  @Override
  public boolean hasWritten() {
    return !writes.isEmpty();
  }

  @Override
  public Lsn commit(Durability durability) {
    boolean unused = beginCommit(durability, () -> {});
    return finishCommit();
  }

  @Override
  public boolean beginCommit(Durability durability, Runnable whenKnown) {
    requireOpen();
    if (writes.isEmpty()) {
      committing = new NothingToCommit(snapshotLsn());
      return true;
    }
    try {
      awaitIndexes();
      Catalog latest = services.state().catalog();
      ByteBuffer payload = log.finish(latest);
      CommitContents contents = log.contents(latest);
      Committer.Pending begun =
          services.committer().begin(log.transactionId(), payload, contents, durability, whenKnown);
      committing = begun;
      return begun.isKnown();
    } catch (RuntimeException | Error e) {
      abandon();
      throw e;
    }
  }

  /// The commit of a transaction that wrote nothing.
  private record NothingToCommit(long finish) implements Committer.Pending {
    @Override
    public boolean isKnown() {
      return true;
    }
  }

  @Override
  public boolean isCommitKnown() {
    return pending().isKnown();
  }

  @Override
  public Lsn finishCommit() {
    Committer.Pending begun = pending();
    try {
      Lsn lsn = new Lsn(begun.finish());
      if (begun instanceof NothingToCommit) {
        log.abort(); // What it has logged ahead was undone.
      }
      return lsn;
    } catch (RuntimeException | Error e) {
      log.abort();
      throw e;
    } finally {
      committing = null;
      end();
    }
  }

  private Committer.Pending pending() {
    Committer.Pending begun = committing;
    if (begun == null) {
      throw new IllegalStateException("no commit was begun");
    }
    return begun;
  }

  /// Lets graphs and checkpoint catch up with what was written: a writer is slowed down, not a
  /// search.
  private void awaitIndexes() {
    services.volume().awaitRoom(cancel);
    services.memory().awaitRoom(cancel);
    for (Overlay overlay : writes.overlays()) {
      if (overlay.rows().isPresent()) {
        services.builder().awaitBacklog(overlay.store(), services.maxUnindexedRows(), cancel);
      }
    }
  }

  @Override
  public void rollback() {
    if (committing != null) {
      try {
        Lsn unused = finishCommit();
      } catch (DatabaseException e) {
        LOG.debug("a commit that nobody asked for the outcome of failed", e);
      }
    } else if (!ended) {
      abandon();
    }
  }

  private void abandon() {
    try {
      log.abort();
    } finally {
      end();
    }
  }

  private void end() {
    ended = true;
    letGoOfSnapshot();
    log.close();
    writes.close(services.state()::isCurrent);
    services.locks().releaseAll(owner);
    if (barsReaders) {
      services.readerBars().decrementAndGet();
    }
    memory.close();
  }

  private void requireOpen() {
    if (ended || committing != null) {
      throw new IllegalStateException("the transaction has ended");
    }
  }
}
