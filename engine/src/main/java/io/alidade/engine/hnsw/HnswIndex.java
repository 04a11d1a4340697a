package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Executor;

/// A graph over one vector column of one segment for one distance.
///
/// It covers the ordinals below [#indexedCount], except those without a vector and, for the cosine
/// distance, zero vectors; the rows from there on (the tail) are for the searcher to compare one by
/// one. Thread-safety: any number of readers, beside one extension at a time (on any number of
/// threads).
public final class HnswIndex implements AutoCloseable {
  /// An empty graph that can be extended.
  public static HnswIndex create(
      HnswParameters parameters, Distance distance, VectorStore vectors) {
    throw new UnsupportedOperationException();
  }

  /// A saved graph, used where it lies. Every id in it is validated; it cannot be extended.
  public static HnswIndex open(Distance distance, VectorStore vectors, long address, long bytes)
      throws CorruptGraphException {
    throw new UnsupportedOperationException();
  }

  public HnswParameters parameters() {
    throw new UnsupportedOperationException();
  }

  public Distance distance() {
    throw new UnsupportedOperationException();
  }

  /// The ordinals below this are covered.
  public int indexedCount() {
    throw new UnsupportedOperationException();
  }

  /// Inserts the ordinals from [#indexedCount] up to `end` on the calling thread. With a seed and
  /// nobody else extending, the graph is the same every time.
  public void extend(int end) {
    throw new UnsupportedOperationException();
  }

  /// Inserts the ordinals from [#indexedCount] up to `end` on the calling thread and
  /// `threads - 1` of the executor's, and returns when all are in. An interrupt of the calling
  /// thread ends it early; what was done is kept.
  public void extend(int end, int threads, Executor executor) {
    throw new UnsupportedOperationException();
  }

  /// The bytes that [#writeTo] writes.
  public long savedBytes() {
    throw new UnsupportedOperationException();
  }

  /// Writes the graph in the form that [#open] takes. Waits for an extension that is under way.
  public void writeTo(WritableByteChannel channel) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Frees the graph's own memory. No reader may be in it.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
