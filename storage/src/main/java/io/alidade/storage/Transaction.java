package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// One transaction: what it sees, its changes before they are committed, and its locks.
///
/// A statement begins with [#beginStatement]; views taken in it see the snapshot and what earlier
/// statements of the transaction did, and never what the statement itself does. Rows are arrays of
/// canonical values (see `io.alidade.model`), one a column; null is SQL NULL. Values are taken as
/// they are: converting them to the column's type, length and scale is SQL's work. The arrays may
/// be used again after the call.
///
/// After a [DatabaseException] of a writing method the statement's changes may be half done:
/// [#rollbackTo] a savepoint, or [#rollback].
///
/// Locks are kept to the end of the transaction, or to [#rollbackTo]. Waits for locks pass the
/// cancel hook given to [Database#begin] and end in 55P03 after [#lockTimeout] and in 40P01 when
/// they would wait for themselves.
///
/// Thread-safety: none; one session's.
public interface Transaction extends AutoCloseable {

  IsolationLevel isolation();

  /// The definitions, with the transaction's own changes.
  Catalog catalog();

  /// A new OID for a table, index, schema or extension.
  int allocateOid();

  /// Begins a statement: what was written before becomes visible to it; under READ COMMITTED it
  /// also takes a new snapshot.
  void beginStatement();

  /// Ends a statement. At READ COMMITTED the snapshot goes, so that a transaction which waits for
  /// its client does not keep old versions of rows. Views stay open; no view is taken until the
  /// next statement.
  void endStatement();

  /// Undoes what the running statement did, except for its locks, and takes a new snapshot: for a
  /// statement that met [WriteOutcome#CHANGED_SINCE].
  void retryStatement();

  /// The snapshot of the running statement.
  Lsn snapshot();

  /// What the running statement sees of a table. The caller closes it; it may outlive the
  /// statement, and the transaction.
  ///
  /// @throws DatabaseException 42P01 when the table is gone
  TableView table(int tableOid);

  /// Inserts a row.
  ///
  /// @throws DatabaseException 23502, 23505
  void insert(int tableOid, @Nullable Object[] row);

  /// Inserts many rows at once: for COPY and long VALUES lists. A few hundred are a good number.
  ///
  /// @throws RowRejectedException 23502, 23505, with the row's index
  void insertAll(int tableOid, List<@Nullable Object[]> rows);

  /// Inserts a row unless one with an equal unique key is there.
  ///
  /// @param uniqueIndex the index whose conflicts are looked for; empty for all. A conflict with
  ///   another one ends in 23505
  InsertOutcome insertOrFind(
      int tableOid, @Nullable Object[] row, OptionalInt uniqueIndex, OnConflict onConflict);

  /// What happens to the row that an insert conflicts with.
  enum OnConflict {
    /// It is only waited for, if another transaction is about to change it: for DO NOTHING.
    LEAVE_ROW,
    /// It is locked: for DO UPDATE.
    LOCK_ROW
  }

  /// Locks a row that is visible in a view: SELECT ... FOR UPDATE and its relatives. A row of the
  /// transaction's own needs no lock, and counts as locked.
  ///
  /// @throws DatabaseException 55P03 with [LockWait#REFUSE]; 40001 instead of
  ///   [LockOutcome#CHANGED_SINCE] unless READ COMMITTED
  LockOutcome lockRow(TableView view, RowReference row, RowLock mode, LockWait wait);

  /// Locks the row that has a key of a unique index, and tells whether there is one: for foreign
  /// keys, whose references ask for [RowLock#KEY_SHARE]. It looks at what is committed at the
  /// moment, whatever the snapshot, and at what the transaction itself wrote, the running statement
  /// too. Whoever is about to delete the row or to change its key is waited for; rows that others
  /// are about to insert are not. A row that was found stays with its key to the end of the
  /// transaction, or to [#rollbackTo] a savepoint from before.
  ///
  /// @param key the index's columns in the index's order; with a null among them nothing is found
  boolean lockKey(int tableOid, int indexOid, List<@Nullable Object> key, RowLock mode);

