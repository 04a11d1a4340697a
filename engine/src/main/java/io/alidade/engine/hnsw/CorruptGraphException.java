package io.alidade.engine.hnsw;

/// The saved bytes of a graph are not a graph over the given vectors.
public final class CorruptGraphException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long offset;

  CorruptGraphException(String message, long offset) {
    super(message + " at byte " + offset + " of the graph");
    this.offset = offset;
  }

  /// Where in the saved bytes it was found.
  public long offset() {
    return offset;
  }
}
