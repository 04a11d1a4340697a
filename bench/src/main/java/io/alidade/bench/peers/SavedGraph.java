package io.alidade.bench.peers;

import io.alidade.engine.hnsw.CorruptGraphException;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.quantization.CorruptCodesException;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A graph of ours in a file, with its codes, if there are any, in another beside it.
public record SavedGraph(Path file) {

  /// Bytes read from a file at a time.
  private static final int PIECE = 1 << 26;

  private Path codesFile() {
    return file.resolveSibling(file.getFileName() + ".codes");
  }

  /// Writes a graph and its codes.
  ///
  /// @param rows how many of the vectors have codes
  public void save(HnswIndex graph, int rows) throws IOException {
    Optional<VectorCodes> codes = graph.codes();
    if (codes.isPresent()) {
      System.out.println("codes: " + codes.get().codec().method());
      try (FileChannel channel = create(codesFile())) {
        codes.get().writeTo(channel, rows);
      }
    } else {
      Files.deleteIfExists(codesFile());
    }
    try (FileChannel channel = create(file)) {
      graph.writeTo(channel);
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /// Reads it back.
  ///
  /// @param memory where it will lie; it must outlive the graph
  public HnswIndex open(VectorStore vectors, OffHeapArea memory) throws IOException {
    try {
      Optional<VectorCodes> codes = Optional.empty();
      if (Files.exists(codesFile())) {
        Loaded loaded = load(codesFile(), memory);
        codes = Optional.of(VectorCodes.open(vectors, loaded.address, loaded.bytes));
      }
      Loaded loaded = load(file, memory);
      return HnswIndex.open(Distance.COSINE, vectors, loaded.address, loaded.bytes, codes);
    } catch (CorruptGraphException | CorruptCodesException e) {
      throw new IOException(e);
    }
  }

  /// Where a file's bytes lie in memory.
  private record Loaded(long address, long bytes) {}

  /// Reads a file into memory of huge pages, where a graph that was just built has its own.
  private static Loaded load(Path file, OffHeapArea memory) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long bytes = channel.size();
      long address = memory.allocate(bytes);
      for (long at = 0; at < bytes; ) {
        long piece = Math.min(PIECE, bytes - at);
        ByteBuffer target = AddressSpace.slice(address + at, piece).asByteBuffer();
        while (target.hasRemaining()) {
          if (channel.read(target) < 0) {
            throw new IOException(file + " ends early");
          }
        }
        at += piece;
      }
      return new Loaded(address, bytes);
    }
  }
}
