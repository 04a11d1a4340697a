package io.alidade.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleCommitLogTest extends CommitLogContract {
  private static final CommitLogOptions SMALL = new CommitLogOptions(1 << 20, 64 << 10);

  @TempDir Path directory;
  private DataDirectory data;
  private final AtomicInteger failures = new AtomicInteger();
  private IOException nextForce;

  @Override
  CommitLog begin() throws IOException, CorruptFileException {
    data = DataDirectory.open(directory.resolve("data"));
    return open(data, RecoveryPoint.START);
  }

  @AfterEach
  void letGoOfTheDirectory() throws IOException {
    data.close();
  }

  @Test
  void aLogGoesOnWhereItEnded() throws Exception {
    log.append(1, bytes("a"));
    log.append(2, bytes("b"));
    assertThat(log.epoch()).isEqualTo(1);
    reopen(RecoveryPoint.START);
    assertThat(log.epoch()).isEqualTo(2);
    assertThat(log.lastLsn()).isEqualTo(2);
    assertThat(log.durableLsn()).isEqualTo(2);
    assertThat(log.append(3, bytes("c"))).isEqualTo(3);
    reopen(RecoveryPoint.START);
    assertThat(log.epoch()).isEqualTo(3);
    assertThat(readAll(1))
        .containsExactly(
            new Entry.Commit(1, 1, bytes("a")),
            new Entry.Commit(2, 2, bytes("b")),
            new Entry.Commit(3, 3, bytes("c")));
  }

  @Test
  void aLogOfManyDirectoriesIsReadThrough() throws Exception {
    ByteBuffer payload = random(30_000, 1);
    for (int i = 1; i <= 200; i++) {
      log.append(i, payload);
    }
    log.force();
    assertThat(directories()).hasSizeGreaterThan(6);
    assertThat(readAll(1)).hasSize(200);
    reopen(RecoveryPoint.START);
    assertThat(log.lastLsn()).isEqualTo(200);
    assertThat(readAll(150)).hasSize(51);
  }

  @Test
  void droppingDeletesWholeDirectories() throws Exception {
    for (int i = 1; i <= 200; i++) {
      log.append(i, random(30_000, i));
    }
    log.force();
    int before = directories().size();
    log.dropBefore(100);
    assertThat(directories()).hasSizeBetween(2, before - 2);
    assertThat(readAll(100)).hasSize(101);
    log.dropBefore(201);
    assertThat(directories()).hasSize(1);
    reopen(new RecoveryPoint(201, 200));
    assertThat(log.lastLsn()).isEqualTo(200);
    assertThat(log.append(1, bytes("next"))).isEqualTo(201);
    log.close();
    assertThatThrownBy(() -> open(data, RecoveryPoint.START))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("the checkpoint needs it from LSN 1");
    log = open(data, new RecoveryPoint(201, 200));
  }

  @Test
  void chunksOfAnOpenTransactionKeepTheirDirectories() throws Exception {
    long needed = log.appendChunk(9, bytes("the first chunk"));
    for (int i = 1; i <= 200; i++) {
      log.append(i, random(30_000, i));
    }
    log.force();
    log.dropBefore(Math.min(needed, 201));
    assertThat(readAll(needed).getFirst())
        .isEqualTo(new Entry.Chunk(1, 9, bytes("the first chunk")));
  }

  @Test
  void chunksAloneFillDirectoriesThatBeginAtTheSameLsn() throws Exception {
    for (int i = 0; i < 300; i++) {
      assertThat(log.appendChunk(5, random(30_000, i))).isEqualTo(1);
    }
    log.append(5, bytes("end"));
    log.close();
    log = open(data, RecoveryPoint.START);
    assertThat(directories()).hasSizeGreaterThan(6);
    assertThat(readAll(1)).hasSize(301);
  }

  @Test
  void aDamagedDurableRecordIsRefusedWithFileAndOffset() throws Exception {
    for (int i = 1; i <= 20; i++) {
      log.append(i, bytes("commit number " + i + " of this log"));
      log.force();
    }
    try (CrashedCopy copy = crash()) {
      Path file = copy.onlyLogFile();
      long offset = copy.find(file, "commit number 12 of");
      copy.flipBit(file, offset + 3);
      assertThatThrownBy(() -> open(copy.data(), RecoveryPoint.START))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("checksum is")
          .hasMessageContaining("LSN 12 was there and durable")
          .satisfies(thrown ->
              assertThat(((CorruptFileException) thrown).offset()).isBetween(offset - 100, offset));
    }
  }

  @Test
  void aDamagedHeaderOrLengthOfADurableRecordIsRefused() throws Exception {
    for (int i = 1; i <= 20; i++) {
      log.append(i, bytes("commit number " + i + " of this log"));
      log.force();
    }
    for (int before : new int[] {1, 5, 8, 20, 40, 50, 56, 57, 60}) {
      try (CrashedCopy copy = crash()) {
        Path file = copy.onlyLogFile();
        copy.flipBit(file, copy.find(file, "commit number 12 of") - before);
        assertThatThrownBy(() -> open(copy.data(), RecoveryPoint.START))
            .as("flipped %d bytes before the payload", before)
            .isInstanceOf(CorruptFileException.class)
            .hasMessageContaining("durable");
      }
    }
  }

  @Test
  void aZeroedPageAmongDurableRecordsIsRefused() throws Exception {
    for (int i = 1; i <= 200; i++) {
      log.append(i, bytes("commit number " + i + " of this log"));
      log.force();
    }
    try (CrashedCopy copy = crash()) {
      Path file = copy.onlyLogFile();
      copy.zero(file, copy.find(file, "commit number 60 of") & -4096L, 4096);
      assertThatThrownBy(() -> open(copy.data(), RecoveryPoint.START))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("durable");
    }
  }

  @Test
  void aTornTailEndsTheLog() throws Exception {
    for (int i = 1; i <= 10; i++) {
      log.append(i, bytes("commit number " + i));
    }
    log.force();
    for (int i = 11; i <= 20; i++) {
      log.append(i, bytes("commit number " + i));
    }
    for (Damage damage : Damage.values()) {
      try (CrashedCopy copy = crash()) {
        Path file = copy.onlyLogFile();
        long offset = copy.find(file, "commit number 15");
        switch (damage) {
          case FLIPPED -> copy.flipBit(file, offset);
          case ZEROED -> copy.zero(file, offset, (int) (Files.size(file) - offset));
          case CUT -> copy.cut(file, offset + 2);
          case HEADER_ZEROED -> copy.zero(file, offset - 60, 4);
        }
        try (CommitLog recovered = open(copy.data(), new RecoveryPoint(1, 10))) {
          assertThat(recovered.lastLsn()).as("%s", damage).isEqualTo(14);
          assertThat(recovered.append(1, bytes("goes on"))).isEqualTo(15);
        }
        try (CommitLog again = open(copy.data(), new RecoveryPoint(1, 15))) {
          assertThat(readAll(again, 1))
              .hasSize(15)
              .last()
              .isEqualTo(new Entry.Commit(15, 1, bytes("goes on")));
        }
      }
    }
  }

  private enum Damage {
    FLIPPED,
    ZEROED,
    CUT,
    HEADER_ZEROED
  }

  @Test
  void noDamageIsEverReadAsData() throws Exception {
    Random random = seeded();
    List<Entry> written = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      ByteBuffer payload = random(random.nextInt(20_000), i);
      log.append(i, payload);
      log.force();
      written.add(new Entry.Commit(i, i, payload));
    }
    for (int i = 0; i < 60; i++) {
      try (CrashedCopy copy = crash()) {
        List<Path> files = copy.logFiles();
        Path file = files.get(random.nextInt(files.size()));
        long offset = random.nextLong(Files.size(file));
        int damage = random.nextInt(3);
        switch (damage) {
          case 0 -> copy.flipBit(file, offset);
          case 1 -> copy.zero(file, offset & -4096L, 4096);
          default -> copy.cut(file, offset);
        }
        try (CommitLog recovered = open(copy.data(), RecoveryPoint.START)) {
          long end = recovered.lastLsn();
          assertThat(readAll(recovered, 1)).isEqualTo(written.subList(0, (int) end));
          if (damage == 0) { // What takes the end away whole takes the proof with it.
            assertThat(end).isBetween(59L, 60L);
          }
        } catch (CorruptFileException refused) {
          assertThat(refused.path().toString()).contains("/log/");
        }
      }
    }
  }

  @Test
  void anEndBeforeTheKnownDurableLsnIsRefused() throws Exception {
    for (int i = 1; i <= 10; i++) {
      log.append(i, bytes("commit number " + i));
    }
    log.force();
    try (CrashedCopy copy = crash()) {
      Path file = copy.onlyLogFile();
      copy.flipBit(file, copy.find(file, "commit number 8"));
      assertThatThrownBy(() -> open(copy.data(), new RecoveryPoint(1, 9)))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("ends after LSN 7, LSN 9 was durable");
    }
  }

  @Test
  void afterACloseInOrderEvenTheLastRecordCannotGoUnnoticed() throws Exception {
    log.append(1, bytes("commit number 1"));
    log.append(2, bytes("commit number 2"));
    log.close();
    try (CrashedCopy copy = crash()) {
      Path file = copy.onlyLogFile();
      copy.flipBit(file, copy.find(file, "commit number 2"));
      assertThatThrownBy(() -> open(copy.data(), RecoveryPoint.START))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("LSN 2 was there and durable");
    }
  }

  @Test
  void directoriesAfterATornOneAreDead() throws Exception {
    log.append(1, bytes("durable"));
    log.force();
    for (int i = 2; i <= 75; i++) {
      log.append(i, random(30_000, i));
    }
    try (CrashedCopy copy = crash()) {
      List<Path> files = copy.logFiles();
      assertThat(files).hasSize(4);
      copy.cut(files.get(1), 300_000);
      long end;
      try (CommitLog recovered = open(copy.data(), new RecoveryPoint(1, 1))) {
        end = recovered.lastLsn();
        assertThat(end).isBetween(2L, 60L);
        assertThat(copy.logFiles()).hasSize(3); // Two of the dead epoch, one of its own.
        recovered.append(1, bytes("goes on"));
      }
      try (CommitLog again = open(copy.data(), RecoveryPoint.START)) {
        assertThat(again.lastLsn()).isEqualTo(end + 1);
      }
    }
  }

  @Test
  void aMissingDirectoryIsRefused() throws Exception {
    for (int i = 1; i <= 100; i++) {
      log.append(i, random(30_000, i));
    }
    log.force();
    try (CrashedCopy copy = crash()) {
      copy.deleteDirectoryOf(copy.logFiles().get(1));
      assertThatThrownBy(() -> open(copy.data(), RecoveryPoint.START))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("missing");
    }
    try (CrashedCopy copy = crash()) {
      for (Path file : copy.logFiles()) {
        copy.deleteDirectoryOf(file);
      }
      assertThatThrownBy(() -> open(copy.data(), new RecoveryPoint(1, 50)))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("the commit log is gone");
    }
  }

  @Test
  void aDamagedEarlierEpochIsRefused() throws Exception {
    log.append(1, bytes("commit number 1"));
    reopen(RecoveryPoint.START);
    log.append(2, bytes("commit number 2"));
    log.force();
    try (CrashedCopy copy = crash()) {
      Path file = copy.logFiles().getFirst();
      copy.flipBit(file, copy.find(file, "commit number 1"));
      assertThatThrownBy(() -> open(copy.data(), RecoveryPoint.START))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void bytesThatLookLikeAFrameAreNoProof() throws Exception {
    log.append(1, bytes("commit number 1"));
    log.force();
    try (CrashedCopy copy = crash()) {
      byte[] file = Files.readAllBytes(copy.onlyLogFile());
      log.append(2, bytes("commit number 2"));
      log.append(3, ByteBuffer.wrap(file, 0, 400_000)); // A user's row may hold the bytes of a log.
    }
    try (CrashedCopy copy = crash()) {
      Path file = copy.logFiles().getFirst();
      copy.flipBit(file, copy.find(file, "commit number 2"));
      try (CommitLog recovered = open(copy.data(), RecoveryPoint.START)) {
        assertThat(recovered.lastLsn()).isEqualTo(1);
      }
    }
  }

  @Test
  void aForceThatComesAfterTheCloseIsRefusedAndNoFailure() throws Exception {
    log.append(1, bytes("a"));
    log.close();
    assertThatThrownBy(() -> log.force())
        .isInstanceOf(IOException.class)
        .hasMessage("the commit log is closed");
    assertThat(failures).hasValue(0);
  }

  @Test
  void aForceErrorStopsTheLogForGood() throws Exception {
    log.append(1, bytes("a"));
    log.force();
    log.append(2, bytes("b"));
    nextForce = new IOException("Input/output error");
    assertThatThrownBy(() -> log.force())
        .isInstanceOf(CommitLogFailedException.class)
        .hasRootCause(nextForce);
    IOException first = nextForce;
    nextForce = null;
    assertThatThrownBy(() -> log.force())
        .isInstanceOf(CommitLogFailedException.class)
        .hasRootCause(first);
    assertThatThrownBy(() -> log.append(3, bytes("c")))
        .isInstanceOf(CommitLogFailedException.class);
    assertThat(log.durableLsn()).isEqualTo(1);
    assertThat(failures).hasValue(1);
    log.close();
    log = open(data, new RecoveryPoint(1, 1));
    assertThat(log.lastLsn()).isBetween(1L, 2L);
  }

  @Test
  void leftOversOfAPreparationAreDeleted() throws Exception {
    Path left = directory.resolve("data/log/next-17");
    log.close();
    Files.createDirectories(left);
    Files.writeString(left.resolve("19700101F.cq4"), "half");
    log = open(data, RecoveryPoint.START);
    assertThat(left).doesNotExist();
  }

  @Test
  void anInterruptedThreadCanStillAppend() throws Exception {
    Thread.currentThread().interrupt();
    try {
      for (int i = 1; i <= 100; i++) {
        log.append(i, random(30_000, i));
      }
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    log.force();
    assertThat(readAll(1)).hasSize(100);
  }

  @Test
  void anInterruptedThreadCanStillForce() throws Exception {
    Thread.currentThread().interrupt();
    try {
      log.append(1, bytes("a"));
      log.force();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(log.durableLsn()).isEqualTo(1);
    log.append(2, bytes("b"));
    log.force();
    reopen(RecoveryPoint.START);
    assertThat(readAll(1)).hasSize(2);
  }

  @Test
  void aBulkLoadIsForcedWhileItIsAppended() throws Exception {
    log.close();
    log = open(data, new CommitLogOptions(32 << 20, 64 << 10), RecoveryPoint.START);
    for (int chunk = 0; chunk < 10; chunk++) {
      log.appendChunk(1, random(1 << 20, chunk));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int readable = 0;
    while (readable == 0 && System.nanoTime() < end) { // Nobody forces but the log itself.
      readable = readAll(1).size();
      Thread.sleep(10);
    }
    assertThat(readable).isPositive();
  }

  @Test
  void smallForcesAfterABulkLoadLeaveTheDirectoryThatHasNoZeros() throws Exception {
    for (int i = 1; i <= 70; i++) { // Into the second directory, which is reserved only.
      log.append(i, random(20_000, i));
    }
    log.force();
    int before = directories().size();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    long commits = 70;
    while (directories().size() == before && System.nanoTime() < end) {
      log.append(++commits, bytes("small"));
      log.force();
      Thread.sleep(1);
    }
    assertThat(directories()).hasSizeGreaterThan(before);
    assertThat(commits).as("one directory holds far more").isLessThan(5_000);
    assertThat(readAll(1)).hasSize((int) commits);
    reopen(RecoveryPoint.START);
    assertThat(readAll(1)).hasSize((int) commits);
  }

  private CommitLog open(DataDirectory where, RecoveryPoint recovery)
      throws IOException, CorruptFileException {
    return open(where, SMALL, recovery);
  }

  private CommitLog open(DataDirectory where, CommitLogOptions options, RecoveryPoint recovery)
      throws IOException, CorruptFileException {
    return ChronicleCommitLog.open(
        where,
        options,
        recovery,
        _ -> failures.incrementAndGet(),
        range -> {
          if (nextForce != null) {
            throw nextForce;
          }
          FileForce.MSYNC.force(range);
        });
  }

  private void reopen(RecoveryPoint recovery) throws IOException, CorruptFileException {
    log.close();
    log = open(data, recovery);
  }

  private CrashedCopy crash() throws IOException {
    return CrashedCopy.of(directory.resolve("data"), Files.createTempDirectory(directory, "crash"));
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> listed = Files.list(directory.resolve("data/log"))) {
      List<Path> found = new ArrayList<>(listed.toList());
      found.removeIf(path -> DirectoryName.parse(path).isEmpty());
      return found;
    }
  }
}
