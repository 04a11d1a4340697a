package io.alidade.storage.log;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.file.SpaceReservation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;

/// The Chronicle queue of one directory, from its preparation to its last force.
///
/// Everything that is ever appended lies in Chronicle's first mapped block, all of which has its
/// blocks on the disk before: so no append finds the disk full (through a mapping that would be
/// SIGBUS). Where they were also written with zeros, a force has no file system journal to write.
/// Chronicle's clock stands still, so it never begins a file by itself, and its `sync()` is never
/// called: it does not cover a file that was just left and hides errors.
///
/// Not thread-safe.
final class DirectoryWriter {
  /// Kept free at the end of the block for the index pages that Chronicle puts between documents.
  private static final int INDEX_ROOM = 256 << 10;

  /// Zeros are written in single pages: a larger write makes the page cache keep larger folios, and
  /// then one byte stored through the mapping makes the next force write the whole folio.
  private static final int ZERO_BYTES = 4 << 10;

  /// Zeros are forced in parts, so that a commit's force meanwhile waits for little.
  private static final int ZEROS_PER_FORCE = 8 << 20;

  private static final int DOCUMENT_HEADER_BYTES = 4;

  /// What is in the blocks of a new directory.
  enum Fill {
    /// Zeros that are on the disk: a force later writes nothing but frames.
    ZEROS,
    /// Nothing: ready at once and half the bytes to write, but each force also writes the journal.
    RESERVED
  }

  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private final AsynchronousFileChannel channel;
  private final long bytes;
  private final Fill fill;
  private final Arena mappings = Arena.ofShared();

  /// The same bytes as Chronicle's mapping, to force parts of.
  private final MemorySegment mapping;

  private Path file;
  private long end;
  private long forcedEnd;
  private boolean left;

  private DirectoryWriter(
      ChronicleQueue queue,
      ExcerptAppender appender,
      AsynchronousFileChannel channel,
      Path file,
      long bytes,
      Fill fill)
      throws IOException {
    this.queue = queue;
    this.appender = appender;
    this.channel = channel;
    this.file = file;
    this.bytes = bytes;
    this.fill = fill;
    try (FileChannel readable =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      this.mapping = readable.map(MapMode.READ_WRITE, 0, bytes, mappings);
    }
  }

  /// Makes a directory ready to be appended to, under a name that no recovery looks at.
  ///
  /// @throws io.alidade.model.DatabaseException if there is no space for it
  static DirectoryWriter prepare(Path directory, long bytes, Fill fill) throws IOException {
    if (PosixAPI.posix() instanceof NoOpPosixAPI) {
      throw new IOException(
          "the native library of jnr-ffi cannot be loaded (is the directory for temporary files"
              + " mounted noexec?); without it Chronicle Queue loses what it writes");
    }
    LogDirectory.deleteTree(directory);
    Files.createDirectories(directory);
    boolean ready = false;
    try {
      DiskSpace.require(directory, bytes);
      DirectoryWriter writer = openAndFill(directory, bytes, fill);
      ready = true;
      return writer;
    } catch (IOException failure) {
      if (DiskSpace.isFull(failure)) {
        throw DiskSpace.full(directory, failure);
      }
      throw failure;
    } catch (
        InternalError outOfPages) { // A fault in a mapping that Chronicle had not yet reserved.
      throw DiskSpace.full(directory, outOfPages);
    } finally {
      if (!ready) {
        LogDirectory.deleteTree(directory);
      }
    }
  }

  /// Gives the directory its name, after its first frame is durable.
  void publish(Path directory, FileForce force) throws IOException {
    force.force(mapping);
    forcedEnd = end;
    Path from = file.toAbsolutePath().getParent();
    if (from == null) {
      throw new IllegalStateException("no directory around " + file);
    }
    Files.move(from, directory, StandardCopyOption.ATOMIC_MOVE);
    file = directory.resolve(String.valueOf(file.getFileName()));
    Path parent = directory.getParent();
    if (parent != null) {
      DirectorySync.sync(parent);
    }
  }

  Path file() {
    return file;
  }

  /// The offset after the last frame.
  long end() {
    return end;
  }

  boolean hasRoomFor(int frameBytes) {
    return end + DOCUMENT_HEADER_BYTES + frameBytes <= bytes - INDEX_ROOM;
  }

  boolean isHalfFull() {
    return end > bytes / 2;
  }

