package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.find;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.ProcessorShare;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.table.TableStore;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What happens where changes would take more memory than they may.
@Timeout(120)
final class MemoryLimitTest {
  private static final long LIMIT = MemoryLimits.LEAST_BYTES;
  private static final String LONG_WORD = "x".repeat(2000);
  private static final int ROWS_AT_ONCE = 100;

  /// What may be allocated above what was measured: the second half of a column that has grown.
  private static final long SLACK = LIMIT;

  @TempDir private Path directory;

  private Database open() throws Exception {
    return Database.open(
        directory,
        DatabaseOptions.DEFAULT.withMemory(
            new MemoryLimits(LIMIT, DatabaseOptions.DEFAULT.memory().heapBytes())));
  }

  @Test
  void aLoadOfManyTimesTheLimitWaitsForCheckpointsAndKeepsEveryRow() throws Exception {
    int clients = 3;
    int batches = 200; // 3 * 200 * 100 * 2000 bytes are 120 MB.
    int table;
    AtomicLong most = new AtomicLong();
    try (Database database = open();
        ExecutorService threads = Executors.newFixedThreadPool(clients + 1)) {
      table = createTable(database, "loaded");
      AtomicBoolean done = new AtomicBoolean();
      Future<?> watching =
          threads.submit(() -> {
            while (!done.get()) {
              MemoryUse use = database.memoryUse();
              most.accumulateAndGet(use.rows() + use.transactions(), Math::max);
              Thread.sleep(5);
            }
            return null;
          });
      List<Future<?>> loads = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        long first = 1_000_000L * client;
        loads.add(
            threads.submit(() -> {
              for (int batch = 0; batch < batches; batch++) {
                insert(database, table, rows(first + batch * ROWS_AT_ONCE));
              }
            }));
      }
      for (Future<?> load : loads) {
        load.get();
      }
      done.set(true);
      watching.get();
      assertThat(most.get()).isLessThan(LIMIT + SLACK);
    }
    try (Database database = open()) {
      assertThat(database.tableStatistics(table).orElseThrow().liveRows())
          .isEqualTo((long) clients * batches * ROWS_AT_ONCE);
    }
  }

  @Test
  void aTransactionOfMoreThanItsShareFailsAndOthersGoOn() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      insert(database, table, row(1, "before", 1));
      try (Transaction large = begin(database)) {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    large.insertAll(table, List.of(rows(10 + i * ROWS_AT_ONCE)));
                  }
                })
            .isInstanceOfSatisfying(
                DatabaseException.class,
                e -> {
                  assertThat(e.state()).isEqualTo(SqlState.OUT_OF_MEMORY);
                  assertThat(e.message()).isEqualTo("out of memory");
                });
        insert(database, table, row(2, "beside", 2));
        large.rollback();
      }
      MemoryUse use = database.memoryUse();
      assertThat(use.transactions()).isZero();
      assertThat(use.transactionsOnHeap()).isZero();
      insert(database, table, rows(10));
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        assertThat(find(view, 1)).isPresent();
        assertThat(find(view, 2)).isPresent();
        assertThat(view.estimatedRows()).isEqualTo(2 + ROWS_AT_ONCE);
      }
    }
  }

  @Test
  void deletionsAreCountedToo() throws Exception {
    try (Database database =
        Database.open(
            directory, DatabaseOptions.DEFAULT.withMemory(new MemoryLimits(1L << 30, LIMIT)))) {
      int table = createTable(database, "items");
      for (int i = 0; i < 600; i++) {
        Object[][] rows = new Object[ROWS_AT_ONCE][];
        for (int j = 0; j < ROWS_AT_ONCE; j++) {
          rows[j] = row(i * ROWS_AT_ONCE + j, "w", j);
        }
        insert(database, table, rows);
      }
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        assertThatThrownBy(
                () -> {
                  for (long id = 0; id < 600 * ROWS_AT_ONCE; id++) {
                    transaction.delete(view, find(view, id).orElseThrow());
                  }
                })
            .isInstanceOfSatisfying(
                DatabaseException.class,
                e -> assertThat(e.state()).isEqualTo(SqlState.OUT_OF_MEMORY));
      }
      assertThat(database.tableStatistics(table).orElseThrow().liveRows())
          .isEqualTo(600 * ROWS_AT_ONCE);
    }
  }

  @Test
  void whoWaitsForMemoryCanBeCancelledAndFailsWithTheCheckpoint() {
    LogVolume volume = new LogVolume(Long.MAX_VALUE); // Nobody makes checkpoints.
    CommittedState state =
        new CommittedState(
            Catalog.INITIAL, 0, 1, new IndexBuilder(1, new ProcessorShare(1)), new PinnedMemory(0));
    TableDefinition words =
        new TableDefinition(
            20_000,
            Catalog.PUBLIC,
            "words",
            TableDefinition.FIRST_GENERATION,
            List.of(ColumnDefinition.nullable("word", ColumnType.TEXT)),
            List.of());
    TableStore store = TableStore.empty(words, 1);
    try {
      state.restore(store);
      for (int i = 0; i < 10_000; i++) {
        store.mutable().append(i, 1, new Object[] {LONG_WORD});
      }
      MemoryAccount account =
          new MemoryAccount(
              new MemoryLimits(LIMIT, LIMIT), state, volume, MemoryAccount.Reclaim.BY_CHECKPOINTS);
      Checkpoint cancelled =
          () -> {
            throw new DatabaseException(SqlState.QUERY_CANCELED, "cancelled");
          };
      assertThatThrownBy(() -> account.awaitRoom(cancelled)).hasMessageContaining("cancelled");
      Checkpoint failing = volume::sealingFailed;
      assertThatThrownBy(() -> account.awaitRoom(failing))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> assertThat(e.state()).isEqualTo(SqlState.OUT_OF_MEMORY));
    } finally {
      store.close();
    }
  }

  private static Object[][] rows(long first) {
    Object[][] rows = new Object[ROWS_AT_ONCE][];
    for (int i = 0; i < ROWS_AT_ONCE; i++) {
      rows[i] = row(first + i, LONG_WORD + i, i);
    }
    return rows;
  }
}
