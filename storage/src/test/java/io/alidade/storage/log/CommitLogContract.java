package io.alidade.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every commit log does.
abstract class CommitLogContract {
  CommitLog log;

  /// A log that nothing was appended to.
  abstract CommitLog begin() throws IOException, CorruptFileException;

  @BeforeEach
  void beginLog() throws IOException, CorruptFileException {
    log = begin();
  }

  @AfterEach
  void closeLog() throws IOException {
    log.close();
  }

  @Test
  void lsnsAreDenseAndBeginAtOne() throws IOException {
    assertThat(log.lastLsn()).isEqualTo(CommitLog.NO_LSN);
    for (long lsn = 1; lsn <= 1000; lsn++) {
      assertThat(log.append(lsn, bytes("commit " + lsn))).isEqualTo(lsn);
    }
    assertThat(log.lastLsn()).isEqualTo(1000);
  }

  @Test
  void nothingIsDurableBeforeForce() throws Exception {
    log.append(1, bytes("a"));
    assertThat(log.durableLsn()).isEqualTo(CommitLog.NO_LSN);
    assertThat(readAll(1)).isEmpty();
    assertThat(log.force()).isEqualTo(1);
    assertThat(log.durableLsn()).isEqualTo(1);
    assertThat(readAll(1)).containsExactly(new Entry.Commit(1, 1, bytes("a")));
  }

  @Test
  void oneForceIsEnoughForManyAppends() throws Exception {
    List<Entry> expected = new ArrayList<>();
    for (long lsn = 1; lsn <= 5000; lsn++) {
      ByteBuffer payload = bytes("x".repeat((int) (lsn % 500)) + lsn);
      log.append(7, payload);
      expected.add(new Entry.Commit(lsn, 7, payload));
    }
    assertThat(log.force()).isEqualTo(5000);
    assertThat(readAll(1)).isEqualTo(expected);
  }

  @Test
  void forceWithoutAppendsChangesNothing() throws Exception {
    assertThat(log.force()).isEqualTo(CommitLog.NO_LSN);
    log.append(1, bytes("a"));
    log.force();
    assertThat(log.force()).isEqualTo(1);
    assertThat(readAll(1)).hasSize(1);
  }

  @Test
  void readingBeginsAtAnLsn() throws Exception {
    for (long lsn = 1; lsn <= 300; lsn++) {
      log.append(lsn, bytes("commit " + lsn));
    }
    log.force();
    assertThat(readAll(250))
        .hasSize(51)
        .first()
        .isEqualTo(new Entry.Commit(250, 250, bytes("commit 250")));
    assertThat(readAll(301)).isEmpty();
  }

  @Test
  void aCursorGoesOnWhenMoreIsForced() throws Exception {
    try (LogCursor cursor = log.read(1)) {
      assertThat(cursor.next()).isEmpty();
      log.append(1, bytes("a"));
      assertThat(cursor.next()).isEmpty();
      log.force();
      assertThat(cursor.next()).contains(new Entry.Commit(1, 1, bytes("a")));
      assertThat(cursor.next()).isEmpty();
      log.append(2, bytes("b"));
      log.force();
      assertThat(cursor.next()).contains(new Entry.Commit(2, 2, bytes("b")));
    }
  }

  @Test
  void chunksOfTwoTransactionsInterleave() throws Exception {
    log.append(1, bytes("first"));
    assertThat(log.appendChunk(2, bytes("2a"))).isEqualTo(2);
    assertThat(log.appendChunk(3, bytes("3a"))).isEqualTo(2);
    log.append(4, bytes("between"));
    assertThat(log.appendChunk(2, bytes("2b"))).isEqualTo(3);
    assertThat(log.append(3, bytes("3b"))).isEqualTo(3);
    log.appendAbort(2);
    assertThat(log.force()).isEqualTo(3);
    assertThat(readAll(2))
        .containsExactly(
            new Entry.Chunk(2, 2, bytes("2a")),
            new Entry.Chunk(2, 3, bytes("3a")),
            new Entry.Commit(2, 4, bytes("between")),
            new Entry.Chunk(3, 2, bytes("2b")),
            new Entry.Commit(3, 3, bytes("3b")),
            new Entry.Abort(4, 2));
  }

