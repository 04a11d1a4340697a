package io.alidade.storage.log;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the durable frames of one directory after the other and puts pieces together.
final class FileCursor implements LogCursor {
  private final Directories log;
  private final long fromLsn;
  private final List<byte[]> pieces = new ArrayList<>();
  private LogDirectory directory;
  private @Nullable MappedFile mapped;
  private @Nullable FrameReader reader;
  private long lastOffset;

  /// The directories of a log, in order.
  interface Directories {
    /// @throws IOException if the log was closed
    void requireOpen() throws IOException;

    /// The one that follows, for a cursor that has come to the end of another.
    Optional<LogDirectory> after(LogDirectory directory) throws IOException;
  }

  FileCursor(Directories log, LogDirectory first, long fromLsn) {
    this.log = log;
    this.directory = first;
    this.fromLsn = fromLsn;
  }

  @Override
  public Optional<Entry> next() throws IOException, CorruptFileException {
    while (true) {
      log.requireOpen();
      FrameReader frames = open();
      boolean complete = directory.complete(); // Before the end is read, for then that is final.
      long end = directory.readableEnd();
      Optional<Frame> frame = frames.next(end);
      if (frame.isPresent()) {
        lastOffset = frame.get().offset();
        Optional<Entry> entry = entryOf(frame.get());
        if (entry.isPresent()) {
          return entry;
        }
      } else if (frames.offset() < end) {
        throw new CorruptFileException(directory.file(), frames.offset(), frames.problem());
      } else if (complete) {
        Optional<LogDirectory> next = log.after(directory);
        if (next.isEmpty()) {
          return Optional.empty();
        }
        close();
        directory = next.get();
      } else {
        return Optional.empty();
      }
    }
  }

  /// The file of the frame read last.
  Path file() {
    return directory.file();
  }

  /// Where the frame read last begins.
  long offset() {
    return lastOffset;
  }

  @Override
  public void close() {
    if (mapped != null) {
      mapped.close();
    }
    mapped = null;
    reader = null;
  }

  private FrameReader open() throws IOException {
    if (reader != null) {
      return reader;
    }
    MappedFile file = MappedFile.open(directory.file());
    mapped = file;
    FrameReader frames = new FrameReader(file.segment(), 0);
    reader = frames;
    return frames;
  }

  private Optional<Entry> entryOf(Frame frame) throws CorruptFileException {
    if (frame.lsn() < fromLsn
        || frame.type() == FrameType.START // May stand between two pieces.
        || frame.type() == FrameType.CLOSED) {
      return Optional.empty();
    }
    if (frame.piece() == 0) {
      pieces.clear(); // Pieces before that nothing followed: the disk was full in their midst.
    } else if (frame.piece() != pieces.size()) {
      throw new CorruptFileException(
          directory.file(), frame.offset(), "piece " + frame.piece() + " follows " + pieces.size());
    }
    return switch (frame.type()) {
      case START, CLOSED -> Optional.empty();
      case PIECE -> {
        pieces.add(frame.payloadBytes());
        yield Optional.empty();
      }
      case COMMIT ->
          Optional.of(new Entry.Commit(frame.lsn(), frame.transactionId(), payload(frame)));
      case CHUNK ->
          Optional.of(new Entry.Chunk(frame.lsn(), frame.transactionId(), payload(frame)));
      case ABORT -> Optional.of(new Entry.Abort(frame.lsn(), frame.transactionId()));
    };
  }

  private ByteBuffer payload(Frame frame) {
    byte[] last = frame.payloadBytes();
    if (pieces.isEmpty()) {
      return ByteBuffer.wrap(last);
    }
    int length = last.length;
    for (byte[] piece : pieces) {
      length = Math.addExact(length, piece.length);
    }
    ByteBuffer whole = ByteBuffer.allocate(length);
    pieces.forEach(whole::put);
    pieces.clear();
    return whole.put(last).flip();
  }
}