  /// What is committed at the moment, whatever the snapshot, with what the transaction itself
  /// wrote, the running statement too: for checks that are not to miss what was committed since,
  /// such as whether a row that is about to go is still referred to. Locks nothing, at no level.
  /// The caller closes it.
  TableView latest(int tableOid);

  /// Sees that no two rows have a key of the unique index of a deferrable constraint, which writing
  /// rows does not look at: whoever writes a key asks this before the end. The key stays the
  /// transaction's own to its end.
  ///
  /// @param key the index's columns in the index's order; with a null among them all is well
  /// @throws DatabaseException 23505
  void requireUnique(int tableOid, int indexOid, List<@Nullable Object> key);

  /// Locks a table: LOCK TABLE, and what a statement is going to write, before it reads. If the
  /// running statement took the transaction's snapshot and has read nothing yet, it takes a new one
  /// after the wait. What statements do to a table takes the locks that it needs by itself.
  ///
  /// Readers take no lock, and wait only for a table that is locked in [LockMode#ACCESS_EXCLUSIVE]
  /// by this method; they are not waited for.
  ///
  /// @return [LockOutcome#LOCKED], or [LockOutcome#SKIPPED] with [LockWait#SKIP]
  /// @throws DatabaseException 55P03 with [LockWait#REFUSE]
  LockOutcome lockTable(int tableOid, LockMode mode, LockWait wait);

  /// Locks a row and gives it new values, all columns.
  ///
  /// @throws DatabaseException 23502, 23505; 40001 unless READ COMMITTED
  WriteOutcome update(TableView view, RowReference row, @Nullable Object[] newRow);

  /// Locks a row and deletes it.
  ///
  /// @throws DatabaseException 40001 unless READ COMMITTED
  WriteOutcome delete(TableView view, RowReference row);

  /// Changes a definition. Takes the lock that lets one transaction at a time change definitions,
  /// and the table's exclusive lock; an index over existing rows is built before this returns.
  ///
  /// @throws DatabaseException as [Catalog#with]; 23505 when rows do not fit a new unique index
  void apply(CatalogChange change);

  /// Deletes all rows of a table, at once.
  void truncate(int tableOid);

  Savepoint savepoint();

  /// Undoes everything since a savepoint, and gives back the locks taken since; those from before
  /// are held again as they were then. What a serializable transaction has read stays locked.
  void rollbackTo(Savepoint savepoint);

  /// How long to wait for a lock from now on; zero for without end.
  void lockTimeout(Duration timeout);

  /// How many threads build a new vector index from now on, beside the one that calls [#apply]; of
  /// all builds together there are not more than
  /// [io.alidade.storage.merge.IndexBuilder#MAX_WORKERS]. Before the first call as many as
  /// [DatabaseOptions#indexBuildThreads] leaves.
  void maintenanceWorkers(int workers);

  /// Whether there is anything to commit.
  boolean hasWritten();

  /// Commits: everything becomes visible at once. Returns when it is as durable as asked.
  ///
  /// @return the commit's LSN, or the snapshot if nothing was written
  /// @throws DatabaseException when it was rolled back instead, or, in the class 58, when the
  ///   database has stopped and nobody knows
  Lsn commit(Durability durability);

  /// Commits without waiting for the disk: what [#commit] does, in two steps. After this only
  /// [#finishCommit] and the end are allowed.
  ///
  /// @param whenKnown called once, by any thread and perhaps before this returns, when the outcome
  ///   is known; not called if this returns true
  /// @return whether the outcome is known already
  /// @throws DatabaseException as [#commit]; the transaction has then ended
  boolean beginCommit(Durability durability, Runnable whenKnown);

  /// Whether [#finishCommit] would not wait.
  boolean isCommitKnown();

  /// Ends a transaction whose commit was begun, after waiting for its outcome if need be.
  ///
  /// @return as [#commit]
  /// @throws DatabaseException as [#commit]
  Lsn finishCommit();

  /// Undoes everything. Allowed at any time; without effect after the end. A commit that was begun
  /// is not undone, but waited for.
  void rollback();

  /// The same as [#rollback].
  @Override
  default void close() {
    rollback();
  }
}
