package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SegmentView;
import io.alidade.storage.merge.MergePolicy.Extent;
import io.alidade.storage.statistics.ColumnStatistics;
import io.alidade.storage.statistics.TableProfile;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is known of the values of columns, and what it spares.
@Timeout(120)
class AnalyzeTest {
  private static final int ID = 0;
  private static final int WORD = 1;
  private static final int PRICE = 2;

  @TempDir Path directory;

  private Database open() throws Exception {
    return Database.open(directory, DatabaseOptions.DEFAULT);
  }

  /// Half of the words are "many", one in ten is NULL; prices are the numbers themselves.
  private static void fill(Database database, int table, int from, int to) {
    Object[][] rows = new Object[to - from][];
    for (int i = from; i < to; i++) {
      rows[i - from] = row(i, i % 10 == 3 ? null : i % 2 == 0 ? "many" : "w" + i, i);
    }
    insert(database, table, rows);
  }

  private static ColumnStatistics column(Database database, int table, int column) {
    return database.profile(table).orElseThrow().column(column).orElseThrow();
  }

  private static void requireFilled(Database database, int table, int rows) {
    TableProfile profile = database.profile(table).orElseThrow();
    assertThat(profile.rows()).isEqualTo(rows);
    ColumnStatistics word = column(database, table, WORD);
    assertThat(word.nullShare()).isCloseTo(0.1, Offset.offset(0.001));
    assertThat(word.common().getFirst().value()).isEqualTo("many");
    assertThat(word.common().getFirst().share()).isCloseTo(0.5, Offset.offset(0.01));
    ColumnStatistics price = column(database, table, PRICE);
    assertThat(price.distinct()).isCloseTo(rows, Offset.offset(rows * 0.05));
    assertThat(price.histogram()).hasSize(101);
    assertThat((Integer) price.histogram().getFirst()).isZero();
    assertThat((Integer) price.histogram().getLast()).isEqualTo(rows - 1);
    assertThat((Integer) price.histogram().get(50)).isCloseTo(rows / 2, Offset.offset(rows / 20));
  }

  @Test
  void statisticsAreOfAllSegmentsTogether() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 2000);
      database.checkpoint();
      fill(database, table, 2000, 3000);
      database.checkpoint();
      fill(database, table, 3000, 4000);
      assertThat(database.analyze(table, Set.of(), Checkpoint.NONE)).isPresent();
      requireFilled(database, table, 4000);
      database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);
      assertThat(database.analyze(table, Set.of(), Checkpoint.NONE)).isPresent();
      requireFilled(database, table, 4000);
    }
  }

  @Test
  void statisticsAreThereAgainAfterARestart() throws Exception {
    int table;
    try (Database database = open()) {
      table = createTable(database, "items");
      fill(database, table, 0, 4000);
      database.checkpoint();
    }
    try (Database database = open()) {
      while (database.profile(table).isEmpty()) { // In the background; the test has a limit.
        Thread.sleep(5);
      }
      requireFilled(database, table, 4000);
    }
  }

  @Test
  void deletedRowsDoNotCount() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 1000);
      try (Transaction transaction = begin(database)) {
        for (int id = 0; id < 500; id++) {
          Fixture.delete(transaction, table, id);
        }
        transaction.commit(Durability.FORCED);
      }
      assertThat(database.analyze(table, Set.of(ID), Checkpoint.NONE)).isPresent();
      assertThat(database.profile(table).orElseThrow().rows()).isEqualTo(500);
      assertThat(column(database, table, ID).histogram().getFirst()).isEqualTo(500L);
      assertThat(database.profile(table).orElseThrow().column(WORD)).isEmpty();
    }
  }

  @Test
  void segmentsThatCannotMatchAreNotRead() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      for (int part = 0; part < 3; part++) {
        fill(database, table, part * 1000, (part + 1) * 1000);
        database.checkpoint();
      }
      fill(database, table, 3000, 3100);
      assertThat(tested(database, table, new Filter.Compare(PRICE, Comparison.EQUAL, 1500)))
          .containsExactly(0L, 1000L, 0L, 100L); // What is in memory has no bounds.
      assertThat(tested(database, table, new Filter.Compare(PRICE, Comparison.GREATER, 1999)))
          .containsExactly(0L, 0L, 1000L, 100L);
      assertThat(tested(database, table, new Filter.Compare(WORD, Comparison.EQUAL, "zzz")))
          .containsExactly(0L, 0L, 0L, 100L);
    }
  }

  private static List<Long> tested(Database database, int table, Filter filter) {
    List<Long> tested = new ArrayList<>();
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      for (SegmentView segment : view.segments()) {
        FilteredScan scan = FilteredScan.open(segment, filter, Checkpoint.NONE);
        while (scan.hasNext()) {
          scan.nextInt();
        }
        tested.add(scan.testedRows());
      }
    }
    return tested;
  }
}
