package io.alidade.storage;

import static io.alidade.storage.BackupTest.SMALL;
import static io.alidade.storage.BackupTest.bytes;
import static io.alidade.storage.BackupTest.restore;
import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.History;
import io.alidade.storage.backup.LogArchiving;
import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups brought forward by archived log.
@Timeout(240)
class PointInTimeTest {
  private static final int COMMITS = 120;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private LogArchiving archiving(Path archive) {
    return new LogArchiving(archive, Duration.ofMillis(20));
  }

  private static DatabaseRestore.Options until(RestoreTarget target, Path archive) {
    return new DatabaseRestore.Options(target, Optional.of(archive), Optional.empty());
  }

  private static void awaitArchived(Database database) throws InterruptedException {
    while (database.logArchive().orElseThrow().archivedLsn() < database.lastCommitted().value()) {
      Thread.sleep(5);
    }
  }

  /// What the table held, and when, by LSN.
  private record Moment(Map<Long, String> rows, long micros) {}

  @Test
  void everyLsnAndTimeIsRestoredAsItWas() throws Exception {
    System.out.println("PointInTimeTest: -Dtest.seed=" + seed);
    Path archive = directory.resolve("archive");
    Path data = directory.resolve("data");
    TreeMap<Long, Moment> moments = new TreeMap<>();
    byte[] backup = new byte[0];
    long backedUp = 0;
    int table;
    try (Database database = Database.open(data, SMALL, archiving(archive))) {
      table = createTable(database, "t");
    }
    Database database = Database.open(data, SMALL, archiving(archive));
    // Its chunks are logged before the backup, its commit after.
    Transaction large = begin(database);
    for (int i = 0; i < 60; i++) {
      large.insertAll(table, List.<Object[]>of(row(10_000 + i, "x".repeat(100_000), i)));
    }
    for (int i = 0; i < COMMITS; i++) {
      if (i == COMMITS / 3) {
        backup = bytes(database.snapshots().open(OptionalInt.empty()));
        backedUp = database.lastCommitted().value();
      }
      if (i == COMMITS / 2) {
        large.commit(Durability.FORCED);
      } else {
        changeSomething(database, table);
      }
      moments.put(
          database.lastCommitted().value(), new Moment(rows(database, table), Snapshots.now()));
      Thread.sleep(1);
      if (i == COMMITS * 2 / 3) {
        database.checkpoint(); // The log before goes.
        database.close();
        database = Database.open(data, SMALL, archiving(archive));
      }
    }
    database.close(); // Archives the rest.

    List<Long> lsns = new ArrayList<>(moments.tailMap(backedUp).keySet());
    for (int i = 0; i < 12; i++) {
      long lsn =
          i == 0 ? backedUp : i == 1 ? lsns.getLast() : lsns.get(random.nextInt(lsns.size()));
      Path target = directory.resolve("at" + i);
      RestoreTarget at =
          i % 2 == 0 || lsn == lsns.getLast() || lsn == backedUp
              ? new RestoreTarget.AtLsn(lsn)
              : new RestoreTarget.AtTime(moments.get(lsn).micros());
      DatabaseRestore.Result result = restore(backup, target, until(at, archive));
      assertThat(result.lsn()).as("%s", at).isEqualTo(lsn);
      try (Database restored = Database.open(target, SMALL)) {
        assertThat(rows(restored, table)).as("%s", at).isEqualTo(moments.get(lsn).rows());
      }
    }
    Path end = directory.resolve("end");
    restore(backup, end, until(new RestoreTarget.End(), archive));
    try (Database restored = Database.open(end, SMALL)) {
      assertThat(rows(restored, table)).isEqualTo(moments.lastEntry().getValue().rows());
      insert(restored, table, row(99_999, "new", 1));
    }
    // With checkpoints between, as for an archive that does not fit into memory.
    Path small = directory.resolve("small");
    DatabaseRestore.run(
        new java.io.ByteArrayInputStream(backup),
        Path.of("a backup"),
        small,
        until(new RestoreTarget.End(), archive),
        SMALL.withCheckpointLogBytes(64 << 10));
    try (Database restored = Database.open(small, SMALL)) {
      assertThat(rows(restored, table)).isEqualTo(moments.lastEntry().getValue().rows());
    }
    refuseWhatCannotBe(backup, archive, backedUp, lsns.getLast());
  }

  private void changeSomething(Database database, int table) {
    Map<Long, String> there = rows(database, table);
    long id = random.nextInt(60);
    try (Transaction transaction = begin(database)) {
      if (!there.containsKey(id)) {
        transaction.insertAll(table, List.<Object[]>of(row(id, "word", random.nextInt())));
      } else if (random.nextInt(3) == 0) {
        delete(transaction, table, id);
      } else {
        update(transaction, table, row(id, "changed", random.nextInt()));
      }
      transaction.commit(Durability.FORCED);
    }
  }