  /// Appends one frame as one document.
  void append(ByteBuffer header, ByteBuffer payload) {
    int padding = Frame.bytesFor(payload.remaining()) - Frame.HEADER_BYTES - payload.remaining();
    try (DocumentContext document = appender.writingDocument()) {
      Bytes<?> target = bytesOf(document);
      target.writeSome(header.duplicate());
      copy(payload, target);
      for (int i = 0; i < padding; i++) {
        target.writeByte((byte) 0);
      }
      end = target.writePosition();
    }
  }

  /// Makes what was appended so far durable; must not run twice at the same time.
  void force(FileForce force, long upTo) throws IOException {
    if (forcedEnd < upTo) {
      force.force(mapping.asSlice(forcedEnd, upTo - forcedEnd));
      forcedEnd = upTo;
    }
  }

  /// Says that nothing will be appended any more, and lets go of the mapping.
  void leave() {
    left = true;
    closeQueue();
  }

  /// What was in its blocks before.
  Fill fill() {
    return fill;
  }

  boolean isLeft() {
    return left;
  }

  /// Gives the rest of the file back to the file system if it was left long before its end.
  void giveBackRest() throws IOException {
    if (end < bytes / 2) {
      cutOff();
    }
  }

  /// Gives the unused rest of the file back to the file system.
  void cutOff() throws IOException {
    channel.truncate(end);
    channel.force(true);
  }

  void closeFile() throws IOException {
    if (channel.isOpen()) {
      mappings.close();
      channel.close();
    }
  }

  private void closeQueue() {
    appender.close();
    queue.close();
  }

  private static DirectoryWriter open(Path directory, long bytes, Fill fill) throws IOException {
    ChronicleQueue queue =
        SingleChronicleQueueBuilder.binary(directory)
            .rollCycle(RollCycles.FAST_DAILY)
            .timeProvider(() -> 0L)
            .blockSize(bytes)
            .syncMode(SyncMode.NONE)
            .build();
    try {
      ExcerptAppender appender = queue.createAppender();
      appender.singleThreadedCheckDisabled(
          true); // The log's own lock lets in one thread at a time.
      long first;
      try (DocumentContext document = appender.writingDocument()) {
        first = bytesOf(document).writePosition();
        document.rollbackOnClose(); // It only had to make Chronicle create the file.
      }
      Path file = appender.currentFile().toPath();
      AsynchronousFileChannel channel =
          AsynchronousFileChannel.open(file, StandardOpenOption.WRITE);
      DirectoryWriter writer = new DirectoryWriter(queue, appender, channel, file, bytes, fill);
      writer.end = first;
      return writer;
    } catch (IOException | RuntimeException | Error failure) {
      queue.close();
      throw failure;
    }
  }

  private static DirectoryWriter openAndFill(Path directory, long bytes, Fill fill)
      throws IOException {
    DirectoryWriter writer = open(directory, bytes, fill);
    try {
      boolean reserved = fill == Fill.RESERVED && SpaceReservation.reserve(writer.file, bytes);
      if (!reserved) {
        writer.writeZeros();
      }
      writer.channel.force(true);
      DirectorySync.sync(directory);
      return writer;
    } catch (IOException | RuntimeException | Error failure) {
      writer.closeQueue();
      writer.closeFile();
      throw failure;
    }
  }

  private void writeZeros() throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      writeZeros(out);
    }
  }

  private void writeZeros(FileChannel out) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
    long from = Math.ceilDiv(end + Long.BYTES, (long) ZERO_BYTES) * ZERO_BYTES;
    for (long at = from; at < bytes; at += ZERO_BYTES) {
      zeros.clear();
      while (zeros.hasRemaining()) {
        out.write(zeros, at + zeros.position());
      }
      if (at % ZEROS_PER_FORCE == 0) {
        out.force(false);
      }
    }
  }

  /// Straight into the mapping: Chronicle copies eight bytes at a time.
  private static void copy(ByteBuffer from, Bytes<?> to) {
    int length = from.remaining();
    long position = to.writePosition();
    to.ensureCapacity(position + length);
    MemorySegment.copy(
        MemorySegment.ofBuffer(from), 0, AddressSpace.ALL, to.addressForWrite(position), length);
    to.writeSkip(length);
  }

  private static Bytes<?> bytesOf(DocumentContext document) {
    var wire = document.wire();
    if (wire == null) {
      throw new IllegalStateException("Chronicle gave a document without a wire");
    }
    return wire.bytes();
  }
}
