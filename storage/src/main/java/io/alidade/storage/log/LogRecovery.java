package io.alidade.storage.log;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.file.MappedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the end of a log that an earlier process wrote, or what is wrong with it.
///
/// An epoch's frames form a chain: each carries the checksum of the one before, and LSNs are dense.
/// The chain ends at the first frame that is damaged or missing. That is a torn tail, as a crash
/// leaves it, unless any later frame says that what is missing was durable when it was written:
/// then it is a hole, and the log must not be used. Each epoch begins at the LSN after which the
/// epoch before was found to end, so what the older one holds from there on is dead.
final class LogRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

  private final Path logDirectory;
  private final RecoveryPoint recovery;
  private final List<LogDirectory> live = new ArrayList<>();
  private final List<LogDirectory> dead = new ArrayList<>();
  private long lastLsn;
  private int lastCommitChecksum;
  private int lastChecksum;

  private LogRecovery(Path logDirectory, RecoveryPoint recovery) {
    this.logDirectory = logDirectory;
    this.recovery = recovery;
  }

  /// What was found.
  ///
  /// @param directories those that hold the log, in order
  /// @param dead those behind its end
  record Result(
      List<LogDirectory> directories,
      List<LogDirectory> dead,
      long lastEpoch,
      long lastLsn,
      int lastCommitChecksum) {}

  /// Scans a log directory; on return all that it found is durable, and what lay behind its end is
  /// gone.
  static Result run(Path logDirectory, RecoveryPoint recovery)
      throws IOException, CorruptFileException {
    LogRecovery run = new LogRecovery(logDirectory, recovery);
    Result found = run.scan();
    if (!found.directories().isEmpty()) {
      run.makeFinal(found.lastEpoch());
    }
    return found;
  }

  /// Scans a log directory, which need not be there, and changes nothing.
  static Result look(Path logDirectory, RecoveryPoint recovery)
      throws IOException, CorruptFileException {
    return new LogRecovery(logDirectory, recovery).scan();
  }

  private Result scan() throws IOException, CorruptFileException {
    NavigableMap<Long, List<LogDirectory>> epochs =
        Files.isDirectory(logDirectory) ? listEpochs() : new TreeMap<>();
    if (epochs.isEmpty()) {
      if (recovery.durableLsn() > CommitLog.NO_LSN) {
        throw new CorruptFileException(
            logDirectory,
            0,
            "the commit log is gone, LSN " + recovery.durableLsn() + " was durable");
      }
      return new Result(List.of(), List.of(), 0, CommitLog.NO_LSN, 0);
    }
    requireReachesBack(epochs.firstEntry().getValue().getFirst());
    for (List<LogDirectory> epoch : epochs.values()) {
      Long next = epochs.higherKey(epoch.getFirst().name().epoch());
      scanEpoch(
          epoch,
          next == null
              ? Long.MAX_VALUE
              : epochs.getOrDefault(next, epoch).getFirst().name().firstLsn());
    }
    requireReachesUpTo(recovery.durableLsn());
    return new Result(
        List.copyOf(live), List.copyOf(dead), epochs.lastKey(), lastLsn, lastCommitChecksum);
  }

  /// Deletes what was in preparation, or half deleted, when an earlier process died.
  static void deleteLeftOvers(Path logDirectory) throws IOException {
    for (Path entry : leftOvers(logDirectory)) {
      LogDirectory.deleteTree(entry);
    }
  }

  /// The directories that were in preparation, or half deleted, when an earlier process died.
  static List<Path> leftOvers(Path logDirectory) throws IOException {
    try (Stream<Path> listed = Files.list(logDirectory)) {
      return listed
          .filter(entry -> DirectoryName.parse(entry).isEmpty() && Files.isDirectory(entry))
          .sorted()
          .toList();
    }
  }

  private NavigableMap<Long, List<LogDirectory>> listEpochs()
      throws IOException, CorruptFileException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(logDirectory)) {
      entries = listed.sorted().toList();
    }
    NavigableMap<Long, List<LogDirectory>> epochs = new TreeMap<>();
    List<DirectoryName> names = new ArrayList<>();
    for (Path entry : entries) {
      DirectoryName.parse(entry).ifPresent(names::add);
    }
    names.sort(null);
    for (DirectoryName name : names) {
      epochs.computeIfAbsent(name.epoch(), _ -> new ArrayList<>()).add(openDirectory(name));
    }
    return epochs;
  }

  private LogDirectory openDirectory(DirectoryName name) throws IOException, CorruptFileException {
    Path directory = logDirectory.resolve(name.toString());
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.filter(file -> file.toString().endsWith(".cq4")).toList();
    }
    if (files.size() != 1) {
      throw new CorruptFileException(directory, 0, "holds " + files.size() + " log files, not one");
    }
    Path file = files.getFirst();
    try (MappedFile mapped = MappedFile.open(file)) {
      FrameReader reader = new FrameReader(mapped.segment(), 0);
      // A directory gets its name only after its first frame is durable, so this is never a torn
      // tail.
      Frame frame =
          reader
              .next(Long.MAX_VALUE)
              .orElseThrow(() -> new CorruptFileException(file, reader.offset(), reader.problem()));
      if (!DirectoryStart.fits(frame)) {
        throw new CorruptFileException(file, frame.offset(), "a start frame was expected");
      }
      DirectoryStart start = DirectoryStart.decode(frame.payloadBytes());
      if (start.epoch() != name.epoch()
          || start.sequence() != name.sequence()
          || frame.lsn() != name.firstLsn()) {
        throw new CorruptFileException(
            file, frame.offset(), "the directory was " + start + " from LSN " + frame.lsn());
      }
      return new LogDirectory(name, file, frame.directoryId());
    }
  }

  private void requireReachesBack(LogDirectory first) throws CorruptFileException {
    if (first.name().firstLsn() > recovery.oldestNeeded()) {
      throw new CorruptFileException(
          first.file(),
          0,
          "the commit log begins here at LSN "
              + first.name().firstLsn()
              + ", the checkpoint needs it from LSN "
              + recovery.oldestNeeded());
    }
  }

  private void requireReachesUpTo(long durableLsn) throws CorruptFileException {
    if (lastLsn < durableLsn) {
      LogDirectory last = live.getLast();
      throw new CorruptFileException(
          last.file(),
          last.readableEnd(),
          "the commit log ends after LSN " + lastLsn + ", LSN " + durableLsn + " was durable");
    }
  }

  private void scanEpoch(List<LogDirectory> epoch, long deadFrom)
      throws IOException, CorruptFileException {
    boolean firstOfLog = live.isEmpty();
    for (int i = 0; i < epoch.size(); i++) {
      LogDirectory directory = epoch.get(i);
      try (MappedFile mapped = MappedFile.open(directory.file())) {
        FrameReader reader = new FrameReader(mapped.segment(), 0);
        Frame start = reader.next(Long.MAX_VALUE).orElseThrow();
        Joint joint = firstOfLog ? Joint.LOG : i == 0 ? Joint.EPOCH : Joint.DIRECTORY;
        Optional<String> gap =
            gapBefore(start, directory, joint, i == 0 ? directory : epoch.get(i - 1));
        if (gap
            .isPresent()) { // The frames that this directory follows on were lost with the crash.
          endEpoch(epoch, i - 1, live.getLast().readableEnd(), gap.get());
          return;
        }
        firstOfLog = false;
        lastChecksum = start.checksum();
        live.add(directory);
        String problem = scanFrames(directory, reader, deadFrom);
        directory.markComplete();
        if (i == epoch.size() - 1) {
          endEpoch(epoch, i, directory.readableEnd(), problem);
        }
      }
    }
  }

  /// How a directory joins what was read before it.
  private enum Joint {
    LOG,
    EPOCH,
    DIRECTORY
  }

  /// Why a directory does not follow on the one before, if so.
  private Optional<String> gapBefore(
      Frame start, LogDirectory directory, Joint joint, LogDirectory before)
      throws CorruptFileException {
    DirectoryStart identity = DirectoryStart.decode(start.payloadBytes());
    switch (joint) {
      case LOG -> {
        lastLsn = start.lsn() - 1;
        lastCommitChecksum = identity.lastCommitChecksum();
      }
      case EPOCH -> {
        if (start.lsn() != lastLsn + 1
            || identity.sequence() != 0
            || identity.lastCommitChecksum() != lastCommitChecksum) {
          LogDirectory last = live.getLast();
          throw new CorruptFileException(
              last.file(),
              last.readableEnd(),
              "the commit log ends here after LSN "
                  + lastLsn
                  + ", but "
                  + directory.file()
                  + " goes on from LSN "
                  + start.lsn());
        }
      }
      case DIRECTORY -> {
        if (directory.name().sequence() != before.name().sequence() + 1) {
          throw new CorruptFileException(
              directory.file(),
              0,
              "the directory between " + before.name() + " and this is missing");
        }
        if (start.previousChecksum() != lastChecksum || start.lsn() != lastLsn + 1) {
          return Optional.of("the next directory does not follow on this frame");
        }
      }
    }
    return Optional.empty();
  }

  /// Reads frames while they follow on each other; says why it stopped.
  private String scanFrames(LogDirectory directory, FrameReader reader, long deadFrom) {
    directory.readableEnd(reader.offset());
    while (true) {
      Optional<Frame> next = reader.next(Long.MAX_VALUE);
      if (next.isEmpty()) {
        return reader.problem();
      }
      Frame frame = next.get();
      if (frame.previousChecksum() != lastChecksum
          || frame.directoryId() != directory.directoryId()) {
        return "the frame does not follow on the one before";
      }
      if (frame.lsn() != lastLsn + 1) {
        return "the frame's LSN is " + frame.lsn() + " after " + lastLsn;
      }
      if (frame.lsn() >= deadFrom) {
        return "the next epoch goes on from here";
      }
      lastChecksum = frame.checksum();
      if (frame.type() == FrameType.COMMIT) {
        lastLsn = frame.lsn();
        lastCommitChecksum = frame.checksum();
      }
      if (frame.type() != FrameType.CLOSED) {
        directory.lastPosition(frame.lsn());
      }
      directory.readableEnd(reader.offset());
    }
  }

  /// Accepts the end of an epoch, unless something behind it proves that more was durable.
  private void endEpoch(List<LogDirectory> epoch, int lastAlive, long offset, String problem)
      throws IOException, CorruptFileException {
    for (int i = lastAlive; i < epoch.size(); i++) {
      LogDirectory directory = epoch.get(i);
      try (MappedFile mapped = MappedFile.open(directory.file())) {
        long from = i == lastAlive ? offset : 0;
        Optional<Frame> proof =
            new FrameReader(mapped.segment(), 0)
                .findProofOfDurable(lastLsn + 1, directory.directoryId(), from);
        if (proof.isPresent()) {
          throw new CorruptFileException(
              epoch.get(lastAlive).file(),
              offset,
              problem
                  + "; LSN "
                  + (lastLsn + 1)
                  + " was there and durable, as the frame at offset "
                  + proof.get().offset()
                  + " of "
                  + directory.file()
                  + " proves");
        }
      }
      if (i > lastAlive) {
        dead.add(directory);
      }
    }
    LOG.info(
        "commit log epoch {} ends after LSN {} ({} at offset {}: {})",
        epoch.getFirst().name().epoch(),
        lastLsn,
        epoch.get(lastAlive).file(),
        offset,
        problem);
  }

  /// Makes the end that was found the end for ever: what was read only from the page cache is
  /// forced, and what lies behind is cut off, before anything new can follow on it.
  private void makeFinal(long lastEpoch) throws IOException {
    for (LogDirectory directory : dead) {
      Path path = logDirectory.resolve(directory.name().toString());
      LOG.info("deleting {}: nothing in it was ever durable together with what it follows", path);
      LogDirectory.delete(path);
    }
    for (LogDirectory directory : live) {
      if (directory.name().epoch() == lastEpoch) {
        try (FileChannel channel = FileChannel.open(directory.file(), StandardOpenOption.WRITE)) {
          channel.truncate(directory.readableEnd());
          channel.force(true);
        }
      }
    }
    DirectorySync.sync(logDirectory);
  }
}
