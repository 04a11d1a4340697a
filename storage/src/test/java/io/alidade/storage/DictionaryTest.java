package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SegmentView;
import io.alidade.storage.merge.MergePolicy.Extent;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Text of few different values, which sealed segments keep once.
@Timeout(120)
class DictionaryTest {
  private static final int WORD = 1;
  private static final int KINDS = 7;

  @TempDir Path directory;

  private static String word(int id, int kinds) {
    return id % 11 == 0 ? null : id % kinds == 0 ? "" : "the word of kind " + id % kinds;
  }

  private static void fill(Database database, int table, int from, int to, int kinds) {
    Object[][] rows = new Object[to - from][];
    for (int i = from; i < to; i++) {
      rows[i - from] = row(i, word(i, kinds), i);
    }
    insert(database, table, rows);
  }

  private static void requireAnswers(Database database, int table, Map<Long, String> expected) {
    assertThat(rows(database, table)).isEqualTo(expected);
    for (String word : List.of("", "the word of kind 3", "no such word")) {
      for (Comparison comparison : List.of(Comparison.EQUAL, Comparison.NOT_EQUAL)) {
        long wanted =
            expected.values().stream()
                .filter(text -> !text.startsWith("null|"))
                .filter(text -> text.startsWith(word + "|") == (comparison == Comparison.EQUAL))
                .count();
        assertThat(count(database, table, new Filter.Compare(WORD, comparison, word)))
            .as("%s %s", comparison, word)
            .isEqualTo(wanted);
      }
    }
  }

  private static long count(Database database, int table, Filter filter) {
    long found = 0;
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      for (SegmentView segment : view.segments()) {
        FilteredScan scan = FilteredScan.open(segment, filter, Checkpoint.NONE);
        while (scan.hasNext()) {
          scan.nextInt();
          found++;
        }
      }
    }
    return found;
  }

  private static boolean hasCodes(Database database, int table) {
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      ColumnReader words = view.segments().getFirst().column(WORD);
      return words.equalTo("").isPresent();
    }
  }

  @Test
  void fewValuesAreKeptOnceAndComparedByTheirCodes() throws Exception {
    int table;
    Map<Long, String> expected;
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      table = createTable(database, "items");
      fill(database, table, 0, 2000, KINDS);
      expected = rows(database, table);
      assertThat(hasCodes(database, table)).isFalse();
      database.checkpoint();
      assertThat(hasCodes(database, table)).isTrue();
      requireAnswers(database, table, expected);
      fill(database, table, 2000, 4000, KINDS + 4);
      expected = rows(database, table);
      database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);
      assertThat(hasCodes(database, table)).isTrue();
      requireAnswers(database, table, expected);
    }
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      requireAnswers(database, table, expected);
    }
    assertThat(DatabaseCheck.run(directory, DatabaseCheck.Mode.VERIFY).findings()).isEmpty();
  }

  @Test
  void theyTakeLessSpace() throws Exception {
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      int few = createTable(database, "few");
      int many = createTable(database, "many");
      fill(database, few, 0, 5000, KINDS);
      fill(database, many, 0, 5000, 5000);
      database.checkpoint();
      assertThat(hasCodes(database, many)).isFalse();
      long saved =
          database.tableStatistics(many).orElseThrow().rowBytes()
              - database.tableStatistics(few).orElseThrow().rowBytes();
      assertThat(saved).isGreaterThan(5000 * 20);
      requireAnswers(database, many, rows(database, many));
    }
  }
}
