package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.SchemaDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.log.LogCursor;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.ProcessorShare;
import io.alidade.storage.segment.PinnedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CommitterTest {
  private final FaultyLog log = new FaultyLog();
  private final IndexBuilder builder = new IndexBuilder(1, new ProcessorShare(1));
  private final CommittedState state =
      new CommittedState(Catalog.INITIAL, 0, 1, builder, new PinnedMemory(0));
  private final Committer committer = new Committer(log, state, new LogVolume(Long.MAX_VALUE));

  /// A log in memory that fails when it is told to, and counts its forces.
  private static final class FaultyLog implements CommitLog {
    final CommitLog log = CommitLog.inMemory(Retention.NOTHING);
    final AtomicInteger forces = new AtomicInteger();
    volatile boolean full;
    volatile boolean broken;
    volatile CountDownLatch open = new CountDownLatch(0);

    @Override
    public long epoch() {
      return log.epoch();
    }

    @Override
    public long append(long transactionId, ByteBuffer payload) throws IOException {
      if (full) {
        throw new DatabaseException(SqlState.DISK_FULL, "no space");
      }
      return log.append(transactionId, payload);
    }

    @Override
    public long appendChunk(long transactionId, ByteBuffer payload) throws IOException {
      return log.appendChunk(transactionId, payload);
    }

    @Override
    public void appendAbort(long transactionId) throws IOException {
      log.appendAbort(transactionId);
    }

    @Override
    public long force() throws IOException {
      forces.incrementAndGet();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (broken) {
        throw new IOException("the disk is broken");
      }
      return log.force();
    }

    @Override
    public long lastLsn() {
      return log.lastLsn();
    }

    @Override
    public long durableLsn() {
      return log.durableLsn();
    }

    @Override
    public LogCursor read(long fromLsn) throws IOException, CorruptFileException {
      return log.read(fromLsn);
    }

    @Override
    public void dropBefore(long oldestNeeded) throws IOException {
      log.dropBefore(oldestNeeded);
    }

    @Override
    public void close() throws IOException {
      log.close();
    }
  }

  @AfterEach
  void close() {
    committer.close();
    builder.close();
  }

  private long commit(String schema) {
    return begin(schema, Durability.FORCED, () -> {}).finish();
  }

  private Committer.Pending begin(String schema, Durability durability, Runnable whenKnown) {
    CommitContents contents =
        new CommitContents(
            List.of(new CatalogChange.CreateSchema(new SchemaDefinition(17000, schema))),
            List.of(),
            List.of(),
            CommitContents.Prepared.NOTHING);
    return committer.begin(1, ByteBuffer.allocate(16), contents, durability, whenKnown);
  }

  private static SqlState state(Throwable thrown) {
    return ((DatabaseException) thrown).state();
  }

  @Test
  void aFailedForceStopsTheDatabaseForGoodWithTheFirstCause() {
    builder.start();
    committer.start();
    assertThat(commit("a")).isEqualTo(1);
    log.broken = true;
    assertThatThrownBy(() -> commit("b"))
        .hasMessageContaining("the disk is broken")
        .satisfies(e -> assertThat(state(e)).isEqualTo(SqlState.IO_ERROR));
    log.broken = false;
    assertThatThrownBy(() -> commit("c")).hasMessageContaining("the disk is broken");
    assertThat(state.catalog().schema("a")).isPresent();
    assertThat(state.catalog().schema("b")).isEmpty();
    assertThat(state.lastCommitted()).isEqualTo(1);
  }

  @Test
  void aFullDiskRefusesOneCommitAndNotTheNext() {
    builder.start();
    committer.start();
    log.full = true;
    assertThatThrownBy(() -> commit("a"))
        .satisfies(e -> assertThat(state(e)).isEqualTo(SqlState.DISK_FULL));
    log.full = false;
    assertThat(commit("b")).isEqualTo(1);
    assertThat(state.catalog().schema("a")).isEmpty();
  }

  @Test
  void commitsThatWaitShareOneForce() throws Exception {
    builder.start();
    committer.start();
    log.open = new CountDownLatch(1);
    List<CompletableFuture<Long>> all = new ArrayList<>();
    all.add(CompletableFuture.supplyAsync(() -> commit("first")));
    while (log.forces.get() == 0) {
      Thread.sleep(1);
    }
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        String name = "s" + i;
        all.add(CompletableFuture.supplyAsync(() -> commit(name), threads));
      }
      Thread.sleep(200);
      assertThat(state.lastCommitted()).isZero();
      log.open.countDown();
      for (CompletableFuture<Long> one : all) {
        one.get();
      }
    }
    assertThat(state.lastCommitted()).isEqualTo(21);
    assertThat(log.forces.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void aCommitThatDoesNotWaitIsVisibleBeforeItIsForcedAndForcedSoonAfter() throws Exception {
    builder.start();
    committer.start();
    log.open = new CountDownLatch(1);
    assertThat(begin("a", Durability.APPENDED, () -> {}).finish()).isEqualTo(1);
    assertThat(state.catalog().schema("a")).isPresent();
    assertThat(log.durableLsn()).isZero();
    long begun = System.nanoTime();
    log.open.countDown();
    while (log.durableLsn() == 0) { // Nobody commits after it.
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
      Thread.sleep(1);
    }
  }

  @Test
  void whoDoesNotWaitForACommitIsToldWhenItsOutcomeIsKnown() throws Exception {
    builder.start();
    committer.start();
    log.open = new CountDownLatch(1);
    CompletableFuture<Long> first = CompletableFuture.supplyAsync(() -> commit("first"));
    while (log.forces.get() == 0) {
      Thread.sleep(1);
    }
    CountDownLatch told = new CountDownLatch(1);
    Committer.Pending second = begin("second", Durability.FORCED, told::countDown);
    assertThat(second.isKnown()).isFalse();
    assertThat(told.getCount()).isEqualTo(1);
    log.open.countDown();
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(second.isKnown()).isTrue();
    assertThat(second.finish()).isEqualTo(2);
    assertThat(first.get()).isEqualTo(1);
  }

  @Test
  void aFailedForceIsToldBeforeAnybodyLearnsThatItsCommitFailed() {
    builder.start();
    committer.start();
    AtomicInteger told = new AtomicInteger();
    committer.whenStopped(cause -> {
      assertThat(cause).hasMessageContaining("the disk is broken");
      told.incrementAndGet();
    });
    assertThat(commit("a")).isEqualTo(1);
    assertThat(told).hasValue(0);
    log.broken = true;
    assertThatThrownBy(() -> commit("b")).satisfies(e -> assertThat(told).hasValue(1));
    assertThatThrownBy(() -> commit("c")).hasMessageContaining("the disk is broken");
    assertThat(told).hasValue(1);
    AtomicInteger late = new AtomicInteger();
    committer.whenStopped(_ -> late.incrementAndGet());
    assertThat(late).hasValue(1);
  }
}
