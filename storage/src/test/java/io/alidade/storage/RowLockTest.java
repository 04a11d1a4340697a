package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.find;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition.Uniqueness;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Locks of rows in their four modes, on keys, on tables, and what savepoints give back.
@Timeout(60)
class RowLockTest {
  private static final RowLock[] MODES = RowLock.values();

  private Database database;
  private int table;
  private int key;
  private ExecutorService other;

  @BeforeEach
  void open() {
    database = Database.inMemory(DatabaseOptions.DEFAULT);
    table = createTable(database, "items");
    key = database.catalog().table(table).orElseThrow().primaryKey().orElseThrow().oid();
    insert(database, table, row(1, "one", 1), row(2, "two", 2));
    other = Executors.newCachedThreadPool();
  }

  @AfterEach
  void close() {
    other.shutdownNow();
    database.close();
  }

  private LockOutcome lock(Transaction transaction, long id, RowLock mode, LockWait wait) {
    try (TableView view = transaction.table(table)) {
      return transaction.lockRow(view, find(view, id).orElseThrow(), mode, wait);
    }
  }

  private void assertRefused(Transaction transaction, long id, RowLock mode) {
    assertThatThrownBy(() -> lock(transaction, id, mode, LockWait.REFUSE))
        .hasMessage("could not obtain lock on row in relation \"items\"")
        .satisfies(e ->
            assertThat(((DatabaseException) e).state()).isEqualTo(SqlState.LOCK_NOT_AVAILABLE));
  }

  @Test
  void theFourModesStandBesideEachOtherAsInPostgresql() {
    String[] beside = {"yyyn", "yynn", "ynnn", "nnnn"};
    for (int held = 0; held < MODES.length; held++) {
      for (int asked = 0; asked < MODES.length; asked++) {
        try (Transaction first = begin(database);
            Transaction second = begin(database)) {
          lock(first, 1, MODES[held], LockWait.WAIT);
          LockOutcome outcome = lock(second, 1, MODES[asked], LockWait.SKIP);
          assertThat(outcome)
              .as(MODES[asked] + " beside " + MODES[held])
              .isEqualTo(
                  beside[held].charAt(asked) == 'y' ? LockOutcome.LOCKED : LockOutcome.SKIPPED);
          if (outcome == LockOutcome.SKIPPED) {
            assertRefused(second, 1, MODES[asked]);
          }
        }
      }
    }
  }

