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
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.IndexDefinition.Uniqueness;
import io.alidade.storage.table.TableView;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransactionTest {
  private Database database;
  private int table;
  private ExecutorService other;

  @BeforeEach
  void open() {
    database = Database.inMemory(DatabaseOptions.DEFAULT);
    table = createTable(database, "items");
    other = Executors.newCachedThreadPool();
  }

  @AfterEach
  void close() {
    other.shutdownNow();
    database.close();
  }

  private static SqlState state(Throwable thrown) {
    return ((DatabaseException) thrown).state();
  }

  @Test
  void committedRowsAreSeenWithAllTheirValues() {
    insert(database, table, row(1, "one", 10), row(2, null, null), row(3, "drei €", -1));
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      assertThat(view.row(find(view, 3).orElseThrow())).isEqualTo(row(3, "drei €", -1));
      assertThat(view.row(find(view, 2).orElseThrow(), new int[] {2, 0})).containsExactly(null, 2L);
      assertThat(view.estimatedRows()).isEqualTo(3);
      assertThat(find(view, 4)).isEmpty();
    }
  }

  @Test
  void ownRowsAreSeenFromTheNextStatementOn() {
    try (Transaction transaction = begin(database)) {
      transaction.insert(table, row(1, "one", 1));
      assertThat(rows(transaction, table)).isEmpty();
      transaction.beginStatement();
      assertThat(rows(transaction, table)).containsOnlyKeys(1L);
      assertThat(rows(database, table)).isEmpty();
    }
    assertThat(rows(database, table)).isEmpty();
  }

  @Test
  void aViewStaysAsItIsWhateverIsWritten() {
    insert(database, table, row(1, "one", 1), row(2, "two", 2));
    try (Transaction reader = begin(database);
        TableView view = reader.table(table);
        Transaction own = begin(database)) {
      var before = rows(view);
      update(own, table, row(1, "uno", 1));
      delete(own, table, 2);
      own.insert(table, row(3, "three", 3));
      try (TableView same = own.table(table)) {
        assertThat(rows(same)).isEqualTo(before);
      }
      own.commit(Durability.FORCED);
      assertThat(rows(view)).isEqualTo(before);
      reader.beginStatement();
      assertThat(rows(reader, table)).containsOnlyKeys(1L, 3L);
    }
  }

  @Test
  void aDuplicateKeyIsRefusedInPostgresqlsWords() {
    insert(database, table, row(1, "one", 1));
    try (Transaction transaction = begin(database)) {
      assertThatThrownBy(() -> transaction.insert(table, row(1, "again", 1)))
          .hasMessage("duplicate key value violates unique constraint \"items_pkey\"")
          .satisfies(e -> assertThat(state(e)).isEqualTo(SqlState.UNIQUE_VIOLATION))
          .satisfies(e ->
              assertThat(((DatabaseException) e).field(DatabaseException.Field.DETAIL))
                  .hasValue("Key (id)=(1) already exists."));
    }
  }

  @Test
  void aDuplicateWithinOneCallIsRefusedAndNamesTheRow() {
    try (Transaction transaction = begin(database)) {
      assertThatThrownBy(() ->
              transaction.insertAll(table, List.of(row(1, "a", 1), row(2, "b", 1), row(1, "c", 1))))
          .isInstanceOfSatisfying(
              RowRejectedException.class, e -> assertThat(e.index()).isEqualTo(2));
    }
  }

  @Test
  void aNullWhereNoneMayBeIsRefused() {
    try (Transaction transaction = begin(database)) {
      assertThatThrownBy(() -> transaction.insert(table, new Object[] {null, "word", 1, null}))
          .hasMessage(
              "null value in column \"id\" of relation \"items\" violates not-null constraint")
          .satisfies(e ->
              assertThat(((DatabaseException) e).field(DatabaseException.Field.DETAIL))
                  .hasValue("Failing row contains (null, word, 1, null)."));
    }
  }

  @Test
  void aDeletedKeyCanBeUsedAgainInTheSameTransaction() {
    insert(database, table, row(1, "one", 1));
    try (Transaction transaction = begin(database)) {
      delete(transaction, table, 1);
      transaction.insert(table, row(1, "new", 2));
      transaction.commit(Durability.FORCED);
    }
    assertThat(rows(database, table)).hasSize(1).containsKey(1L);
    assertThat(rows(database, table).get(1L)).startsWith("new|2");
  }

  @Test
  void aRowIsUpdatedManyTimesInOneTransaction() {
    insert(database, table, row(1, "one", 0));
    try (Transaction transaction = begin(database)) {
      for (int i = 1; i <= 5; i++) {
        transaction.beginStatement();
        assertThat(update(transaction, table, row(1, "v" + i, i))).isEqualTo(WriteOutcome.DONE);
      }
      transaction.commit(Durability.FORCED);
    }
    assertThat(rows(database, table).get(1L)).startsWith("v5|5");
  }

  @Test
  void aRowThatTheStatementWroteIsSkipped() {
    insert(database, table, row(1, "one", 0));
    try (Transaction transaction = begin(database)) {
      update(transaction, table, row(1, "x", 1));
      assertThat(update(transaction, table, row(1, "y", 2)))
          .isEqualTo(WriteOutcome.ALREADY_WRITTEN);
      assertThat(delete(transaction, table, 1)).isEqualTo(WriteOutcome.ALREADY_WRITTEN);
    }
  }

  @Test
  void rollingBackToASavepointUndoesExactlyWhatCameAfter() {
    insert(database, table, row(1, "one", 1), row(2, "two", 2));
    try (Transaction transaction = begin(database)) {
      transaction.insert(table, row(3, "three", 3));
      transaction.beginStatement();
      var before = rows(transaction, table);
      Savepoint savepoint = transaction.savepoint();
      transaction.insert(table, row(4, "four", 4));
      delete(transaction, table, 3);
      delete(transaction, table, 1);
      update(transaction, table, row(2, "zwei", 2));
      int created = createTable(transaction, "more");
      transaction.insert(created, row(1, "x", 1));
      transaction.rollbackTo(savepoint);
      transaction.beginStatement();
      assertThat(rows(transaction, table)).isEqualTo(before);
      assertThat(transaction.catalog().table("public", "more")).isEmpty();
      transaction.insert(table, row(4, "vier", 4));
      transaction.commit(Durability.FORCED);
    }
    assertThat(rows(database, table)).containsOnlyKeys(1L, 2L, 3L, 4L);
    assertThat(rows(database, table).get(4L)).startsWith("vier");
  }

  @Test
  void twoWritersOfARowDoNotLoseAnUpdate() throws Exception {
    insert(database, table, row(1, "counter", 0));
    int perThread = 200;
    Runnable increments =
        () -> {
          for (int i = 0; i < perThread; i++) {
            try (Transaction transaction = begin(database)) {
              while (true) {
                try (TableView view = transaction.table(table)) {
                  var found = find(view, 1).orElseThrow();
                  int value = (Integer) view.row(found, new int[] {2})[0];
                  if (transaction.update(view, found, row(1, "counter", value + 1))
                      == WriteOutcome.DONE) {
                    break;
                  }
                }
                transaction.retryStatement();
              }
              transaction.commit(Durability.FORCED);
            }
          }
        };
    List<Future<?>> all =
        List.of(other.submit(increments), other.submit(increments), other.submit(increments));
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(rows(database, table).get(1L)).startsWith("counter|" + 3 * perThread + "|");
  }

  @Test
  void repeatableReadRefusesToWriteWhatChanged() {
    insert(database, table, row(1, "one", 1));
    try (Transaction first = database.begin(IsolationLevel.REPEATABLE_READ, Checkpoint.NONE)) {
      first.beginStatement();
      assertThat(rows(first, table)).hasSize(1);
      try (Transaction second = begin(database)) {
        update(second, table, row(1, "uno", 2));
        second.commit(Durability.FORCED);
      }
      first.beginStatement();
      assertThat(rows(first, table).get(1L)).startsWith("one");
      assertThatThrownBy(() -> update(first, table, row(1, "eins", 3)))
          .satisfies(e -> assertThat(state(e)).isEqualTo(SqlState.SERIALIZATION_FAILURE));
    }
  }

  @Test
  void serializableHasNoWriteSkew() {
    insert(database, table, row(1, "on call", 1), row(2, "on call", 1));
    try (Transaction first = database.begin(IsolationLevel.SERIALIZABLE, Checkpoint.NONE);
        Transaction second = database.begin(IsolationLevel.SERIALIZABLE, Checkpoint.NONE)) {
      first.beginStatement();
      second.beginStatement();
      assertThat(rows(first, table)).hasSize(2);
      assertThat(rows(second, table)).hasSize(2);
      second.lockTimeout(Duration.ofMillis(50));
      first.lockTimeout(Duration.ofMillis(50));
      assertThatThrownBy(() -> update(first, table, row(1, "off", 0)))
          .satisfies(e -> assertThat(state(e)).isEqualTo(SqlState.LOCK_NOT_AVAILABLE));
    }
  }

  @Test
  void whoWouldWaitForHimselfIsRefused() throws Exception {
    insert(database, table, row(1, "one", 1), row(2, "two", 2));
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      update(first, table, row(1, "a", 1));
      update(second, table, row(2, "b", 2));
      Future<WriteOutcome> waits = other.submit(() -> update(first, table, row(2, "a", 2)));
      Thread.sleep(50);
      assertThatThrownBy(() -> update(second, table, row(1, "b", 1)))
          .hasMessage("deadlock detected")
          .satisfies(e -> assertThat(state(e)).isEqualTo(SqlState.DEADLOCK_DETECTED));
      second.rollback();
      assertThat(waits.get(5, TimeUnit.SECONDS)).isEqualTo(WriteOutcome.DONE);
      first.commit(Durability.FORCED);
    }
    assertThat(rows(database, table).values()).allMatch(text -> text.startsWith("a|"));
  }

  @Test
  void waitingForALockEndsAtItsTimeout() {
    insert(database, table, row(1, "one", 1));
    try (Transaction first = begin(database);
        Transaction second = begin(database)) {
      update(first, table, row(1, "a", 1));
      second.lockTimeout(Duration.ofMillis(40));
      assertThatThrownBy(() -> update(second, table, row(1, "b", 1)))
          .hasMessage("canceling statement due to lock timeout");
    }
  }

  @Test
  void ofTwoThatInsertTheSameKeyOneSucceeds() throws Exception {
    for (int round = 0; round < 50; round++) {
      long id = round;
      List<Future<Boolean>> both =
          List.of(other.submit(() -> tryInsert(id)), other.submit(() -> tryInsert(id)));
      assertThat(both.get(0).get() ^ both.get(1).get()).as("exactly one").isTrue();
    }
    assertThat(rows(database, table)).hasSize(50);
  }

  private boolean tryInsert(long id) {
    try (Transaction transaction = begin(database)) {
      transaction.insert(table, row(id, "x", 1));
      transaction.commit(Durability.FORCED);
      return true;
    } catch (DatabaseException e) {
      assertThat(e.state()).isEqualTo(SqlState.UNIQUE_VIOLATION);
      return false;
    }
  }

  @Test
  void anInsertWaitsForTheOneWhoDeletesItsKey() throws Exception {
    insert(database, table, row(1, "old", 1));
    try (Transaction first = begin(database)) {
      delete(first, table, 1);
      Future<Boolean> second = other.submit(() -> tryInsert(1));
      Thread.sleep(50);
      assertThat(second.isDone()).isFalse();
      first.insert(table, row(1, "new", 1)); // The waiting one does not hold the key's lock.
      first.commit(Durability.FORCED);
      assertThat(second.get(5, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void anInsertThatFindsARowGivesItLocked() {
    insert(database, table, row(1, "one", 1));
    try (Transaction transaction = begin(database)) {
      InsertOutcome outcome =
          transaction.insertOrFind(
              table, row(1, "new", 2), OptionalInt.empty(), Transaction.OnConflict.LOCK_ROW);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              InsertOutcome.Conflict.class,
              conflict -> {
                try (TableView view = conflict.view()) {
                  assertThat(conflict.origin()).isEqualTo(InsertOutcome.Origin.EARLIER);
                  assertThat(transaction.update(view, conflict.row(), row(1, "upserted", 3)))
                      .isEqualTo(WriteOutcome.DONE);
                }
              });
      assertThat(
              transaction.insertOrFind(
                  table, row(2, "two", 2), OptionalInt.empty(), Transaction.OnConflict.LOCK_ROW))
          .isInstanceOf(InsertOutcome.Inserted.class);
      assertThat(
              transaction.insertOrFind(
                  table, row(2, "two", 2), OptionalInt.empty(), Transaction.OnConflict.LOCK_ROW))
          .isInstanceOfSatisfying(
              InsertOutcome.Conflict.class,
              conflict -> {
                conflict.view().close();
                assertThat(conflict.origin()).isEqualTo(InsertOutcome.Origin.THIS_STATEMENT);
              });
      transaction.commit(Durability.FORCED);
    }
    assertThat(rows(database, table).get(1L)).startsWith("upserted|3");
  }

  @Test
  void truncateIsTransactional() {
    insert(database, table, row(1, "one", 1));
    try (Transaction transaction = begin(database)) {
      transaction.insert(table, row(2, "two", 2));
      transaction.truncate(table);
      transaction.insert(table, row(3, "three", 3));
      transaction.beginStatement();
      assertThat(rows(transaction, table)).containsOnlyKeys(3L);
      assertThat(rows(database, table)).containsOnlyKeys(1L);
      Savepoint savepoint = transaction.savepoint();
      transaction.truncate(table);
      transaction.rollbackTo(savepoint);
      transaction.commit(Durability.FORCED);
    }
    assertThat(rows(database, table)).containsOnlyKeys(3L);
    try (Transaction transaction = begin(database)) {
      transaction.truncate(table);
    }
    assertThat(rows(database, table)).containsOnlyKeys(3L);
  }

  @Test
  void aUniqueIndexOverRowsThatDoNotFitIsRefused() {
    insert(database, table, row(1, "same", 1), row(2, "same", 2), row(3, null, 3));
    try (Transaction transaction = begin(database)) {
      IndexDefinition index = Fixture.btree(transaction, table, 1, Uniqueness.UNIQUE);
      assertThatThrownBy(() -> transaction.apply(new CatalogChange.CreateIndex(index)))
          .hasMessage("could not create unique index \"" + index.name() + "\"")
          .satisfies(e ->
              assertThat(((DatabaseException) e).field(DatabaseException.Field.DETAIL))
                  .hasValue("Key (word)=(same) is duplicated."));
    }
    try (Transaction transaction = begin(database)) {
      transaction.apply(
          new CatalogChange.CreateIndex(Fixture.btree(transaction, table, 2, Uniqueness.UNIQUE)));
      transaction.commit(Durability.FORCED);
    }
    assertThatThrownBy(() -> insert(database, table, row(4, "x", 3)))
        .isInstanceOf(RowRejectedException.class);
  }

  @Test
  void definitionsAreChangedByOneTransactionAtATime() throws Exception {
    try (Transaction first = begin(database)) {
      createTable(first, "a");
      Future<Integer> second = other.submit(() -> createTable(database, "b"));
      Thread.sleep(50);
      assertThat(second.isDone()).isFalse();
      first.commit(Durability.FORCED);
      second.get(5, TimeUnit.SECONDS);
    }
    assertThat(database.catalog().table("public", "a")).isPresent();
    assertThat(database.catalog().table("public", "b")).isPresent();
  }
}
