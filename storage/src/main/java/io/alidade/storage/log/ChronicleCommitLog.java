package io.alidade.storage.log;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.log.DirectoryWriter.Fill;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The commit log of a server that stands alone: frames in Chronicle Queue files that are never
/// reopened.
///
/// Chronicle gives the mapped append; everything that makes a write-ahead log of it is ours,
/// because a queue that is reopened after a power loss can lose what is appended to it from then
/// on. So each run writes into directories of its own, `log/<epoch>-<first LSN>-<sequence>/`, each
/// prepared with zeros before it gets its name ([DirectoryWriter]); each frame is checked by itself
/// and chained to the one before ([Frame]); durability is `msync` of what was appended; and the end
/// of what was written is found by reading all of it ([LogRecovery]).
///
/// Two locks, always taken in this order: `forcing`, held while the disk works, and `appending`.
final class ChronicleCommitLog implements CommitLog, FileCursor.Directories {
  static final String DIRECTORY = "log";

  /// Directories with frames that were not yet forced; beyond that an append forces them first.
  private static final int MAX_UNFORCED_DIRECTORIES = 4;

  /// So much that nobody forced is forced by a thread of the log's own, while more is appended: the
  /// commit of a bulk load then waits for its end only.
  private static final long FORCE_AHEAD_BYTES = 8 << 20;

  /// Half a directory that was filled in less than this was filled by a bulk load.
  private static final long BULK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// A force of less than this is one of single commits, not of a bulk load.
  private static final long SMALL_FORCE_BYTES = 64 << 10;

  /// So many small forces one after the other, and a directory without zeros is left for one with.
  private static final int SMALL_FORCES = 64;

  private final Path logDirectory;
  private final CommitLogOptions options;
  private final FailureListener listener;
  private final FileForce fileForce;
  private final long epoch;
  private final DirectoryPreparer preparer;
  private final SecureRandom random = new SecureRandom();

  private final ReentrantLock forcing = new ReentrantLock();
  private final ReentrantLock appending = new ReentrantLock();

  // Guarded by appending.
  private final Frame.HeaderEncoder headers = new Frame.HeaderEncoder();
  private final ArrayDeque<Target> unforced = new ArrayDeque<>();
  private @Nullable Target current;
  private long currentSince;
  private long sequence;
  private int previousChecksum;
  private int lastCommitChecksum;
  private long appendedFrames;
  private long appendedBytes;

  // Guarded by forcing.
  private long forcedFrames;
  private volatile long forcedBytes;

  /// The small forces since the last large one; written under forcing.
  private volatile int smallForces;

