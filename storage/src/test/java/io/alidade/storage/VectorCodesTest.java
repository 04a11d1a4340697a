package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.format.v1.SegmentFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The codes of vector indexes: asked for, changed while the table is used, kept in files.
@Timeout(120)
class VectorCodesTest {
  private static final int ROWS = 4500;
  private static final String BINARY = "binary (one bit, query of 4 bits)";
  private static final List<String> ALL_SECTIONS =
      List.of(SegmentFiles.HEADER, SegmentFiles.GRAPH, SegmentFiles.CODES);
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @TempDir Path directory;

  private Database open() throws Exception {
    return Database.open(directory, DatabaseOptions.DEFAULT);
  }

  private static Map<String, String> quantization(String method) {
    return Map.of("quantization", method);
  }

  private EmbeddingTable loaded(Database database, Map<String, String> options) {
    EmbeddingTable table = EmbeddingTable.create(database, options);
    table.insert(0, ROWS);
    database.awaitIndexes(Checkpoint.NONE);
    return table;
  }

  @Test
  void codesAreWrittenByACheckpointAndMappedAtOpening() throws Exception {
    EmbeddingTable table;
    try (Database database = open()) {
      table = loaded(database, quantization("binary"));
      VectorIndexStatistics growing = table.statistics();
      assertThat(growing.method()).isEqualTo(BINARY);
      assertThat(growing.residence()).isEqualTo("growing");
      assertThat(growing.memoryBytes()).isPositive();
      assertThat(growing.recall().orElseThrow()).isGreaterThan(0.8);
      database.checkpoint();
      assertThat(table.in(database).statistics().residence()).isEqualTo("cached");
    }
    try (Database database = open()) {
      VectorIndexStatistics statistics = table.in(database).statistics();
      assertThat(statistics.method()).isEqualTo(BINARY);
      assertThat(statistics.residence()).isEqualTo("cached");
      assertThat(statistics.memoryBytes()).isZero();
      assertThat(statistics.indexedRows()).isEqualTo(ROWS);
      assertThat(statistics.vectorBytes()).isEqualTo((long) ROWS * EmbeddingTable.DIMENSIONS * 4);
      assertThat(table.in(database).recall(20, SEED)).as("seed %d", SEED).isGreaterThan(0.9);
    }
  }

