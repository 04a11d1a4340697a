package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.thread.ObservedThread;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.MutationCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Orders commits, one group at a time: appends all that wait, forces once, applies them in order,
/// publishes, and wakes their sessions.
///
/// A thread of its own does this for whatever waits. A commit that finds nothing waiting and nobody
/// at work, and did so the last time, takes its turn at once on its session's thread, which saves
/// waking two threads; those that come meanwhile wait, and are the next group.
///
/// Whatever leaves the log or the shared state in doubt stops it for good, with the first cause:
/// from then on nothing is committed and the database refuses work. Thread-safe.
final class Committer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  /// The most commits that wait; more wait to be let into the queue.
  private static final int MAX_WAITING = 16 * 1024;

  /// The most commits that share one force.
  private static final int MAX_GROUP = 1024;

  /// How long a commit that did not wait for the disk stays off it, at most, plus one force.
  private static final long UNFORCED_MILLIS = 10;

  private final CommitLog log;
  private final CommittedState state;
  private final LogVolume volume;
  private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicReference<@Nullable Consumer<Throwable>> stopListener =
      new AtomicReference<>();
  private final Thread thread = Thread.ofPlatform().name("alidade-commit").unstarted(this::run);

  /// Held by whoever appends, forces and applies.
  private final ReentrantLock turn = new ReentrantLock();

  /// Whether something in the log may not be on the disk; set under [#turn].
  private volatile boolean unforced;

  /// When the last commit was; under [#turn].
  private long lastTime;

  /// Whether the last group was of one commit: while there are others, waiting for them is better
  /// than to force for oneself, after which they wait for the next force.
  private volatile boolean wasAlone = true;

  private volatile boolean closed;

  /// What the thread does.
  private sealed interface Work {
    CompletableFuture<Long> done();
  }

  private record Commit(
      long transactionId,
      ByteBuffer payload,
      CommitContents contents,
      Durability durability,
      CompletableFuture<Long> done)
      implements Work {}

  private record Task(Runnable action, CompletableFuture<Long> done) implements Work {}

  private record Stop(CompletableFuture<Long> done) implements Work {}

  private record Appended(Commit commit, long lsn) {}

  Committer(CommitLog log, CommittedState state, LogVolume volume) {
    this.log = log;
    this.state = state;
    this.volume = volume;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /// Commits, and waits for it.
  ///
  /// @return the LSN
  /// @throws DatabaseException when it was not committed, or nobody knows
  long commit(
      long transactionId, ByteBuffer payload, CommitContents contents, Durability durability) {
    return begin(transactionId, payload, contents, durability, () -> {}).finish();
  }

  /// A commit that is on its way.
  interface Pending {
    /// Whether [#finish] would not wait.
    boolean isKnown();

    /// Waits for the outcome.
    ///
    /// @return the LSN
    /// @throws DatabaseException when it was not committed, or nobody knows
    long finish();
  }

  /// Commits without waiting for it.
  ///
  /// @param whenKnown called once by any thread when the outcome is known, unless it is on return;
  ///   short, and throws nothing
  /// @throws DatabaseException when nothing can be committed any more
  Pending begin(
      long transactionId,
      ByteBuffer payload,
      CommitContents contents,
      Durability durability,
      Runnable whenKnown) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    Commit commit = new Commit(transactionId, payload, contents, durability, done);
    if (!commitAtOnce(commit)) {
      CompletableFuture<?> unused = done.whenComplete((_, _) -> whenKnown.run());
      enqueue(commit);
    }
    return new PendingWork(commit);
  }

  private record PendingWork(Work work) implements Pending {
    @Override
    public boolean isKnown() {
      return work.done().isDone();
    }

    @Override
    public long finish() {
      return outcome(work);
    }
  }

  /// @return whether it was this commit's turn; its outcome is then known
  private boolean commitAtOnce(Commit commit) {
    if (commit.durability() != Durability.FORCED
        || !wasAlone
        || !queue.isEmpty()
        || !turn.tryLock()) {
      return false;
    }
    try {
      requireRunning();
      ObservedThread.waiting(() -> commit(List.of(commit)));
      return true;
    } finally {
      turn.unlock();
    }
  }

  /// Runs something between two groups, when all that is logged is applied, and waits for it.
  void run(Runnable action) {
    await(new Task(action, new CompletableFuture<>()));
  }

  /// Waits until everything that was committed is on the disk.
  void force() {
    run(this::forceRest);
    requireRunning();
  }

  /// The refusal of a database that has stopped.
  DatabaseException stopped() {
    Throwable cause = failure.get();
    if (cause == null) {
      return new DatabaseException(SqlState.ADMIN_SHUTDOWN, "the database is closed");
    }
    return new DatabaseException(
        SqlState.IO_ERROR, "the database has stopped, its log having failed: " + cause, cause);
  }

  /// @throws DatabaseException when nothing can be committed any more
  void requireRunning() {
    if (closed || failure.get() != null) {
      throw stopped();
    }
  }

  /// Stops for good, with the first cause.
  void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      LOG.error("the database stops: its log or its state is in doubt", cause);
      tellStopped();
    }
  }

  /// Has somebody told once if it stops for good, or has stopped.
  void whenStopped(Consumer<Throwable> listener) {
    stopListener.set(listener);
    tellStopped();
  }

  private void tellStopped() {
    Throwable cause = failure.get();
    Consumer<Throwable> listener = cause == null ? null : stopListener.getAndSet(null);
    if (cause != null && listener != null) {
      listener.accept(cause);
    }
  }

  private long await(Work work) {
    enqueue(work);
    return outcome(work);
  }

  private void enqueue(Work work) {
    requireRunning();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          queue.put(work);
          break;
        } catch (InterruptedException e) {
          interrupted = true; // A commit on its way is not given up: its outcome would be unknown.
        }
      }
      if (closed && queue.remove(work)) {
        throw stopped();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static long outcome(Work work) {
    CompletableFuture<Long> done = work.done();
    if (!done.isDone()) {
      ObservedThread.waiting(() -> {
        boolean unused = done.handle((_, error) -> error == null).join();
      });
    }
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DatabaseException refused) {
        throw refused;
      }
      throw e;
    }
  }

  private void run() {
    boolean running = true;
    while (running) {
      Optional<Work> first = take();
      turn.lock();
      try {
        if (first.isEmpty()) {
          forceRest();
        } else {
          List<Work> taken = new ArrayList<>();
          taken.add(first.get());
          queue.drainTo(taken, MAX_GROUP - 1);
          running = perform(taken);
        }
      } finally {
        turn.unlock();
      }
    }
  }

  /// The first that waits; empty when something unforced has waited long enough.
  private Optional<Work> take() {
    while (true) {
      try {
        // Only commits that come through the queue leave anything unforced.
        return unforced
            ? Optional.ofNullable(queue.poll(UNFORCED_MILLIS, TimeUnit.MILLISECONDS))
            : Optional.of(queue.take());
      } catch (InterruptedException e) {
        LOG.debug("an interrupt of the commit thread means nothing", e);
      }
    }
  }

  /// @return whether it was not told to stop
  private boolean perform(List<Work> taken) {
    boolean running = true;
    List<Commit> group = new ArrayList<>();
    for (Work work : taken) {
      switch (work) {
        case Commit commit -> group.add(commit);
        case Task task -> {
          commit(group);
          group.clear();
          perform(task);
        }
        case Stop stop -> {
          commit(group);
          group.clear();
          forceRest();
          running = false;
          closed = true; // Before the turn is given up: nobody commits after this.
          stop.done().complete(0L);
        }
      }
    }
    commit(group);
    return running;
  }

  private void perform(Task task) {
    try {
      if (failure.get() != null) {
        throw stopped();
      }
      task.action().run();
      task.done().complete(0L);
    } catch (RuntimeException | Error e) {
      task.done().completeExceptionally(e);
    }
  }

  private void commit(List<Commit> group) {
    if (group.isEmpty()) {
      return;
    }
    wasAlone = group.size() == 1;
    List<Appended> appended = new ArrayList<>(group.size());
    try {
      long bytes = append(group, appended);
      force(appended);
      for (Appended it : appended) {
        state.apply(it.commit().contents(), it.lsn());
      }
      if (!appended.isEmpty()) {
        state.publish(appended.getLast().lsn());
        volume.add(bytes);
      }
    } catch (IOException | MalformedBytesException | RuntimeException | Error e) {
      fail(e);
      group.forEach(commit -> commit.done().completeExceptionally(stopped()));
    }
    for (Appended it : appended) {
      it.commit().done().complete(it.lsn());
    }
  }

  private long append(List<Commit> group, List<Appended> appended) throws IOException {
    long bytes = 0;
    for (Commit commit : group) {
      if (failure.get() != null) {
        commit.done().completeExceptionally(stopped());
        continue;
      }
      try {
        MutationCodec.stamp(commit.payload(), now());
        long lsn = log.append(commit.transactionId(), commit.payload());
        appended.add(new Appended(commit, lsn));
        bytes += commit.payload().remaining();
      } catch (DatabaseException full) { // Nothing of it is in the log; the others go on.
        commit.done().completeExceptionally(full);
      }
    }
    return bytes;
  }

  /// The clock, which does not go back here: later commits have later times, or the same.
  private long now() {
    lastTime = Math.max(lastTime, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    return lastTime;
  }

  private void force(List<Appended> appended) throws IOException {
    boolean waitsForDisk =
        appended.stream().anyMatch(it -> it.commit().durability() == Durability.FORCED);
    if (waitsForDisk) {
      long ignored = log.force();
      unforced = false;
    } else if (!appended.isEmpty()) {
      unforced = true;
    }
  }

  private void forceRest() {
    if (unforced) {
      try {
        long ignored = log.force();
        unforced = false;
      } catch (IOException | RuntimeException e) {
        fail(e);
        unforced = false;
      }
    }
  }

  /// Ends after what is queued.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    Stop stop = new Stop(new CompletableFuture<>());
    try {
      queue.put(stop);
      closed = true;
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Work late = queue.poll(); late != null; late = queue.poll()) {
      late.done().completeExceptionally(stopped());
    }
  }
}