  private final ExecutorService forceAhead =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("alidade-log-force").factory());
  private final AtomicBoolean forcesAhead = new AtomicBoolean();

  private volatile int unforcedDirectories;
  private volatile List<LogDirectory> directories;
  private volatile long lastLsn;
  private volatile long durableLsn;
  private volatile @Nullable CommitLogFailedException failure;
  private volatile boolean closed;

  private ChronicleCommitLog(
      Path logDirectory,
      CommitLogOptions options,
      FailureListener listener,
      FileForce fileForce,
      DirectoryPreparer preparer,
      LogRecovery.Result found) {
    this.logDirectory = logDirectory;
    this.options = options;
    this.listener = listener;
    this.fileForce = fileForce;
    this.epoch = found.lastEpoch() + 1;
    this.directories = found.directories();
    this.lastLsn = found.lastLsn();
    this.durableLsn = found.lastLsn();
    this.lastCommitChecksum = found.lastCommitChecksum();
    this.previousChecksum = found.lastCommitChecksum();
    this.preparer = preparer;
  }

  static ChronicleCommitLog open(
      DataDirectory data,
      CommitLogOptions options,
      RecoveryPoint recovery,
      FailureListener listener,
      FileForce fileForce)
      throws IOException, CorruptFileException {
    Path logDirectory = data.path().resolve(DIRECTORY);
    Files.createDirectories(logDirectory);
    DirectorySync.sync(data.path());
    LogRecovery.deleteLeftOvers(logDirectory);
    DirectoryPreparer preparer = new DirectoryPreparer(logDirectory);
    try {
      // Chronicle's classes take a while to load; the scan runs meanwhile.
      preparer.begin(options.firstDirectoryBytes(), Fill.ZEROS);
      LogRecovery.Result found = LogRecovery.run(logDirectory, recovery);
      ChronicleCommitLog log =
          new ChronicleCommitLog(logDirectory, options, listener, fileForce, preparer, found);
      log.begin();
      return log;
    } catch (IOException | CorruptFileException | RuntimeException refused) {
      preparer.close();
      throw refused;
    }
  }

  static ChronicleCommitLog begin(
      DataDirectory data, CommitLogOptions options, long lastLsn, long lastEpoch)
      throws IOException {
    Path logDirectory = data.path().resolve(DIRECTORY);
    Files.createDirectory(logDirectory);
    DirectorySync.sync(data.path());
    DirectoryPreparer preparer = new DirectoryPreparer(logDirectory);
    try {
      preparer.begin(options.firstDirectoryBytes(), Fill.ZEROS);
      LogRecovery.Result nothing =
          new LogRecovery.Result(List.of(), List.of(), lastEpoch, lastLsn, 0);
      ChronicleCommitLog log =
          new ChronicleCommitLog(
              logDirectory, options, _ -> {}, FileForce.MSYNC, preparer, nothing);
      log.begin();
      return log;
    } catch (IOException | RuntimeException refused) {
      preparer.close();
      throw refused;
    }
  }

  private void begin() throws IOException {
    appending.lock();
    try {
      beginDirectory(options.firstDirectoryBytes(), Fill.ZEROS);
    } finally {
      appending.unlock();
    }
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public long append(long transactionId, ByteBuffer payload) throws IOException {
    return appendPayload(FrameType.COMMIT, transactionId, payload);
  }

  @Override
  public long appendChunk(long transactionId, ByteBuffer payload) throws IOException {
    return appendPayload(FrameType.CHUNK, transactionId, payload);
  }

  @Override
  public void appendAbort(long transactionId) throws IOException {
    appendPayload(FrameType.ABORT, transactionId, ByteBuffer.allocate(0));
  }

  @Override
  public long lastLsn() {
    return lastLsn;
  }

  @Override
  public long durableLsn() {
    return durableLsn;
  }

  @Override
  public long force() throws IOException {
    forcing.lock();
    try {
      requireUsable(); // To come too late is no failure of the log.
      return forceAppended();
    } finally {
      forcing.unlock();
    }
  }

  private long forceAppended() throws IOException {
    try {
      Appended appended = appended();
      if (appended.frames() > forcedFrames) {
        for (Extent extent : appended.extents()) {
          extent.target().writer().force(fileForce, extent.end());
        }
        publish(appended);
      }
      return durableLsn;
    } catch (CommitLogFailedException stopped) {
      throw stopped;
    } catch (IOException | RuntimeException | Error broken) {
      throw failed(broken);
    }
  }

  @Override
  public LogCursor read(long fromLsn) throws IOException {
    requireOpen();
    List<LogDirectory> all = directories;
    if (fromLsn < all.getFirst().name().firstLsn()) {
      throw new IllegalArgumentException(
          "the log before LSN "
              + all.getFirst().name().firstLsn()
              + " was dropped, asked for "
              + fromLsn);
    }
    int first = 0;
    while (first < all.size() - 1
        && all.get(first).complete()
        && all.get(first).lastPosition() < fromLsn) {
      first++;
    }
    return new FileCursor(this, all.get(first), fromLsn);
  }

  @Override
  public void dropBefore(long oldestNeeded) throws IOException {
    forcing.lock();
    try {
      requireOpen();
      while (directories.size() > 1
          && directories.getFirst().complete()
          && directories.getFirst().lastPosition() < oldestNeeded) {
        LogDirectory oldest = directories.getFirst();
        appending.lock();
        try {
          List<LogDirectory> kept = new ArrayList<>(directories);
          kept.removeFirst();
          directories = List.copyOf(kept);
        } finally {
          appending.unlock();
        }
        LogDirectory.delete(logDirectory.resolve(oldest.name().toString()));
      }
    } finally {
      forcing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    forcing.lock();
    try {
      if (closed) {
        return;
      }
      if (failure == null) {
        force();
        sealRun();
      }
    } finally {
      closed = true;
      forceAhead.shutdown();
      letGo();
      forcing.unlock();
      interruptAgain(interrupted);
    }
  }

  @Override
  public Optional<LogDirectory> after(LogDirectory directory) throws IOException {
    for (LogDirectory other : directories) {
      if (other.name().compareTo(directory.name()) > 0) {
        if (directories.getFirst() == other && isGap(directory, other)) {
          throw new IOException("the log was dropped before it was read");
        }
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  @Override
  public void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the commit log is closed");
    }
  }

  private static boolean isGap(LogDirectory before, LogDirectory after) {
    return before.name().epoch() == after.name().epoch()
        ? after.name().sequence() != before.name().sequence() + 1
        : after.name().sequence() != 0;
  }

  private long appendPayload(FrameType type, long transactionId, ByteBuffer payload)
      throws IOException {
    if (unforcedDirectories > MAX_UNFORCED_DIRECTORIES) {
      force();
    }
    boolean interrupted = Thread.interrupted();
    appending.lock();
    try {
      requireUsable();
      long lsn = lastLsn + 1;
      int piece = 0;
      int at = payload.position();
      int most = options.frameBytes();
      while (payload.limit() - at > most) {
        appendFrame(FrameType.PIECE, lsn, transactionId, piece, payload.slice(at, most));
        at += most;
        piece++;
      }
      appendFrame(type, lsn, transactionId, piece, payload.slice(at, payload.limit() - at));
      if (type == FrameType.COMMIT) {
        lastCommitChecksum = previousChecksum;
        lastLsn = lsn;
      }
      forceAhead();
      return lsn;
    } finally {
      appending.unlock();
      interruptAgain(interrupted);
    }
  }

  private void forceAhead() {
    if (appendedBytes - forcedBytes >= FORCE_AHEAD_BYTES
        && forcesAhead.compareAndSet(false, true)) {
      forceAhead.execute(() -> {
        try {
          long ignored = force();
        } catch (IOException _) {
          // It has stopped the log, which tells whoever comes next, or the log was closed.
        } finally {
          forcesAhead.set(false);
        }
      });
    }
  }

  private static void interruptAgain(boolean wasInterrupted) {
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void appendFrame(
      FrameType type, long lsn, long transactionId, int piece, ByteBuffer payload)
      throws IOException {
    DirectoryWriter writer = current().writer();
    if (!writer.hasRoomFor(Frame.bytesFor(payload.remaining()))) {
      beginDirectory(options.directoryBytes(), Fill.RESERVED);
    } else if (writer.fill() == Fill.RESERVED && smallForces >= SMALL_FORCES) {
      leaveReserved();
    } else if (writer.isHalfFull()) {
      preparer.begin(options.directoryBytes(), nextFill());
    }
    write(current(), type, lsn, transactionId, piece, payload);
  }

  private void write(
      Target target, FrameType type, long lsn, long transactionId, int piece, ByteBuffer payload)
      throws IOException {
    try {
      ByteBuffer header =
          headers
              .begin(type, lsn, transactionId, durableLsn, target.directory().directoryId())
              .encode(previousChecksum, piece, payload);
      target.writer().append(header, payload);
    } catch (RuntimeException | Error broken) { // Nobody can tell how much of the frame is there.
      throw failed(broken);
    }
    previousChecksum = headers.checksum();
    appendedFrames++;
    appendedBytes += Frame.bytesFor(payload.remaining());
    if (type != FrameType.CLOSED && type != FrameType.START) {
      target.directory().lastPosition(lsn);
    }
  }

  /// Goes on in a new directory. If there is no space for one, the log is as it was before.
  private void beginDirectory(long bytes, Fill fill) throws IOException {
    DirectoryWriter writer = preparer.take(bytes, fill);
    DirectoryName name = new DirectoryName(epoch, lastLsn + 1, sequence);
    Path path = logDirectory.resolve(name.toString());
    Path file = path.resolve(String.valueOf(writer.file().getFileName()));
    Target target = new Target(new LogDirectory(name, file, random.nextLong()), writer);
    DirectoryStart start = new DirectoryStart(epoch, sequence, lastCommitChecksum);
    write(target, FrameType.START, name.firstLsn(), 0, 0, start.encode());
    try {
      writer.publish(path, fileForce);
    } catch (IOException | RuntimeException broken) {
      throw failed(broken);
    }
    target.directory().readableEnd(writer.end());
    if (current != null) {
      current.writer().leave();
    }
    current = target;
    currentSince = System.nanoTime();
    sequence++;
    unforced.add(target);
    unforcedDirectories = unforced.size();
    List<LogDirectory> more = new ArrayList<>(directories);
    more.add(target.directory());
    directories = List.copyOf(more);
  }

  /// The bulk load is over: goes on among zeros, where a force is half the work, once there are
  /// some. What is left of the directory is given back when it is closed.
  private void leaveReserved() throws IOException {
    if (preparer.isReady(Fill.ZEROS)) {
      beginDirectory(options.directoryBytes(), Fill.ZEROS);
    } else {
      preparer.beginAnew(options.directoryBytes(), Fill.ZEROS);
    }
  }

  /// A bulk load would wait for zeros and for the disk that writes them; its forces are few.
  private Fill nextFill() {
    return System.nanoTime() - currentSince < BULK_NANOS ? Fill.RESERVED : Fill.ZEROS;
  }

  private Target current() {
    if (current == null) {
      throw new IllegalStateException("the log has no directory");
    }
    return current;
  }

  /// How far everything is appended, which is what a force that begins now will make durable.
  private Appended appended() throws IOException {
    appending.lock();
    try {
      requireUsable();
      List<Extent> extents = new ArrayList<>();
      for (Target target : unforced) {
        extents.add(new Extent(target, target.writer().end(), target.writer().isLeft()));
      }
      return new Appended(extents, appendedFrames, appendedBytes, lastLsn);
    } finally {
      appending.unlock();
    }
  }

  /// Lets readers see what was forced, and closes the files that nothing more will be written to.
  private void publish(Appended appended) throws IOException {
    for (Extent extent : appended.extents()) {
      extent.target().directory().readableEnd(extent.end());
      if (extent.left()) {
        extent.target().directory().markComplete();
        extent.target().writer().giveBackRest();
        extent.target().writer().closeFile();
      }
    }
    forcedFrames = appended.frames();
    smallForces = appended.bytes() - forcedBytes < SMALL_FORCE_BYTES ? smallForces + 1 : 0;
    forcedBytes = appended.bytes();
    durableLsn = appended.lastLsn();
    appending.lock();
    try {
      unforced.removeIf(target -> target.directory().complete());
      unforcedDirectories = unforced.size();
    } finally {
      appending.unlock();
    }
  }

  /// Writes that this run ended in order, so that the next can tell a damaged end from a torn one.
  private void sealRun() throws IOException {
    appending.lock();
    try {
      if (!current().writer().hasRoomFor(Frame.HEADER_BYTES)) {
        return; // Only the proof is lost, not what it would prove.
      }
      write(current(), FrameType.CLOSED, lastLsn + 1, 0, 0, ByteBuffer.allocate(0));
    } finally {
      appending.unlock();
    }
    force();
  }

  private void letGo() throws IOException {
    appending.lock();
    try {
      for (Target target : unforced) {
        if (!target.writer().isLeft()) {
          target.writer().leave();
        }
        if (failure == null) {
          target.writer().cutOff();
        }
        target.writer().closeFile();
      }
      unforced.clear();
    } finally {
      preparer.close();
      appending.unlock();
    }
  }

  private void requireUsable() throws IOException {
    CommitLogFailedException first = failure;
    if (first != null) {
      throw first.again();
    }
    requireOpen();
  }

  /// Stops the log for good: what the disk holds is no longer known.
  private CommitLogFailedException failed(Throwable cause) {
    CommitLogFailedException first = new CommitLogFailedException(cause);
    appending.lock();
    try {
      if (failure != null) {
        return failure.again();
      }
      failure = first;
    } finally {
      appending.unlock();
    }
    listener.onFailure(first);
    return first;
  }

  /// A directory that is written to or was not forced since.
  private record Target(LogDirectory directory, DirectoryWriter writer) {}

  private record Extent(Target target, long end, boolean left) {}

  private record Appended(List<Extent> extents, long frames, long bytes, long lastLsn) {}
}
