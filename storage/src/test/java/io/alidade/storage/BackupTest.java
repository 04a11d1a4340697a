package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.BackupReader;
import io.alidade.storage.backup.BackupStream;
import io.alidade.storage.backup.SnapshotStore;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.log.CommitLogOptions;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots, their streams, and restores of them into new directories.
@Timeout(120)
class BackupTest {
  static final DatabaseOptions SMALL =
      new DatabaseOptions(
          new CommitLogOptions(1 << 20, 64 << 10),
          64L << 20,
          1,
          20_000,
          0,
          DatabaseOptions.DEFAULT.memory(),
          DatabaseOptions.DEFAULT.upkeep());
  private static final int ACCOUNTS = 40;
  private static final int START_BALANCE = 1000;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());

  /// A transfer of money, by the LSN of its commit.
  private record Transfer(int from, int to, int amount) {}

  static byte[] bytes(BackupStream stream) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (stream) {
      long written = stream.writeTo(out);
      assertThat(written).isEqualTo(out.size());
    }
    return out.toByteArray();
  }

  static DatabaseRestore.Result restore(byte[] backup, Path target)
      throws IOException, CorruptFileException {
    return restore(backup, target, DatabaseRestore.Options.BACKUP);
  }

  static DatabaseRestore.Result restore(byte[] backup, Path target, DatabaseRestore.Options until)
      throws IOException, CorruptFileException {
    return DatabaseRestore.run(
        new ByteArrayInputStream(backup), Path.of("a backup"), target, until, SMALL);
  }

  @Test
  void aBackupUnderLoadIsTheStateAtItsLsn() throws Exception {
    System.out.println("BackupTest: -Dtest.seed=" + seed);
    List<byte[]> backups = new ArrayList<>();
    SortedMap<Long, Transfer> transfers = new ConcurrentSkipListMap<>();
    int table;
    try (Database database = Database.open(directory.resolve("data"), SMALL)) {
      table = createTable(database, "account");
      List<Object[]> accounts = new ArrayList<>();
      for (int id = 0; id < ACCOUNTS; id++) {
        accounts.add(row(id, "account", START_BALANCE));
      }
      insert(database, table, accounts.toArray(Object[][]::new));
      AtomicBoolean enough = new AtomicBoolean();
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Random random = new Random(seed + i);
        writers.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!enough.get()) {
                    transfer(database, table, random, transfers);
                  }
                }));
      }
      for (int i = 0; i < 3; i++) {
        int before = transfers.size();
        while (transfers.size() < before + 20) {
          Thread.sleep(1);
        }
        BackupStream stream = database.snapshots().open(OptionalInt.empty());
        database.vacuum(List.of(table), MergePolicy.Extent.EVERYTHING, Checkpoint.NONE);
        backups.add(bytes(stream)); // Its files have gone from the database.
      }
      enough.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
    }
    for (int i = 0; i < backups.size(); i++) {
      Path target = directory.resolve("restored" + i);
      DatabaseRestore.Result result = restore(backups.get(i), target);
      try (Database database = Database.open(target, SMALL)) {
        assertThat(balances(database, table)).isEqualTo(model(transfers, result.lsn()));
        assertThat(database.lastCommitted().value()).isEqualTo(result.lsn());
        insert(database, table, row(ACCOUNTS, "new", 1)); // The log goes on.
      }
      try (Database database = Database.open(target, SMALL)) {
        assertThat(rows(database, table)).hasSize(ACCOUNTS + 1);
      }
    }
  }

  private static void transfer(
      Database database, int table, Random random, SortedMap<Long, Transfer> transfers) {
    Transfer transfer =
        new Transfer(
            random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS), random.nextInt(START_BALANCE));
    int first = Math.min(transfer.from(), transfer.to());
    int second = Math.max(transfer.from(), transfer.to());
    if (first == second) {
      return;
    }
    try (Transaction transaction =
        database.begin(IsolationLevel.REPEATABLE_READ, Checkpoint.NONE)) {
      transaction.beginStatement();
      for (int id : new int[] {first, second}) {
        int change = id == transfer.from() ? -transfer.amount() : transfer.amount();
        update(transaction, table, row(id, "account", balance(transaction, table, id) + change));
      }
      transfers.put(transaction.commit(Durability.FORCED).value(), transfer);
    } catch (DatabaseException conflict) {
      assertThat(conflict.state()).isEqualTo(SqlState.SERIALIZATION_FAILURE);
    }
  }

  private static int balance(Transaction transaction, int table, long id) {
    try (TableView view = transaction.table(table)) {
      return (Integer) view.row(Fixture.find(view, id).orElseThrow())[2];
    }
  }

  private static List<Integer> balances(Database database, int table) {
    try (Transaction transaction = begin(database)) {
      List<Integer> balances = new ArrayList<>();
      for (int id = 0; id < ACCOUNTS; id++) {
        balances.add(balance(transaction, table, id));
      }
      return balances;
    }
  }

  private static List<Integer> model(SortedMap<Long, Transfer> transfers, long lsn) {
    Integer[] balances = new Integer[ACCOUNTS];
    Arrays.fill(balances, START_BALANCE);
    for (Transfer transfer : transfers.headMap(lsn + 1).values()) {
      balances[transfer.from()] -= transfer.amount();
      balances[transfer.to()] += transfer.amount();
    }
    return List.of(balances);
  }

  @Test
  void whateverIsDoneToTheStreamItIsRefused() throws Exception {
    System.out.println("BackupTest: -Dtest.seed=" + seed);
    Random random = new Random(seed);
    byte[] backup;
    try (Database database = Database.open(directory.resolve("data"), SMALL)) {
      int table = createTable(database, "t");
      for (int i = 0; i < 20; i++) {
        insert(database, table, row(i, "word ".repeat(2000), i));
      }
      backup = bytes(database.snapshots().open(OptionalInt.empty()));
    }
    assertThat(verify(backup).header().tables()).containsExactly("public.t");
    for (int i = 0; i < 400; i++) {
      byte[] flipped = backup.clone();
      flipped[i < 120 ? i : random.nextInt(backup.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(flipped);
    }
    for (int i = 0; i < 200; i++) {
      int length = i < 60 ? backup.length - 1 - i : random.nextInt(backup.length);
      assertRefused(Arrays.copyOf(backup, length));
    }
    for (int i = 0; i < 100; i++) {
      byte[] swapped = backup.clone();
      int block = 1 + random.nextInt(4096);
      int one = random.nextInt(backup.length / 2 - block);
      int other = backup.length / 2 + random.nextInt(backup.length / 2 - block);
      System.arraycopy(backup, one, swapped, other, block);
      System.arraycopy(backup, other, swapped, one, block);
      if (!Arrays.equals(backup, swapped)) {
        assertRefused(swapped);
      }
    }
    assertRefused(Arrays.copyOf(backup, backup.length + 1));
    assertRefused(new byte[0]);

    byte[] damaged = backup.clone();
    damaged[backup.length / 2] ^= 1;
    Path target = directory.resolve("restored");
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> restore(damaged, target));
    assertThat(filesIn(target)).isEmpty();
    try (Database database = Database.open(directory.resolve("data"), SMALL)) {
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> database.snapshots().receive("bad", new ByteArrayInputStream(damaged)))
          .matches(e -> e.state() == SqlState.DATA_CORRUPTED);
      assertThat(database.snapshots().list()).isEmpty();
      assertThat(filesIn(directory.resolve("data/" + SnapshotStore.DIRECTORY))).isEmpty();
    }
  }

  private static BackupReader.Contents verify(byte[] backup)
      throws IOException, CorruptFileException {
    return BackupStream.verify(
        new BackupReader(new ByteArrayInputStream(backup), Path.of("a backup")));
  }

  private static void assertRefused(byte[] backup) {
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> verify(backup));
  }

  private static List<Path> filesIn(Path path) throws IOException {
    try (Stream<Path> listed = Files.list(path)) {
      return listed.toList();
    }
  }

  @Test
  void aRestoreThatDidNotFinishIsNoDatabaseAndCanBeBegunAgain() throws Exception {
    byte[] backup;
    int table;
    try (Database database = Database.open(directory.resolve("data"), SMALL)) {
      table = createTable(database, "t");
      insert(database, table, row(1, "one", 1));
      backup = bytes(database.snapshots().open(OptionalInt.empty()));
    }
    Path whole = directory.resolve("whole");
    restore(backup, whole);
    // Every state that a kill can leave: all in the inner directory, some moved, all but the last.
    List<Path> entries = filesIn(whole);
    for (int moved = 0; moved <= entries.size() - 1; moved++) {
      Path target = directory.resolve("killed" + moved);
      Path building = Files.createDirectories(target.resolve(DataDirectory.UNFINISHED_RESTORE));
      int count = 0;
      for (Path entry : entries) {
        boolean isLast = entry.endsWith(DataDirectory.VERSION_FILE);
        Path to = !isLast && count < moved ? target : building;
        count += isLast ? 0 : 1;
        copy(entry, to.resolve(String.valueOf(entry.getFileName())));
      }
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> Database.open(target, SMALL))
          .withMessageContaining("holds a restore that did not finish");
      restore(backup, target);
      try (Database database = Database.open(target, SMALL)) {
        assertThat(rows(database, table)).hasSize(1);
      }
    }
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> restore(backup, whole))
        .withMessageContaining("is a data directory already");
    Path foreign = Files.createDirectories(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("letter.txt"), "dear");
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> restore(backup, foreign))
        .withMessageContaining("is not empty");
    assertThat(foreign.resolve("letter.txt")).hasContent("dear");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void aRestoredGraphIsTheSameGraph() throws Exception {
    int table;
    int index;
    Map<Integer, List<Long>> before;
    byte[] backup;
    try (Database database = Database.open(directory.resolve("data"), SMALL)) {
      table = createTable(database, "t");
      index = createGraph(database, table);
      for (int batch = 0; batch < 4; batch++) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          rows.add(row(batch * 500 + i, "word", i));
        }
        insert(database, table, rows.toArray(Object[][]::new));
        database.checkpoint();
      }
      try (Transaction transaction = begin(database)) {
        delete(transaction, table, 17);
        transaction.commit(Durability.FORCED);
      }
      database.awaitIndexes(Checkpoint.NONE);
      backup = bytes(database.snapshots().open(OptionalInt.empty()));
      before = answers(database, table);
    }
    Path target = directory.resolve("restored");
    restore(backup, target);
    try (Database database = Database.open(target, SMALL)) {
      assertThat(database.indexStatistics(index).orElseThrow().indexedRows()).isEqualTo(2000);
      assertThat(answers(database, table)).isEqualTo(before);
    }
  }

  static int createGraph(Database database, int table) {
    try (Transaction transaction = begin(database)) {
      IndexDefinition graph = Fixture.hnsw(transaction, table);
      transaction.apply(new CatalogChange.CreateIndex(graph));
      transaction.commit(Durability.FORCED);
      return graph.oid();
    }
  }

  /// The ids that searches find, in order.
  static Map<Integer, List<Long>> answers(Database database, int table) {
    Map<Integer, List<Long>> answers = new java.util.TreeMap<>();
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      for (int question = 0; question < 50; question++) {
        float[] vector = (float[]) row(100_000 + question, "", 0)[3];
        SearchResult found =
            new Searcher()
                .search(
                    view.vectorSegments(),
                    new VectorQuery(
                        3,
                        vector,
                        Distance.L2,
                        10,
                        Filter.ALL,
                        Optional.empty(),
                        new SearchOptions(20, SearchOptions.Mode.APPROXIMATE)),
                    Checkpoint.NONE);
        List<Long> ids = new ArrayList<>();
        for (int hit = 0; hit < found.size(); hit++) {
          RowReference place = view.found(found.segment(hit), found.ordinal(hit));
          ids.add((Long) view.row(place, new int[] {0})[0]);
        }
        answers.put(question, ids);
      }
    }
    return answers;
  }

  @Test
  void aSnapshotThatIsKeptOutlivesMergesAndRestarts() throws Exception {
    Path data = directory.resolve("data");
    int table;
    byte[] first;
    try (Database database = Database.open(data, SMALL)) {
      table = createTable(database, "t");
      createTable(database, "other");
      insert(database, table, row(1, "one", 1), row(2, "two", 2));
      BackupHeader header = database.snapshots().create("monday", OptionalInt.empty()).header();
      assertThat(header.lsn()).isEqualTo(3);
      database.snapshots().create("only-t", OptionalInt.of(table));
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> database.snapshots().create("monday", OptionalInt.empty()))
          .matches(e -> e.state() == SqlState.DUPLICATE_OBJECT);
      for (String bad : List.of("../x", ".x", "", "a/b")) {
        assertThatExceptionOfType(DatabaseException.class)
            .isThrownBy(() -> database.snapshots().create(bad, OptionalInt.empty()))
            .matches(e -> e.state() == SqlState.INVALID_NAME);
      }
      first = bytes(database.snapshots().open("monday"));
      try (Transaction transaction = begin(database)) {
        delete(transaction, table, 1);
        transaction.commit(Durability.FORCED);
      }
      database.vacuum(List.of(table), MergePolicy.Extent.EVERYTHING, Checkpoint.NONE);
    }
    Files.createDirectories(data.resolve("snapshots/.left-over/segments"));
    try (Database database = Database.open(data, SMALL)) {
      assertThat(data.resolve("snapshots/.left-over")).doesNotExist();
      assertThat(database.snapshots().list())
          .extracting(SnapshotStore.Stored::name)
          .containsExactly("monday", "only-t");
      assertThat(bytes(database.snapshots().open("monday"))).isEqualTo(first);
      byte[] one = bytes(database.snapshots().open("only-t"));
      BackupStream dropped = database.snapshots().open("monday");
      database.snapshots().drop("monday");
      database.snapshots().drop("only-t");
      assertThat(bytes(dropped)).isEqualTo(first);
      assertThat(filesIn(data.resolve("snapshots"))).isEmpty();
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> database.snapshots().drop("monday"))
          .matches(e -> e.state() == SqlState.UNDEFINED_OBJECT);
      assertThat(database.snapshots().receive("back", new ByteArrayInputStream(first)).name())
          .isEqualTo("back");
      assertThat(bytes(database.snapshots().open("back"))).isEqualTo(first);

      Path target = directory.resolve("one");
      restore(one, target);
      try (Database restored = Database.open(target, SMALL)) {
        assertThat(restored.catalog().tables()).hasSize(1);
        assertThat(rows(restored, table)).hasSize(2);
      }
    }
  }
}