  @Test
  void anUpdateThatLeavesKeysAloneStandsBesideKeyShare() {
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      assertThat(lock(first, 1, RowLock.KEY_SHARE, LockWait.WAIT)).isEqualTo(LockOutcome.LOCKED);
      assertThat(update(second, table, row(1, "uno", 7))).isEqualTo(WriteOutcome.DONE);
      second.commit(Durability.FORCED);
      assertThat(lock(first, 1, RowLock.KEY_SHARE, LockWait.WAIT))
          .as("the row is another version now")
          .isEqualTo(LockOutcome.CHANGED_SINCE);
    }
  }

  @Test
  void deletionsAndUpdatesOfKeysDoNotStandBesideKeyShare() {
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      lock(first, 1, RowLock.KEY_SHARE, LockWait.WAIT);
      second.lockTimeout(Duration.ofMillis(30));
      assertThatThrownBy(() -> delete(second, table, 1)).hasMessageContaining("lock timeout");
      try (TableView view = second.table(table)) {
        assertThatThrownBy(() -> second.update(view, find(view, 1).orElseThrow(), row(9, "one", 1)))
            .hasMessageContaining("lock timeout");
      }
    }
  }

  @Test
  void aRowThatChangedIsNotKeptLockedByWhoSkips() {
    try (Transaction late = begin(database);
        TableView view = late.table(table)) {
      try (Transaction first = begin(database)) {
        update(first, table, row(1, "uno", 1));
        first.commit(Durability.FORCED);
      }
      assertThat(late.lockRow(view, find(view, 1).orElseThrow(), RowLock.UPDATE, LockWait.SKIP))
          .isEqualTo(LockOutcome.CHANGED_SINCE);
      try (Transaction second = begin(database)) {
        assertThat(lock(second, 1, RowLock.UPDATE, LockWait.SKIP)).isEqualTo(LockOutcome.LOCKED);
      }
    }
  }

  @Test
  void aboveReadCommittedARowThatChangedIsASerializationFailure() {
    try (Transaction late = database.begin(IsolationLevel.REPEATABLE_READ, Checkpoint.NONE)) {
      late.beginStatement();
      try (Transaction first = begin(database)) {
        update(first, table, row(1, "uno", 1));
        first.commit(Durability.FORCED);
      }
      assertThatThrownBy(() -> lock(late, 1, RowLock.KEY_SHARE, LockWait.WAIT))
          .hasMessage("could not serialize access due to concurrent update");
    }
  }

  @Test
  void aKeyIsFoundAmongWhatIsCommittedNowAndStaysLocked() throws Exception {
    try (Transaction late = begin(database)) {
      insert(database, table, row(3, "three", 3));
      assertThat(late.lockKey(table, key, List.of(3L), RowLock.KEY_SHARE)).isTrue();
      assertThat(late.lockKey(table, key, List.of(4L), RowLock.KEY_SHARE)).isFalse();
      late.insert(table, row(4, "own", 4));
      assertThat(late.lockKey(table, key, List.of(4L), RowLock.KEY_SHARE)).isTrue();
      try (TableView latest = late.latest(table)) {
        assertThat(rows(latest)).containsOnlyKeys(1L, 2L, 3L, 4L);
      }
      Future<WriteOutcome> deletes =
          other.submit(() -> {
            try (Transaction second = begin(database)) {
              WriteOutcome outcome = delete(second, table, 3);
              second.commit(Durability.FORCED);
              return outcome;
            }
          });
      Thread.sleep(50);
      assertThat(deletes.isDone()).isFalse();
      late.commit(Durability.FORCED);
      assertThat(deletes.get(5, TimeUnit.SECONDS)).isEqualTo(WriteOutcome.DONE);
    }
  }

  @Test
  void whoDeletesAKeyIsWaitedForAndItIsLookedForAgain() throws Exception {
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      delete(first, table, 1);
      Future<Boolean> found =
          other.submit(() -> second.lockKey(table, key, List.of(1L), RowLock.KEY_SHARE));
      Thread.sleep(50);
      assertThat(found.isDone()).isFalse();
      first.insert(table, row(1, "again", 1));
      first.commit(Durability.FORCED);
      assertThat(found.get(5, TimeUnit.SECONDS)).as("there is another one").isTrue();
    }
  }

  @Test
  void goingBackToASavepointGivesBackLocksTakenSince() {
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      lock(first, 1, RowLock.KEY_SHARE, LockWait.WAIT);
      Savepoint savepoint = first.savepoint();
      first.beginStatement();
      update(first, table, row(1, "uno", 1));
      delete(first, table, 2);
      first.insert(table, row(3, "three", 3));
      assertRefused(second, 1, RowLock.SHARE);
      assertRefused(second, 2, RowLock.KEY_SHARE);
      first.rollbackTo(savepoint);
      assertThat(lock(second, 1, RowLock.SHARE, LockWait.REFUSE)).isEqualTo(LockOutcome.LOCKED);
      assertRefused(second, 1, RowLock.UPDATE); // Held in its weaker mode still.
      assertThat(lock(second, 2, RowLock.UPDATE, LockWait.REFUSE)).isEqualTo(LockOutcome.LOCKED);
      second.lockTimeout(Duration.ofMillis(50));
      second.insert(table, row(3, "drei", 3)); // The key is free, too.
      second.commit(Durability.FORCED);
      first.commit(Durability.FORCED);
    }
    assertThat(rows(database, table)).containsOnlyKeys(1L, 2L, 3L);
  }

  @Test
  void aTableMayBeDefinedAnewOnceASavepointGaveItBack() {
    try (Transaction first = begin(database)) {
      Savepoint savepoint = first.savepoint();
      first.insert(table, row(3, "three", 3));
      first.rollbackTo(savepoint);
      try (Transaction second = begin(database)) {
        second.lockTimeout(Duration.ofMillis(50));
        second.apply(
            new CatalogChange.CreateIndex(Fixture.btree(second, table, 2, Uniqueness.UNIQUE)));
        second.commit(Durability.FORCED);
      }
      first.beginStatement();
      first.insertAll(table, List.of(row(4, "four", 4), row(5, "five", 5)));
      assertThatThrownBy(() -> first.insert(table, row(6, "six", 4)))
          .hasMessageContaining("duplicate key");
      first.commit(Durability.FORCED);
    }
    assertThat(rows(database, table)).containsOnlyKeys(1L, 2L, 4L, 5L);
  }

  @Test
  void aTruncationThatWasUndoneDoesNotHideAnothers() {
    try (Transaction first = begin(database)) {
      Savepoint savepoint = first.savepoint();
      first.truncate(table);
      first.insert(table, row(8, "mine", 8));
      first.rollbackTo(savepoint);
      try (Transaction second = begin(database)) {
        second.lockTimeout(Duration.ofMillis(50));
        second.truncate(table);
        second.insert(table, row(7, "theirs", 7));
        second.commit(Durability.FORCED);
      }
      first.beginStatement();
      assertThat(rows(first, table)).containsOnlyKeys(7L);
      first.insert(table, row(9, "mine", 9));
      first.commit(Durability.FORCED);
    }
    assertThat(rows(database, table)).containsOnlyKeys(7L, 9L);
  }

  @Test
  void aTableWhoseUndoneRowsAreLoggedStaysLocked(@TempDir Path directory) throws Exception {
    List<Object[]> many = new ArrayList<>();
    for (int id = 100; id < 40_000; id++) {
      many.add(row(id, "x".repeat(100), id));
    }
    try (Database onDisk = Database.open(directory, DatabaseOptions.DEFAULT)) {
      int items = createTable(onDisk, "items");
      try (Transaction first = begin(onDisk);
          Transaction second = begin(onDisk)) {
        Savepoint savepoint = first.savepoint();
        first.insertAll(items, many);
        first.rollbackTo(savepoint);
        assertThat(second.lockTable(items, LockMode.EXCLUSIVE, LockWait.SKIP))
            .isEqualTo(LockOutcome.SKIPPED);
        second.insert(items, row(100, "the key is free", 1));
        second.commit(Durability.FORCED);
        first.commit(Durability.FORCED);
      }
      assertThat(rows(onDisk, items)).containsOnlyKeys(100L);
    }
  }

  @Test
  void whatASerializableTransactionReadStaysLockedWhenItGoesBack() {
    try (Transaction first = database.begin(IsolationLevel.SERIALIZABLE, Checkpoint.NONE);
        Transaction second = begin(database)) {
      first.beginStatement();
      Savepoint savepoint = first.savepoint();
      assertThat(rows(first, table)).hasSize(2);
      first.rollbackTo(savepoint);
      second.lockTimeout(Duration.ofMillis(30));
      assertThatThrownBy(() -> update(second, table, row(1, "uno", 1)))
          .hasMessageContaining("lock timeout");
    }
  }

  @Test
  void aTableIsLockedAgainstStatements() {
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      first.lockTable(table, LockMode.SHARE, LockWait.WAIT);
      second.lockTimeout(Duration.ofMillis(30));
      assertThat(lock(second, 1, RowLock.UPDATE, LockWait.WAIT)).isEqualTo(LockOutcome.LOCKED);
      assertThatThrownBy(() -> update(second, table, row(1, "uno", 1)))
          .hasMessageContaining("lock timeout");
      assertThatThrownBy(
              () -> second.lockTable(table, LockMode.SHARE_UPDATE_EXCLUSIVE, LockWait.REFUSE))
          .hasMessage("could not obtain lock on relation \"items\"");
    }
  }
}