  @Test
  void aPayloadOfAnySizeComesBackWhole() throws Exception {
    ByteBuffer large = random(20 << 20, 1);
    ByteBuffer larger = random((20 << 20) + 1, 2).asReadOnlyBuffer();
    log.append(1, large);
    log.appendChunk(2, larger);
    log.append(2, ByteBuffer.allocate(0));
    log.force();
    assertThat(readAll(1))
        .containsExactly(
            new Entry.Commit(1, 1, large),
            new Entry.Chunk(2, 2, larger),
            new Entry.Commit(2, 2, ByteBuffer.allocate(0)));
  }

  @Test
  void theCallersBufferIsLeftAsItWas() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(100);
    direct.put(10, (byte) 'a').put(11, (byte) 'b').position(10).limit(12);
    log.append(1, direct);
    direct.put(10, (byte) 'x');
    assertThat(direct.position()).isEqualTo(10);
    assertThat(direct.limit()).isEqualTo(12);
    log.force();
    assertThat(readAll(1)).containsExactly(new Entry.Commit(1, 1, bytes("ab")));
  }

  @Test
  void whatIsNeededStaysWhenTheRestIsDropped() throws Exception {
    for (int i = 1; i <= 3000; i++) {
      log.append(i, bytes("x".repeat(1000)));
    }
    log.force();
    log.dropBefore(2000);
    assertThat(readAll(2000)).hasSize(1001);
    assertThat(log.append(1, bytes("more"))).isEqualTo(3001);
    log.force();
    assertThat(readAll(2000)).hasSize(1002);
    assertThatThrownBy(() -> log.read(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was dropped");
  }

  @Test
  void aClosedLogRefusesEverything() throws IOException {
    log.append(1, bytes("a"));
    log.close();
    log.close();
    assertThatThrownBy(() -> log.append(1, bytes("a")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> log.force()).isInstanceOf(IOException.class);
  }

  @Test
  void threadsThatAppendAndForceAtOnceLoseNothing() throws Exception {
    int threads = 4;
    int each = 500;
    ConcurrentHashMap<Long, Long> transactionOf = new ConcurrentHashMap<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        long first = thread * 1_000_000L;
        running.add(
            executor.submit(() -> {
              for (long i = first; i < first + each; i++) {
                long lsn = log.append(i, bytes("y".repeat(700) + i));
                transactionOf.put(lsn, i);
                if (i % 7 == 0) {
                  assertThat(log.force()).isGreaterThanOrEqualTo(lsn);
                }
              }
              return null;
            }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
    log.force();
    List<Entry> entries = readAll(1);
    assertThat(entries).hasSize(threads * each);
    for (int i = 0; i < entries.size(); i++) {
      long transaction = transactionOf.get(i + 1L);
      assertThat(entries.get(i))
          .isEqualTo(new Entry.Commit(i + 1L, transaction, bytes("y".repeat(700) + transaction)));
    }
  }

  @Test
  void anyMixOfEntriesIsReadBackFromAnyLsn() throws Exception {
    Random random = seeded();
    List<Entry> expected = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      long transaction = random.nextInt(10);
      ByteBuffer payload = random(random.nextInt(random.nextInt(20) == 0 ? 100_000 : 300), i);
      long position = log.lastLsn() + 1;
      switch (random.nextInt(3)) {
        case 0 -> {
          assertThat(log.append(transaction, payload)).isEqualTo(position);
          expected.add(new Entry.Commit(position, transaction, payload));
        }
        case 1 -> {
          assertThat(log.appendChunk(transaction, payload)).isEqualTo(position);
          expected.add(new Entry.Chunk(position, transaction, payload));
        }
        default -> {
          log.appendAbort(transaction);
          expected.add(new Entry.Abort(position, transaction));
        }
      }
      positions.add(position);
      if (random.nextInt(50) == 0) {
        log.force();
      }
    }
    log.force();
    for (int i = 0; i < 5; i++) {
      long from = 1 + random.nextLong(log.lastLsn() + 2);
      List<Entry> wanted = new ArrayList<>();
      for (int e = 0; e < expected.size(); e++) {
        if (positions.get(e) >= from) {
          wanted.add(expected.get(e));
        }
      }
      assertThat(readAll(from)).isEqualTo(wanted);
    }
  }

  List<Entry> readAll(long fromLsn) throws IOException, CorruptFileException {
    return readAll(log, fromLsn);
  }

  static List<Entry> readAll(CommitLog log, long fromLsn) throws IOException, CorruptFileException {
    List<Entry> entries = new ArrayList<>();
    try (LogCursor cursor = log.read(fromLsn)) {
      for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        entries.add(next.get());
      }
    }
    return entries;
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static ByteBuffer random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  static Random seeded() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("test.seed=" + seed);
    return new Random(seed);
  }
}
