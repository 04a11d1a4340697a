package io.alidade.sql.session;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.model.SqlState;
import io.alidade.sql.Session.TransactionStatus;
import io.alidade.sql.constraint.DeferredChecks;
import io.alidade.sql.parse.TransactionCommand;
import io.alidade.storage.Database;
import io.alidade.storage.Durability;
import io.alidade.storage.IsolationLevel;
import io.alidade.storage.Savepoint;
import io.alidade.storage.Transaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A session's transaction: the block that BEGIN opens, or the implicit one around everything
/// between two syncs.
///
/// The states are those of PostgreSQL: idle, in an implicit transaction, in a block, in a failed
/// block. Settings changed in a transaction are undone with it.
final class TransactionControl {

  /// How many savepoints a transaction may have open at once.
  static final int MAX_SAVEPOINTS = 10_000;

  private final Database database;
  private final SessionSettings settings;
  private final Checkpoint cancel;
  private final Deque<NamedSavepoint> savepoints = new ArrayDeque<>();
  private final DeferredChecks deferred = new DeferredChecks();
  private final Consumer<Transaction> beforeCommit;

  private @Nullable Transaction transaction;
  private SessionSettings.Mark settingsBefore;
  private Block block = Block.NONE;
  private long number;
  private long beganMicros;
  private boolean queried;

  /// Whether a commit was begun whose outcome was not known then.
  private boolean syncing;

  /// Whether a block is open, and how it stands.
  private enum Block {
    NONE,
    OPEN,
    FAILED
  }

  private record NamedSavepoint(
      String name, Savepoint point, SessionSettings.Mark settings, DeferredChecks.Mark deferred) {}

  /// @param beforeCommit looks at what was put off, in a statement that was begun for it
  TransactionControl(
      Database database,
      SessionSettings settings,
      Checkpoint cancel,
      Consumer<Transaction> beforeCommit) {
    this.beforeCommit = beforeCommit;
    this.database = database;
    this.settings = settings;
    this.cancel = cancel;
    this.settingsBefore = settings.mark();
  }

  TransactionStatus status() {
    return switch (block) {
      case NONE -> TransactionStatus.IDLE;
      case OPEN -> TransactionStatus.IN_TRANSACTION;
      case FAILED -> TransactionStatus.FAILED;
    };
  }

  boolean inBlock() {
    return block != Block.NONE;
  }

  /// Whether statements before this one, of a block or of the same script, have changed anything.
  boolean hasWritten() {
    Transaction open = transaction;
    return open != null && open.hasWritten();
  }

