package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.merge.MergePolicy.Extent;
import io.alidade.storage.merge.UpkeepOptions;
import io.alidade.storage.merge.UpkeepOptions.Automation;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.table.TableActivity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the background does, what is told of it, and how it ends.
@Timeout(120)
class UpkeepTest {
  @TempDir Path directory;

  private static UpkeepOptions without() {
    UpkeepOptions usual = UpkeepOptions.DEFAULT;
    return new UpkeepOptions(Automation.OFF, usual.policy(), 50, 0.1, usual.processorShare());
  }

  private static void fill(Database database, int table, int from, int to) {
    Object[][] rows = new Object[to - from][];
    for (int i = from; i < to; i++) {
      rows[i - from] = row(i, "w" + i, i);
    }
    insert(database, table, rows);
  }

  @Test
  void whatIsDoneToATableIsCounted() throws Exception {
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      int table = createTable(database, "items");
      fill(database, table, 0, 100);
      try (Transaction transaction = begin(database)) {
        Fixture.delete(transaction, table, 1);
        Fixture.update(transaction, table, row(2, "other", 2));
        transaction.commit(Durability.FORCED);
      }
      try (Transaction transaction = begin(database)) {
        Fixture.delete(transaction, table, 3);
        transaction.rollback();
      }
      TableActivity.Counts counts = database.activity(table).orElseThrow();
      assertThat(counts.inserted()).isEqualTo(100);
      assertThat(counts.updated()).isEqualTo(1);
      assertThat(counts.deleted()).isEqualTo(2);
      assertThat(counts.changesSinceAnalyze()).isEqualTo(103);
      assertThat(counts.vacuum().last()).isEmpty();
      database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);
      assertThat(database.analyze(table, Set.of(), Checkpoint.NONE)).isPresent();
      try (Transaction transaction = begin(database)) {
        transaction.truncate(table);
        transaction.commit(Durability.FORCED);
      }
      counts = database.activity(table).orElseThrow();
      assertThat(counts.inserted()).isEqualTo(100);
      assertThat(counts.vacuum().count()).isEqualTo(1);
      assertThat(counts.vacuum().last()).isPresent();
      assertThat(counts.analyze().count()).isGreaterThanOrEqualTo(1);
      assertThat(counts.changesSinceAnalyze()).isZero();
    }
  }

  @Test
  void nothingIsDoneByItselfWhereThatIsOff() throws Exception {
    DatabaseOptions options = DatabaseOptions.DEFAULT.withUpkeep(without());
    try (Database database = Database.open(directory, options)) {
      int table = createTable(database, "items");
      for (int i = 0; i < 8; i++) {
        fill(database, table, i * 100, (i + 1) * 100);
        database.checkpoint();
      }
      Thread.sleep(300);
      assertThat(database.tableStatistics(table).orElseThrow().segments()).isEqualTo(9);
      assertThat(database.profile(table)).isEmpty();
      database.optimize(List.of(table), Checkpoint.NONE);
      assertThat(database.tableStatistics(table).orElseThrow().segments()).isLessThan(6);
      assertThat(rows(database, table)).hasSize(800);
    }
  }

  @Test
  void aMergeTellsHowFarItIsAndEndsWhereverItIsCancelled() throws Exception {
    DatabaseOptions options = DatabaseOptions.DEFAULT.withUpkeep(without());
    try (Database database = Database.open(directory, options)) {
      int table = createTable(database, "items");
      for (int i = 0; i < 3; i++) {
        fill(database, table, i * 1000, (i + 1) * 1000);
        database.checkpoint();
      }
      List<UpkeepProgress.Snapshot> seen = new ArrayList<>();
      AtomicInteger passes = new AtomicInteger();
      boolean ended = false;
      for (int end = 3; !ended; end += 7) {
        int last = end;
        passes.set(0);
        Checkpoint cancel =
            () -> {
              seen.addAll(database.upkeepProgress());
              if (passes.incrementAndGet() > last) {
                throw new DatabaseException(SqlState.QUERY_CANCELED, "enough");
              }
            };
        try {
          database.vacuum(List.of(table), Extent.EVERYTHING, cancel);
          ended = true;
        } catch (DatabaseException e) {
          assertThat(e.state()).isEqualTo(SqlState.QUERY_CANCELED);
        }
        assertThat(rows(database, table)).hasSize(3000);
        assertThat(database.upkeepProgress()).isEmpty();
      }
      assertThat(passes.get()).isGreaterThan(30); // While rows are written, too.
      assertThat(seen).isNotEmpty();
      assertThat(seen).allMatch(work -> work.tableOid() == table && work.segments() == 3);
      assertThat(seen.stream().map(UpkeepProgress.Snapshot::phase))
          .contains(UpkeepProgress.Phase.ROWS, UpkeepProgress.Phase.INDEXES);
      assertThat(seen.stream().mapToLong(UpkeepProgress.Snapshot::done).max().orElse(0))
          .isGreaterThan(3000);
      assertThat(database.tableStatistics(table).orElseThrow().segments()).isEqualTo(2);
    }
  }

  @Test
  void optionsAreChecked() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () -> new UpkeepOptions(Automation.ON, UpkeepOptions.DEFAULT.policy(), -1, 0.1, 0.5));
  }
}