  private void refuseWhatCannotBe(byte[] backup, Path archive, long backedUp, long last)
      throws Exception {
    Path target = directory.resolve("refused");
    assertRefused(backup, target, new RestoreTarget.AtLsn(last + 1), archive, "the archive ends");
    assertRefused(backup, target, new RestoreTarget.AtLsn(backedUp - 1), archive, "later than LSN");
    assertRefused(
        backup,
        target,
        new RestoreTarget.AtTime(Snapshots.now() + 1),
        archive,
        "holds no commit after");
    assertRefused(backup, target, new RestoreTarget.AtTime(1), archive, "later than 1970");
    assertRefused(
        backup, target, new RestoreTarget.End(), directory.resolve("none"), "holds no log of");
    List<Path> files = archiveFiles(archive);
    Path middle = files.get(files.size() - 2);
    byte[] whole = Files.readAllBytes(middle);
    Files.delete(middle);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> restore(backup, target, until(new RestoreTarget.End(), archive)))
        .withMessageContaining("the archive lacks LSN");
    for (int i = 0; i < 10; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(whole.length)] ^= 1;
      Files.write(middle, damaged);
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> restore(backup, target, until(new RestoreTarget.End(), archive)));
      assertThat(Files.list(target)).isEmpty();
    }
    Files.write(middle, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> restore(backup, target, until(new RestoreTarget.End(), archive)));
    Files.write(middle, whole);
    restore(backup, target, until(new RestoreTarget.End(), archive));
  }

  private static void assertRefused(
      byte[] backup, Path target, RestoreTarget at, Path archive, String why) throws IOException {
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> restore(backup, target, until(at, archive)))
        .withMessageContaining(why)
        .matches(e -> e.state() == SqlState.INVALID_PARAMETER_VALUE);
    assertThat(Files.list(target)).isEmpty();
  }

  private static List<Path> archiveFiles(Path archive) throws IOException {
    try (Stream<Path> files = Files.walk(archive)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  @Test
  void twoHistoriesOfOneDatabaseAreNeverMixed() throws Exception {
    Path archive = directory.resolve("archive");
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    byte[] backup;
    int table;
    try (Database database = Database.open(first, SMALL, archiving(archive))) {
      table = createTable(database, "t");
      insert(database, table, row(1, "one", 1));
      backup = bytes(database.snapshots().open(OptionalInt.empty()));
      insert(database, table, row(2, "two", 1));
      insert(database, table, row(3, "a mistake", 1));
    }
    restore(backup, second, until(new RestoreTarget.AtLsn(3), archive));
    History branched;
    try (Database database = Database.open(second, SMALL, archiving(archive))) {
      assertThat(rows(database, table)).containsOnlyKeys(1L, 2L);
      insert(database, table, row(4, "instead", 1));
      branched = database.snapshots().history();
    }
    try (Database database = Database.open(first, SMALL, archiving(archive))) {
      insert(database, table, row(5, "after the mistake", 1));
    }
    // Either can be reached from the old backup; the backup's own history is what is meant.
    Path own = directory.resolve("own");
    restore(backup, own, until(new RestoreTarget.End(), archive));
    try (Database database = Database.open(own, SMALL)) {
      assertThat(rows(database, table)).containsOnlyKeys(1L, 2L, 3L, 5L);
    }
    Path other = directory.resolve("other");
    String branch = branched.current().id().toString();
    DatabaseRestore.Result result =
        restore(
            backup,
            other,
            new DatabaseRestore.Options(
                new RestoreTarget.End(), Optional.of(archive), Optional.of(branch)));
    assertThat(branched.isBeginningOf(result.history())).isTrue();
    try (Database database = Database.open(other, SMALL)) {
      assertThat(rows(database, table)).containsOnlyKeys(1L, 2L, 4L);
    }
  }

  @Test
  void whatCannotBeArchivedIsKept() throws Exception {
    Path archive = directory.resolve("archive");
    Path data = directory.resolve("data");
    byte[] backup;
    int table;
    Files.writeString(archive, "a file where a directory should be");
    try (Database database = Database.open(data, SMALL, archiving(archive))) {
      table = createTable(database, "t");
      backup = bytes(database.snapshots().open(OptionalInt.empty()));
      for (int i = 0; i < 40; i++) {
        insert(database, table, row(i, "x".repeat(100_000), i));
      }
      database.checkpoint();
      database.checkpoint();
      while (database.logArchive().orElseThrow().failures() < 2) {
        Thread.sleep(5);
      }
      assertThat(database.logArchive().orElseThrow().archivedLsn()).isNegative();
      assertThat(logDirectories(data)).isGreaterThan(3);
      Files.delete(archive);
      awaitArchived(database);
      insert(database, table, row(1000, "last", 1));
      awaitArchived(database);
      database.checkpoint();
      assertThat(logDirectories(data)).isLessThan(4);
    }
    Path target = directory.resolve("restored");
    restore(backup, target, until(new RestoreTarget.End(), archive));
    try (Database database = Database.open(target, SMALL)) {
      assertThat(rows(database, table)).hasSize(41);
    }
  }

  private static long logDirectories(Path data) throws IOException {
    try (Stream<Path> listed = Files.list(data.resolve("log"))) {
      return listed.filter(path -> !path.toString().contains("next-")).count();
    }
  }
}