  /// Refuses everything but the end of a failed block.
  void requireNotFailed() {
    if (block == Block.FAILED) {
      throw new DatabaseException(
          SqlState.IN_FAILED_SQL_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  /// The transaction that a statement is part of; an implicit one begins where there is none.
  Transaction current() {
    Transaction open = transaction;
    return open != null ? open : open();
  }

  /// The transaction with a new statement begun in it.
  Transaction beginStatement() {
    Transaction open = current();
    open.lockTimeout(settings.effective().lockTimeout());
    open.maintenanceWorkers(settings.effective().maintenanceWorkers());
    open.beginStatement();
    queried = true;
    return open;
  }

  /// The transaction for a command that takes no snapshot.
  Transaction forLocking() {
    Transaction open = current();
    open.lockTimeout(settings.effective().lockTimeout());
    queried = true;
    return open;
  }

  private Transaction open() {
    if (block == Block.NONE) {
      settingsBefore = settings.mark();
    }
    Transaction begun = database.begin(isolation(settings.get(ServerSettings.ISOLATION)), cancel);
    transaction = begun;
    number++;
    beganMicros = Clock.micros();
    return begun;
  }

  /// A block stays as it began, whatever becomes of the session's defaults meanwhile.
  private void keepModes() {
    settings.setLocal(ServerSettings.ISOLATION, settings.get(ServerSettings.ISOLATION));
    settings.setLocal(ServerSettings.READ_ONLY, settings.get(ServerSettings.READ_ONLY));
  }

  static IsolationLevel isolation(String setting) {
    return switch (setting) {
      case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
      case "serializable" -> IsolationLevel.SERIALIZABLE;
      default -> IsolationLevel.READ_COMMITTED;
    };
  }

  /// When the transaction began, in microseconds since 1970.
  long beganMicros() {
    return beganMicros;
  }

  /// Counts the session's transactions.
  long number() {
    return number;
  }

  /// @throws DatabaseException 25006 in a read-only transaction
  void requireWritable(String command) {
    if (settings.isOn(ServerSettings.READ_ONLY)) {
      throw new DatabaseException(
          SqlState.READ_ONLY_SQL_TRANSACTION,
          "cannot execute " + command + " in a read-only transaction");
    }
  }

  /// Opens a block; what the implicit transaction did before becomes part of it.
  ///
  /// @return whether a block was open already
  boolean begin(TransactionCommand.Modes modes) {
    boolean wasOpen = inBlock();
    if (!wasOpen) {
      if (transaction == null) {
        settingsBefore = settings.mark();
        beganMicros = Clock.micros();
      }
      block = Block.OPEN;
      keepModes();
    }
    setModes(modes);
    return wasOpen;
  }

  /// `SET TRANSACTION`.
  void setModes(TransactionCommand.Modes modes) {
    TransactionCommand.Isolation isolation = modes.isolation();
    if (isolation != null) {
      Transaction open = transaction;
      if (open != null && open.isolation() != isolation(nameOf(isolation))) {
        if (queried) {
          throw new DatabaseException(
              SqlState.ACTIVE_SQL_TRANSACTION,
              "SET TRANSACTION ISOLATION LEVEL must be called before any query");
        }
        // Only names were looked up in it so far.
        transaction = null;
        open.close();
      }
      settings.setLocal(ServerSettings.ISOLATION, nameOf(isolation));
    }
    TransactionCommand.Access access = modes.access();
    if (access != null) {
      settings.setLocal(ServerSettings.READ_ONLY, nameOf(access));
    }
  }

  static String nameOf(TransactionCommand.Isolation isolation) {
    return isolation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String nameOf(TransactionCommand.Access access) {
    return switch (access) {
      case READ_ONLY -> "on";
      case READ_WRITE -> "off";
    };
  }

  /// COMMIT of a block.
  ///
  /// @return whether it was committed; a failed block is rolled back
  /// @throws DatabaseException when the commit is refused; the transaction is then rolled back
  boolean commitBlock() {
    boolean good = block != Block.FAILED;
    block = Block.NONE;
    if (good) {
      commit();
    } else {
      rollback();
    }
    return good;
  }

  void rollbackBlock() {
    block = Block.NONE;
    rollback();
  }

  /// The end of a script or pipeline: commits an implicit transaction, without waiting for it.
  ///
  /// @return whether it is over; else it is ended with [#finishSync]
  boolean beginSync(Runnable whenKnown) {
    if (block != Block.NONE || transaction == null) {
      return true;
    }
    syncing = !beginCommit(whenKnown);
    if (!syncing) {
      finishCommit();
    }
    return !syncing;
  }

  /// Ends what [#beginSync] began.
  ///
  /// @return whether it is over
  boolean finishSync() {
    Transaction open = transaction;
    if (syncing && open != null && !open.isCommitKnown()) {
      return false;
    }
    awaitSync();
    return true;
  }

  /// The same, after waiting if need be.
  void awaitSync() {
    if (syncing) {
      syncing = false;
      finishCommit();
    }
  }

  /// The client is waited for, with no statement half done.
  void rest() {
    Transaction open = transaction;
    if (open != null) {
      open.endStatement();
    }
  }

  /// A statement failed: an implicit transaction is rolled back, a block fails.
  void failed() {
    if (block == Block.NONE) {
      rollback();
      return;
    }
    block = Block.FAILED;
    Transaction open = transaction;
    if (savepoints.isEmpty() && open != null) {
      // There is no way back into it: others need not wait until the client has ended it.
      open.rollback();
    }
  }

  private void commit() {
    boolean unused = beginCommit(() -> {});
    finishCommit();
  }

  private boolean beginCommit(Runnable whenKnown) {
    Transaction open = transaction;
    try {
      if (open == null) {
        return true;
      }
      checkDeferred(open);
      return open.beginCommit(durability(), whenKnown);
    } catch (DatabaseException e) {
      settings.to(settingsBefore);
      forget();
      throw e;
    }
  }

  private void finishCommit() {
    Transaction open = transaction;
    try {
      if (open != null) {
        Lsn unused = open.finishCommit();
      }
    } catch (DatabaseException e) {
      settings.to(settingsBefore);
      throw e;
    } finally {
      forget();
    }
  }

  private void checkDeferred(Transaction open) {
    if (!deferred.isEmpty()) {
      open.beginStatement();
      beforeCommit.accept(open);
    }
  }

  /// What statements have put off to the end of the transaction.
  DeferredChecks deferred() {
    return deferred;
  }

  private Durability durability() {
    return settings.get(ServerSettings.SYNCHRONOUS_COMMIT).equals("off")
        ? Durability.APPENDED
        : Durability.FORCED;
  }

  private void rollback() {
    Transaction open = transaction;
    try {
      if (open != null) {
        open.rollback();
      }
      settings.to(settingsBefore);
    } finally {
      forget();
    }
  }

  private void forget() {
    Transaction open = transaction;
    transaction = null;
    queried = false;
    savepoints.clear();
    deferred.clear();
    settings.endTransaction();
    settingsBefore = settings.mark();
    if (open != null) {
      open.close();
    }
  }

  void savepoint(String name) {
    requireBlock("SAVEPOINT");
    if (savepoints.size() >= MAX_SAVEPOINTS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "a transaction cannot have more than " + MAX_SAVEPOINTS + " savepoints");
    }
    queried = true;
    savepoints.push(
        new NamedSavepoint(name, current().savepoint(), settings.mark(), deferred.mark()));
  }

  void release(String name) {
    requireBlock("RELEASE SAVEPOINT");
    NamedSavepoint target = find(name);
    while (savepoints.pop() != target) {
      // Those made after it go with it.
    }
  }

  /// Undoes what came after a savepoint, which stays; a failed block is good again.
  void rollbackTo(String name) {
    requireBlock("ROLLBACK TO SAVEPOINT");
    NamedSavepoint target = find(name);
    while (savepoints.element() != target) {
      savepoints.pop();
    }
    current().rollbackTo(target.point);
    deferred.rollbackTo(target.deferred);
    settings.to(target.settings);
    block = Block.OPEN;
  }

  private NamedSavepoint find(String name) {
    for (Iterator<NamedSavepoint> latest = savepoints.iterator(); latest.hasNext(); ) {
      NamedSavepoint savepoint = latest.next();
      if (savepoint.name.equals(name)) {
        return savepoint;
      }
    }
    throw new DatabaseException(
        SqlState.INVALID_SAVEPOINT_SPECIFICATION, "savepoint \"" + name + "\" does not exist");
  }

  private void requireBlock(String command) {
    if (!inBlock()) {
      throw new DatabaseException(
          SqlState.NO_ACTIVE_SQL_TRANSACTION, command + " can only be used in transaction blocks");
    }
  }
}