  @Test
  void aChangeOfTheMethodSurvivesARestartFromTheLogAndOneFromTheFiles() throws Exception {
    EmbeddingTable table;
    try (Database database = open()) {
      table = loaded(database, quantization("binary"));
      database.checkpoint();
      table.setOptions(quantization("scalar"));
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.statistics().method()).isEqualTo("scalar");
    }
    try (Database database = open()) { // The file still has the codes of before.
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.in(database).statistics().method()).isEqualTo("scalar");
      database.checkpoint();
    }
    try (Database database = open()) {
      VectorIndexStatistics statistics = table.in(database).statistics();
      assertThat(statistics.method()).isEqualTo("scalar");
      assertThat(statistics.memoryBytes()).as("mapped again").isZero();
      table.in(database).setOptions(quantization("none"));
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.in(database).statistics().method()).isEqualTo("float32");
      database.checkpoint();
    }
    try (Database database = open()) {
      assertThat(table.in(database).statistics().method()).isEqualTo("float32");
      assertThat(table.in(database).recall(20, SEED)).as("seed %d", SEED).isGreaterThan(0.9);
    }
  }

  @Test
  void aRolledBackChangeOfTheMethodHasNoEffect() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = loaded(database, quantization("binary"));
      try (Transaction transaction = Fixture.begin(database)) {
        transaction.apply(new CatalogChange.SetIndexOptions(table.index, quantization("scalar")));
        transaction.rollback();
      }
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.statistics().method()).isEqualTo(BINARY);
    }
  }

  @Test
  void aDamagedSectionOfCodesIsRefusedWithFileAndOffset() throws Exception {
    try (Database database = open()) {
      loaded(database, quantization("binary"));
      database.checkpoint();
    }
    Path file = indexFile();
    long offset;
    try (ChecksummedFile opened = ChecksummedFile.open(file)) {
      offset = opened.sectionOffset(SegmentFiles.CODES) + 1000;
    }
    damage(file, offset);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.path().equals(file))
        .matches(e -> e.offset() <= offset && offset < e.offset() + (64 << 10));
  }

  private static void damage(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int before = bytes.read();
      bytes.seek(offset);
      bytes.write(before ^ 1);
    }
  }

  @Test
  void codesOfAnotherDistanceAreRefused() throws Exception {
    try (Database database = open()) {
      loaded(database, quantization("binary"));
      database.checkpoint();
    }
    Path file = indexFile();
    rewrite(file, ALL_SECTIONS, 1 << 20, SegmentFiles.CODES, 8);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .withMessageContaining("codes: ")
        .matches(e -> e.path().equals(file));
  }

  @Test
  void aFileFromBeforeThereWereCodesOpensAndGetsThemInTheBackground() throws Exception {
    EmbeddingTable table;
    try (Database database = open()) {
      table = loaded(database, quantization("binary"));
      database.checkpoint();
    }
    rewrite(indexFile(), List.of(SegmentFiles.HEADER, SegmentFiles.GRAPH), 16, "", 0);
    try (Database database = open()) {
      assertThat(table.in(database).recall(5, SEED)).as("seed %d", SEED).isGreaterThan(0.8);
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.in(database).statistics().method()).isEqualTo(BINARY);
    }
  }

  /// Writes a file again with some of its sections, the header cut to a length, and a byte of a
  /// section changed if one is named; its checksums are right.
  private static void rewrite(
      Path file, List<String> sections, int headerBytes, String changed, int place)
      throws Exception {
    List<byte[]> contents = new ArrayList<>();
    try (ChecksummedFile opened = ChecksummedFile.open(file)) {
      for (String section : sections) {
        contents.add(opened.section(section).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
      }
    }
    Files.delete(file);
    try (ChecksummedWriter out = ChecksummedWriter.create(file, SegmentFiles.FORMAT_VERSION)) {
      for (int i = 0; i < sections.size(); i++) {
        byte[] content = contents.get(i);
        out.beginSection(sections.get(i));
        if (sections.get(i).equals(SegmentFiles.HEADER)) {
          content = java.util.Arrays.copyOf(content, Math.min(headerBytes, content.length));
        } else if (sections.get(i).equals(changed)) {
          content[place] ^= 1;
        }
        out.write(content);
      }
      out.finish();
    }
  }

  private Path indexFile() throws IOException {
    return indexFiles().getFirst();
  }

  private List<Path> indexFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(SegmentFiles.DIRECTORY))) {
      return files.filter(file -> file.toString().endsWith(".index")).toList();
    }
  }

  @Test
  void aDroppedIndexTakesItsFileAlong() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = loaded(database, quantization("binary"));
      database.checkpoint();
      assertThat(indexFiles()).hasSize(1);
      try (Transaction transaction = Fixture.begin(database)) {
        transaction.apply(new CatalogChange.DropIndex(table.index));
        transaction.commit(Durability.FORCED);
      }
      database.checkpoint();
      assertThat(indexFiles()).isEmpty();
    }
  }

  @Test
  void aPinnedIndexIsCopiedIntoMemoryUpToTheLimit() throws Exception {
    EmbeddingTable table;
    Map<String, String> pinned = Map.of("quantization", "binary", "memory", "pinned");
    try (Database database = open()) {
      table = loaded(database, pinned);
      database.checkpoint();
      assertThat(table.statistics().residence()).isEqualTo("pinned");
      assertThat(table.statistics().memoryBytes()).isGreaterThan(ROWS * 64L);
    }
    try (Database database =
        Database.open(directory, DatabaseOptions.DEFAULT.withMaxPinnedBytes(1000))) {
      EmbeddingTable opened = table.in(database);
      assertThat(opened.statistics().residence()).isEqualTo("cached");
      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() -> opened.setOptions(pinned))
          .withMessageContaining("does not fit into the memory for pinned indexes")
          .matches(e -> e.state() == SqlState.OUT_OF_MEMORY)
          .matches(e ->
              e.field(DatabaseException.Field.HINT)
                  .orElse("")
                  .contains("alidade.pinned_memory_limit"));
    }
  }

  private static final Map<String, String> INLINE =
      Map.of("quantization", "binary", "inline_storage", "on", "memory", "cold");

  @Test
  void codesAreCopiedBesideTheListsOfSealedSegments() throws Exception {
    EmbeddingTable table;
    double recall;
    long apart;
    try (Database database = open()) {
      table = loaded(database, INLINE);
      assertThat(table.statistics().inlineSegments()).as("not sealed yet").isZero();
      apart = table.statistics().graphBytes();
      recall = table.recall(20, SEED);
      database.checkpoint();
      VectorIndexStatistics sealed = table.statistics();
      assertThat(sealed.inlineSegments()).isEqualTo(1);
      assertThat(sealed.graphBytes() - apart).isGreaterThanOrEqualTo(ROWS * 32L * 64);
      assertThat(table.recall(20, SEED)).as("seed %d", SEED).isEqualTo(recall);
    }
    try (Database database = open()) {
      VectorIndexStatistics statistics = table.in(database).statistics();
      assertThat(statistics.inlineSegments()).isEqualTo(1);
      assertThat(statistics.residence()).isEqualTo("cold");
      assertThat(table.in(database).recall(20, SEED)).as("seed %d", SEED).isEqualTo(recall);
    }
  }

  @Test
  void whereCodesAreChangesAtTheNextCheckpointAndStart() throws Exception {
    EmbeddingTable table;
    try (Database database = open()) {
      table = loaded(database, quantization("binary"));
      database.checkpoint();
      table.setOptions(INLINE);
      database.checkpoint();
      assertThat(table.statistics().inlineSegments()).as("the file of before is open").isZero();
    }
    try (Database database = open()) {
      table = table.in(database);
      assertThat(table.statistics().inlineSegments()).isEqualTo(1);
      assertThat(table.statistics().method()).isEqualTo(BINARY);
      FileTime written = Files.getLastModifiedTime(indexFile());
      table.insert(ROWS, ROWS + 64);
      database.checkpoint();
      assertThat(indexFiles()).hasSize(2);
      assertThat(indexFiles().stream().map(VectorCodesTest::modified))
          .as("what is as asked for is not written again")
          .contains(written);
      table.setOptions(Map.of("quantization", "scalar", "inline_storage", "on", "memory", "cold"));
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.statistics().inlineSegments()).as("copies of other codes").isZero();
      assertThat(table.recall(20, SEED)).as("seed %d", SEED).isGreaterThan(0.9);
      database.checkpoint();
    }
    try (Database database = open()) {
      table = table.in(database);
      assertThat(table.statistics().inlineSegments()).as("one has too few rows").isEqualTo(1);
      assertThat(table.recall(20, SEED)).as("seed %d", SEED).isGreaterThan(0.9);
      table.setOptions(quantization("scalar"));
      database.checkpoint();
    }
    try (Database database = open()) {
      assertThat(table.in(database).statistics().inlineSegments()).isZero();
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void damagedCodesBesideListsAreRefusedWithFileAndOffset() throws Exception {
    try (Database database = open()) {
      loaded(database, INLINE);
      database.checkpoint();
    }
    Path file = indexFile();
    long offset;
    try (ChecksummedFile opened = ChecksummedFile.open(file)) {
      offset = opened.sectionOffset(SegmentFiles.GRAPH) + 1_000_000; // Nearly all of it is codes.
    }
    damage(file, offset);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.path().equals(file))
        .matches(e -> e.offset() <= offset && offset < e.offset() + (64 << 10));
  }

  @Test
  void codesBesideListsThatAreNotThoseOfTheFileAreRefused() throws Exception {
    try (Database database = open()) {
      loaded(database, INLINE);
      database.checkpoint();
    }
    Path file = indexFile();
    int lists = 64 + (ROWS * Integer.BYTES + 63 & -64);
    int ids = 32 * Integer.BYTES;
    rewrite(file, ALL_SECTIONS, 1 << 20, SegmentFiles.GRAPH, lists + ids + 5);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .withMessageContaining("graph: beside node 0 ")
        .matches(e -> e.path().equals(file));
  }

  @Test
  void aColdIndexAnswersAsOthersDo() throws Exception {
    EmbeddingTable table;
    try (Database database = open()) {
      table = loaded(database, Map.of("quantization", "binary", "memory", "cold"));
      database.checkpoint();
    }
    try (Database database = open()) {
      assertThat(table.in(database).statistics().residence()).isEqualTo("cold");
      assertThat(table.in(database).recall(10, SEED)).as("seed %d", SEED).isGreaterThan(0.85);
    }
  }

  @Test
  void theMethodChangesWhileRowsAreWrittenAndRead() throws Exception {
    EmbeddingTable table;
    AtomicLong inserted = new AtomicLong(ROWS);
    try (Database database = open()) {
      table = loaded(database, quantization("auto"));
      EmbeddingTable used = table;
      AtomicBoolean over = new AtomicBoolean();
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<Void>> work = new ArrayList<>();
        work.add(threads.submit(until(over, () -> insertSome(used, inserted))));
        work.add(threads.submit(until(over, () -> requireRecall(used))));
        work.add(threads.submit(until(over, () -> requireRecall(used))));
        try {
          for (String method : List.of("binary", "scalar", "none", "binary", "auto", "scalar")) {
            used.setOptions(quantization(method));
            awaitMethod(used, method);
            if (method.equals("none")) {
              database.checkpoint(); // A sealed segment and a new one from here on.
            }
          }
        } finally {
          over.set(true);
        }
        for (Future<Void> each : work) {
          each.get();
        }
      }
      assertThat(used.statistics().method()).isIn("scalar", "scalar; float32");
    }
    try (Database database = open()) {
      database.awaitIndexes(Checkpoint.NONE);
      VectorIndexStatistics statistics = table.in(database).statistics();
      assertThat(statistics.rows()).isEqualTo(inserted.get());
      assertThat(statistics.indexedRows()).isEqualTo(inserted.get());
      assertThat(statistics.method()).startsWith("scalar");
      requireRecall(table.in(database));
    }
  }

  /// The first segment shows it; the one after the checkpoint may have too few rows for codes.
  private static void awaitMethod(EmbeddingTable table, String method) throws Exception {
    String shown =
        switch (method) {
          case "binary" -> BINARY;
          case "scalar" -> "scalar";
          default -> "float32"; // What suits so few rows.
        };
    while (!table.statistics().method().startsWith(shown)) {
      Thread.sleep(5);
    }
  }

  private static Callable<Void> until(AtomicBoolean over, Runnable step) {
    return () -> {
      while (!over.get()) {
        step.run();
      }
      return null;
    };
  }

  private static void insertSome(EmbeddingTable table, AtomicLong inserted) {
    long from = inserted.get();
    table.insert(from, from + 50);
    inserted.set(from + 50);
    LockSupport.parkNanos(20_000_000); // The table shall not outgrow the test.
  }

  private static void requireRecall(EmbeddingTable table) {
    assertThat(table.recall(10, SEED)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.9);
  }
}
