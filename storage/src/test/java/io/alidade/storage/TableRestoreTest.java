package io.alidade.storage;

import static io.alidade.storage.BackupTest.SMALL;
import static io.alidade.storage.BackupTest.answers;
import static io.alidade.storage.BackupTest.bytes;
import static io.alidade.storage.BackupTest.createGraph;
import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.LogArchiving;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.IndexDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tables of snapshots that become tables of an open database.
@Timeout(120)
class TableRestoreTest {
  private static final int ROWS = 600;

  @TempDir Path directory;

  private static Optional<Snapshots.TableName> named(String name) {
    return Optional.of(new Snapshots.TableName(Catalog.PUBLIC, name));
  }

  /// A table of several segments, with deleted and updated rows, some of them without a new vector,
  /// and a graph.
  private static int fill(Database database) {
    int table = createTable(database, "item");
    int ignored = createGraph(database, table);
    for (int batch = 0; batch < 2; batch++) {
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < ROWS / 2; i++) {
        rows.add(row(batch * ROWS / 2 + i, i % 5 == 0 ? null : "word", i));
      }
      insert(database, table, rows.toArray(Object[][]::new));
      database.checkpoint();
    }
    try (Transaction transaction = begin(database)) {
      delete(transaction, table, 17);
      update(transaction, table, row(18, "updated", 18));
      transaction.commit(Durability.FORCED);
    }
    for (int price = 1; price < 4; price++) {
      try (Transaction transaction = begin(database)) {
        for (int id = 100; id < 150; id++) {
          Object[] row = row(id, "again", price);
          row[3] = row(price == 1 ? id : id + 7_000, "", 0)[3]; // Changed by the second one.
          update(transaction, table, row);
        }
        transaction.commit(Durability.FORCED);
      }
      if (price == 2) {
        database.checkpoint();
      }
    }
    database.awaitIndexes(Checkpoint.NONE);
    return table;
  }

  @Test
  void aRestoredTableAnswersAsTheOriginalDid() throws Exception {
    Path archive = directory.resolve("archive");
    Path data = directory.resolve("data");
    byte[] whole;
    Map<Long, String> original;
    Map<Integer, List<Long>> answers;
    int restored;
    try (Database database =
        Database.open(data, SMALL, new LogArchiving(archive, Duration.ofMillis(50)))) {
      int table = fill(database);
      database.snapshots().create("kept", OptionalInt.of(table));
      original = rows(database, table);
      answers = answers(database, table);
      whole = bytes(database.snapshots().open(OptionalInt.empty()));
      insert(database, table, row(5000, "later", 1));

      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> restore(database, "kept", "item", "item"))
          .matches(e -> e.state() == SqlState.DUPLICATE_TABLE)
          .withMessage("relation \"item\" already exists");
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> restore(database, "kept", "nothing", "other"))
          .matches(e -> e.state() == SqlState.UNDEFINED_TABLE);
      long files = segmentFiles(data);

      restored = restore(database, "kept", "item", "copy");

      assertThat(restored).isNotEqualTo(table);
      assertThat(segmentFiles(data)).isGreaterThan(files);
      assertThat(rows(database, restored)).isEqualTo(original);
      assertThat(answers(database, restored)).isEqualTo(answers);
      assertThat(database.catalog().table(restored).orElseThrow().indexes())
          .extracting(IndexDefinition::name)
          .containsExactly("copy_pkey", "hnsw_" + table + "1");
      assertThat(rows(database, table)).hasSize(original.size() + 1);
      change(database, restored);
    }
    try (Database database = Database.open(data, SMALL)) {
      assertChanged(database, restored, original);
    }
    assertThat(DatabaseCheck.run(data, DatabaseCheck.Mode.VERIFY).isSound()).isTrue();
    // From the archive: its rows went through the log.
    Path target = directory.resolve("from-archive");
    DatabaseRestore.Result result =
        BackupTest.restore(
            whole,
            target,
            new DatabaseRestore.Options(
                new RestoreTarget.End(), Optional.of(archive), Optional.empty()));
    assertThat(result.check().isSound()).isTrue();
    try (Database database = Database.open(target, SMALL)) {
      assertChanged(database, restored, original);
    }
  }

  private static void change(Database database, int table) {
    try (Transaction transaction = begin(database)) {
      delete(transaction, table, 3);
      update(transaction, table, row(4, "changed", 4));
      transaction.commit(Durability.FORCED);
    }
    insert(database, table, row(9000, "new", 1));
  }

  private static void assertChanged(Database database, int table, Map<Long, String> original) {
    Map<Long, String> now = rows(database, table);
    assertThat(now).hasSize(original.size()).doesNotContainKey(3L).containsKey(9000L);
    assertThat(now.get(4L)).startsWith("changed|4");
    assertThat(now.get(5L)).isEqualTo(original.get(5L));
  }

  private static int restore(Database database, String snapshot, String source, String target) {
    return database
        .snapshots()
        .restoreTable(snapshot, named(source), named(target), Checkpoint.NONE);
  }

  @Test
  void aBackupOfAnotherDatabaseCanBeUploadedPieceByPiece() throws Exception {
    byte[] backup;
    Map<Long, String> original;
    Map<Integer, List<Long>> answers;
    try (Database database = Database.open(directory.resolve("one"), SMALL)) {
      int table = fill(database);
      original = rows(database, table);
      answers = answers(database, table);
      backup = bytes(database.snapshots().open(OptionalInt.of(table)));
    }
    try (Database database = Database.open(directory.resolve("two"), SMALL)) {
      Snapshots snapshots = database.snapshots();
      long at = 0;
      while (at < backup.length) {
        int length = (int) Math.min(100_000, backup.length - at);
        byte[] piece = new byte[length];
        System.arraycopy(backup, (int) at, piece, 0, length);
        if (at > 0) {
          assertThatExceptionOfType(DatabaseException.class)
              .isThrownBy(() -> snapshots.upload("up", 7, piece))
              .matches(e -> e.state() == SqlState.INVALID_PARAMETER_VALUE);
        }
        at = snapshots.upload("up", at, piece);
      }
      snapshots.receiveUpload("up");
      int restored =
          snapshots.restoreTable("up", Optional.empty(), Optional.empty(), Checkpoint.NONE);
      assertThat(rows(database, restored)).isEqualTo(original);
      assertThat(answers(database, restored)).isEqualTo(answers);

      snapshots.upload("bad", 0, java.util.Arrays.copyOf(backup, backup.length - 1));
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> snapshots.receiveUpload("bad"))
          .matches(e -> e.state() == SqlState.DATA_CORRUPTED);
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> snapshots.receiveUpload("bad"))
          .matches(e -> e.state() == SqlState.UNDEFINED_OBJECT);
    }
  }

  private static long segmentFiles(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("segments"))) {
      return files.count();
    }
  }
}
