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
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.log.CommitLogOptions;
import io.alidade.storage.manifest.Manifest;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each kind of file damaged in each way, on copies of the directory of a database that died.
@Timeout(120)
class DatabaseCheckTest {
  private static final DatabaseOptions SMALL_LOG =
      new DatabaseOptions(
          new CommitLogOptions(1 << 20, 64 << 10),
          512L << 20,
          1,
          20_000,
          0,
          DatabaseOptions.DEFAULT.memory(),
          DatabaseOptions.DEFAULT.upkeep());
  private static final int ROWS = 600;
  private static final int PAGE = 4096;
  private static final String IN_LOG = "only in the log ";

  @TempDir static Path scratch;
  @TempDir Path directory;

  private static Path crashed;
  private static int table;
  private static int primaryKey;
  private static int hnsw;
  private static Map<Long, String> expected;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /// A segment with tombstones and indexes, another, and commits that are in the log only.
  @BeforeAll
  static void buildAndCrash() throws Exception {
    Path running = scratch.resolve("running");
    crashed = scratch.resolve("crashed");
    try (Database database = Database.open(running, SMALL_LOG)) {
      int filler = createTable(database, "filler");
      table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        IndexDefinition graph = Fixture.hnsw(transaction, table);
        hnsw = graph.oid();
        transaction.apply(new CatalogChange.CreateIndex(graph));
        transaction.commit(Durability.FORCED);
      }
      primaryKey = database.catalog().table(table).orElseThrow().primaryKey().orElseThrow().oid();
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(row(i, "word " + i, i % 7 == 0 ? null : i));
      }
      insert(database, table, rows.toArray(Object[][]::new));
      for (int i = 0; i < 30; i++) { // So that the log's beginning goes with the checkpoint.
        insert(database, filler, row(i, "x".repeat(100_000), i));
      }
      database.checkpoint();
      try (Transaction transaction = begin(database)) {
        delete(transaction, table, 5);
        update(transaction, table, row(6, "six", 6));
        transaction.commit(Durability.FORCED);
      }
      database.checkpoint();
      for (int i = 0; i < 20; i++) {
        insert(database, table, row(10_000 + i, IN_LOG + i + "y".repeat(2 * PAGE), i));
      }
      try (Transaction transaction = begin(database)) {
        delete(transaction, table, 7);
        transaction.commit(Durability.FORCED);
      }
      expected = rows(database, table);
      copy(running, crashed);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (!file.toString().contains("/next-") && !file.endsWith("alidade.lock")) {
          Files.copy(file, copy);
        }
      }
    }
  }

  private Path copyOfCrashed(String name) throws IOException {
    Path copy = directory.resolve(name);
    copy(crashed, copy);
    return copy;
  }

  private static CheckReport check(Path data, DatabaseCheck.Mode mode) throws IOException {
    return DatabaseCheck.run(data, mode);
  }

  /// All files but the lock, with their content's checksum.
  private static Map<String, Long> contentOf(Path data) throws IOException {
    Map<String, Long> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(it -> !it.endsWith("alidade.lock")).toList()) {
        CRC32C crc = new CRC32C();
        if (Files.isRegularFile(file)) {
          crc.update(Files.readAllBytes(file));
        }
        content.put(file.toString(), crc.getValue());
      }
    }
    return content;
  }

  private static Path find(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(it -> it.toString().endsWith(suffix)).sorted().findFirst().orElseThrow();
    }
  }

  private static long offsetOf(Path file, String text) throws IOException {
    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int offset = content.indexOf(text);
    assertThat(offset).as("%s in %s", text, file).isNotNegative();
    return offset;
  }

  /// The file of the log with the nth of the commits that are in the log only.
  private static Path logFile(Path data, int number) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".cq4")).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (content.contains(IN_LOG + number + "y")) {
          return file;
        }
      }
    }
    throw new IllegalStateException("commit " + number + " is nowhere");
  }

  @Test
  void whatACrashLeavesIsSound() throws Exception {
    Path data = copyOfCrashed("data");
    Map<String, Long> before = contentOf(data);

    CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);

    assertThat(report.findings()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.contents().tables()).isEqualTo(2);
    assertThat(report.contents().segments()).isEqualTo(3);
    assertThat(report.contents().rows()).isEqualTo(expected.size() + 30L);
    assertThat(report.contents().commits()).isEqualTo(21);
    assertThat(report.contents().lastLsn()).isEqualTo(report.contents().checkpointLsn() + 21);
    assertThat(contentOf(data)).isEqualTo(before);
    assertThat(check(data, DatabaseCheck.Mode.REPAIR).isSound()).isTrue();
    assertThat(contentOf(data)).isEqualTo(before);
    assertRowsAreThere(data);
  }

  private static void assertRowsAreThere(Path data) throws Exception {
    try (Database database = Database.open(data, SMALL_LOG)) {
      assertThat(rows(database, table)).isEqualTo(expected);
    }
  }

  /// The kinds of files, and whether one can be made anew.
  private enum Kind {
    MANIFEST,
    ROWS,
    TOMBSTONES,
    ORDERED_INDEX,
    VECTOR_INDEX,
    LOG;

    Path file(Path data) throws IOException {
      return switch (this) {
        case MANIFEST -> Manifest.path(data);
        case ROWS -> find(data, ".rows");
        case TOMBSTONES -> find(data, ".tombstones");
        case ORDERED_INDEX -> find(data, "-" + primaryKey + ".index");
        case VECTOR_INDEX -> find(data, "-" + hnsw + ".index");
        case LOG -> logFile(data, 3);
      };
    }

    boolean isIndex() {
      return this == ORDERED_INDEX || this == VECTOR_INDEX;
    }
  }

  private enum Damage {
    FLIPPED_BIT,
    ZEROED_PAGE,
    CUT,
    MISSING
  }

  private void damage(Path file, Kind kind, Damage damage) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    // Of the log: what later commits prove to have been durable.
    int place =
        kind == Kind.LOG ? (int) offsetOf(file, IN_LOG + "3y") : random.nextInt(bytes.length);
    switch (damage) {
      case FLIPPED_BIT -> {
        bytes[place] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      case ZEROED_PAGE -> {
        int page = place / PAGE * PAGE;
        byte[] before = bytes.clone();
        Arrays.fill(bytes, page, Math.min(bytes.length, page + PAGE), (byte) 0);
        if (Arrays.equals(before, bytes)) { // It held zeros: then the first page.
          Arrays.fill(bytes, 0, Math.min(bytes.length, PAGE), (byte) 0);
        }
        Files.write(file, bytes);
      }
      case CUT -> Files.write(file, Arrays.copyOf(bytes, kind == Kind.LOG ? PAGE / 2 : place));
      case MISSING -> Files.delete(file);
    }
  }

  @ParameterizedTest
  @EnumSource
  void damageIsFoundAndNamedAndOnlyIndexesAreRepaired(Kind kind) throws Exception {
    System.out.println("DatabaseCheckTest: -Dtest.seed=" + seed);
    for (Damage damage : Damage.values()) {
      Path data = copyOfCrashed(damage.name());
      Path file = kind.file(data);
      damage(file, kind, damage);
      Map<String, Long> before = contentOf(data);

      CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);

      String where = "%s %s, seed %d: %s".formatted(kind, damage, seed, report);
      assertThat(contentOf(data)).as(where).isEqualTo(before);
      assertThat(report.isSound()).as(where).isFalse();
      assertThat(report.isDamaged()).as(where).isEqualTo(!kind.isIndex());
      assertThat(report.findings()).as(where).noneMatch(Finding.LeftOver.class::isInstance);
      Path named = kind == Kind.LOG && damage == Damage.MISSING ? file.getParent() : file;
      assertThat(report.findings()).as(where).anyMatch(finding -> finding.file().equals(named));

      CheckReport repaired = check(data, DatabaseCheck.Mode.REPAIR);

      assertThat(repaired.isSound()).as(where).isEqualTo(kind.isIndex());
      if (kind.isIndex()) {
        assertThat(file).doesNotExist();
        assertThat(check(data, DatabaseCheck.Mode.VERIFY).findings()).as(where).isEmpty();
        assertAnswersAsBefore(data);
        assertThat(check(data, DatabaseCheck.Mode.VERIFY).findings()).as(where).isEmpty();
        assertThat(file).as("the index was written again").exists();
      } else {
        assertThat(repaired.repair()).as(where).isEqualTo(CheckReport.Repair.REFUSED);
        assertThat(contentOf(data)).as(where).isEqualTo(before);
      }
    }
  }

  private static void assertAnswersAsBefore(Path data) throws Exception {
    try (Database database = Database.open(data, SMALL_LOG)) {
      assertThat(rows(database, table)).isEqualTo(expected);
      database.awaitIndexes(Checkpoint.NONE);
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        for (long id : new long[] {0, 6, 100, ROWS - 1, 10_003}) {
          assertThat(Fixture.find(view, id)).as("row %d by its key", id).isPresent();
          assertThat(nearest(view, id)).startsWith(id);
        }
        assertThat(Fixture.find(view, 5)).isEmpty();
      }
      assertThat(database.indexStatistics(hnsw).orElseThrow().indexedRows())
          .isEqualTo(database.indexStatistics(hnsw).orElseThrow().rows());
      database.checkpoint();
    }
  }

  private static List<Long> nearest(TableView view, long id) {
    VectorQuery question =
        new VectorQuery(
            3,
            (float[]) row(id, "", 0)[3],
            Distance.L2,
            5,
            Filter.ALL,
            Optional.empty(),
            new SearchOptions(100, SearchOptions.Mode.APPROXIMATE));
    SearchResult found = new Searcher().search(view.vectorSegments(), question, Checkpoint.NONE);
    List<Long> ids = new ArrayList<>();
    for (int hit = 0; hit < found.size(); hit++) {
      RowReference place = view.found(found.segment(hit), found.ordinal(hit));
      ids.add((Long) view.row(place, new int[] {0})[0]);
    }
    return ids;
  }

  @Test
  void aTornEndOfTheLogIsHarmless() throws Exception {
    Path data = copyOfCrashed("data");
    Path file = logFile(data, 19);
    byte[] bytes = Files.readAllBytes(file);
    int last = (int) offsetOf(file, IN_LOG + "19y");
    bytes[last + PAGE] ^= 4; // Nothing but the deletion behind it proves that it was durable.
    Arrays.fill(bytes, last + 2 * PAGE, last + 3 * PAGE, (byte) 0);
    Files.write(file, bytes);

    CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);

    assertThat(report.isSound()).isTrue();
    assertThat(report.contents().commits()).isEqualTo(19);
    assertThat(report.findings())
        .singleElement()
        .isInstanceOfSatisfying(
            Finding.TornLog.class,
            torn -> {
              assertThat(torn.file()).isEqualTo(file);
              assertThat(torn.problem()).contains("checksum");
              assertThat(torn.offset()).isPositive();
            });
    try (Database database = Database.open(data, SMALL_LOG)) {
      assertThat(rows(database, table)).hasSize(expected.size()); // With row 7 and without 10019.
    }
  }

  @Test
  void aHoleInTheLogIsNamedWithItsOffset() throws Exception {
    Path data = copyOfCrashed("data");
    Path file = logFile(data, 4);
    long place = offsetOf(file, IN_LOG + "4y");
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) place] ^= 1;
    Files.write(file, bytes);

    CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);

    assertThat(report.findings())
        .singleElement()
        .isInstanceOfSatisfying(
            Finding.Damage.class,
            damage -> {
              assertThat(damage.file()).isEqualTo(file);
              assertThat(damage.offset()).isBetween(place - 300, place);
              assertThat(damage.problem()).contains("was there and durable");
            });
  }

  @Test
  void theOffsetOfADamagedBlockOfVectorsIsTold() throws Exception {
    Path data = copyOfCrashed("data");
    Path rows;
    long place;
    try (Stream<Path> files = Files.list(data.resolve("segments"))) {
      rows = files.filter(it -> it.toString().endsWith(".rows")).min(largest()).orElseThrow();
    }
    try (ChecksummedFile file = ChecksummedFile.open(rows)) {
      place = file.sectionOffset("column.3.vectors") + 8;
    }
    byte[] bytes = Files.readAllBytes(rows);
    bytes[(int) place] ^= 1;
    Files.write(rows, bytes);

    assertThat(check(data, DatabaseCheck.Mode.VERIFY).findings())
        .singleElement()
        .satisfies(damage -> {
          assertThat(damage.file()).isEqualTo(rows);
          assertThat(damage.offset()).isEqualTo(place / (64 << 10) * (64 << 10));
          assertThat(damage.problem()).contains("checksum");
        });
  }

  private static Comparator<Path> largest() {
    return Comparator.comparingLong((Path file) -> -file.toFile().length());
  }

  @Test
  void anOrderedIndexOutOfOrderIsFoundThoughItsChecksumsAreRight() throws Exception {
    Path data = copyOfCrashed("data");
    Path index = Kind.ORDERED_INDEX.file(data);
    Path segments = data.resolve("segments");
    long segment = SegmentFiles.segment(index);
    byte[] header;
    byte[] permutation;
    try (ChecksummedFile file = ChecksummedFile.open(index)) {
      header = file.section(SegmentFiles.HEADER).toArray(ValueLayout.JAVA_BYTE);
      permutation = file.section(SegmentFiles.PERMUTATION).toArray(ValueLayout.JAVA_BYTE);
    }
    assertThat(index).isEqualTo(SegmentFiles.index(segments, segment, primaryKey));
    byte[] first = Arrays.copyOf(permutation, Integer.BYTES);
    System.arraycopy(permutation, Integer.BYTES, permutation, 0, Integer.BYTES);
    System.arraycopy(first, 0, permutation, Integer.BYTES, Integer.BYTES);
    Files.delete(index);
    try (ChecksummedWriter out = ChecksummedWriter.create(index, SegmentFiles.FORMAT_VERSION)) {
      out.beginSection(SegmentFiles.HEADER);
      out.write(MemorySegment.ofArray(header));
      out.beginSection(SegmentFiles.PERMUTATION);
      out.write(MemorySegment.ofArray(permutation));
      out.finish();
    }

    assertThat(check(data, DatabaseCheck.Mode.VERIFY).findings())
        .singleElement()
        .isInstanceOfSatisfying(
            Finding.DamagedIndex.class,
            damage -> {
              assertThat(damage.file()).isEqualTo(index);
              assertThat(damage.problem()).contains("out of order");
            });
  }

  @Test
  void leftOverFilesAreToldAndRepairDropsThem() throws Exception {
    Path data = copyOfCrashed("data");
    Map<String, Long> before = contentOf(data);
    Path rows = SegmentFiles.rows(data.resolve("segments"), 0xFFFF);
    Path temporary = data.resolve("segments").resolve("0000000000000001-17001.index.tmp");
    Path manifest = data.resolve("MANIFEST.tmp");
    for (Path file : List.of(rows, temporary, manifest)) {
      Files.writeString(file, "half of a");
    }
    Files.createDirectories(data.resolve("log").resolve("next-1"));

    CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);

    assertThat(report.isSound()).isTrue();
    assertThat(report.findings())
        .containsExactlyInAnyOrder(
            new Finding.LeftOver(rows),
            new Finding.LeftOver(temporary),
            new Finding.LeftOver(manifest),
            new Finding.TornLog(
                data.resolve("log").resolve("next-1"),
                0,
                "in preparation or let go before a crash"));

    assertThat(check(data, DatabaseCheck.Mode.REPAIR).isSound()).isTrue();
    Files.delete(data.resolve("log").resolve("next-1")); // The log is never touched.
    assertThat(contentOf(data)).isEqualTo(before);
    assertRowsAreThere(data);
  }

  @Test
  void withoutTheManifestALogFromTheBeginningHoldsEverything() throws Exception {
    Path data = directory.resolve("data");
    int small;
    try (Database database = Database.open(data, SMALL_LOG)) {
      small = createTable(database, "small");
      insert(database, small, row(1, "one", 1), row(2, "two", 2));
      database.checkpoint();
    }
    Files.delete(Manifest.path(data));

    CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);

    assertThat(report.isSound()).isTrue();
    assertThat(report.contents().rows()).isEqualTo(2);
    assertThat(report.findings()).hasSize(1).hasOnlyElementsOfType(Finding.LeftOver.class);
    try (Database database = Database.open(data, SMALL_LOG)) {
      assertThat(rows(database, small)).containsOnlyKeys(1L, 2L);
    }
  }

  @Test
  void whateverWorkWasDoneADirectoryIsSound() throws Exception {
    System.out.println("DatabaseCheckTest: -Dtest.seed=" + seed);
    Path data = directory.resolve("data");
    int items;
    try (Database database = Database.open(data, SMALL_LOG)) {
      items = createTable(database, "items");
    }
    for (int round = 0; round < 8; round++) {
      int rows;
      try (Database database = Database.open(data, SMALL_LOG)) {
        for (int step = 0; step < 30; step++) {
          work(database, items);
        }
        rows = rows(database, items).size();
      }
      CheckReport report = check(data, DatabaseCheck.Mode.VERIFY);
      // No manifest names what a merge made that the end of the run came right after.
      assertThat(report.findings())
          .as("seed %d, round %d", seed, round)
          .allMatch(Finding.LeftOver.class::isInstance);
      assertThat(report.contents().rows()).as("seed %d, round %d", seed, round).isEqualTo(rows);
    }
  }

  private void work(Database database, int items) {
    switch (random.nextInt(12)) {
      case 0 -> database.checkpoint();
      case 1 -> database.vacuum(List.of(items), MergePolicy.Extent.EVERYTHING, Checkpoint.NONE);
      case 2 -> database.vacuum(List.of(items), MergePolicy.Extent.DEAD_VERSIONS, Checkpoint.NONE);
      case 3 -> changeIndexes(database, items);
      default -> {
        try (Transaction transaction = begin(database)) {
          for (int i = 0; i < 20; i++) {
            long id = random.nextInt(400);
            boolean there;
            try (TableView view = transaction.table(items)) {
              there = Fixture.find(view, id).isPresent();
            }
            if (!there) {
              transaction.insert(items, row(id, "w" + random.nextInt(9), random.nextInt(50)));
            } else if (random.nextInt(3) == 0) {
              delete(transaction, items, id);
            } else {
              update(transaction, items, row(id, null, random.nextInt(50)));
            }
            transaction.beginStatement();
          }
          if (random.nextInt(5) > 0) {
            transaction.commit(Durability.APPENDED);
          }
        }
      }
    }
  }

  private void changeIndexes(Database database, int items) {
    List<IndexDefinition> indexes = database.catalog().table(items).orElseThrow().indexes();
    try (Transaction transaction = begin(database)) {
      transaction.apply(
          switch (indexes.size()) {
            case 1 -> new CatalogChange.CreateIndex(Fixture.hnsw(transaction, items));
            case 2 ->
                new CatalogChange.CreateIndex(
                    Fixture.btree(transaction, items, 1, IndexDefinition.Uniqueness.NOT_UNIQUE));
            default -> new CatalogChange.DropIndex(indexes.get(1 + random.nextInt(2)).oid());
          });
      transaction.commit(Durability.FORCED);
    }
  }

  @Test
  void aDirectoryInUseOrWithoutADatabaseIsNotChecked() throws Exception {
    Path data = copyOfCrashed("data");
    try (Database database = Database.open(data, SMALL_LOG)) {
      assertThat(database.directory()).isPresent();
      assertRefused(data, SqlState.OBJECT_IN_USE, "is in use by another process");
    }
    assertRefused(
        directory.resolve("none"), SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "no directory");
    assertThat(directory.resolve("none")).doesNotExist();
    Path other = Files.createDirectory(directory.resolve("other"));
    assertRefused(
        other, SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "not an Alidade data directory");
    assertThat(other).isEmptyDirectory();
  }

  private static void assertRefused(Path data, SqlState state, String message) {
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> check(data, DatabaseCheck.Mode.VERIFY))
        .withMessageContaining(message)
        .extracting(DatabaseException::state)
        .isEqualTo(state);
  }
}
