package io.alidade.engine.multivector;

/// The saved bytes of an index are not an index over the given lists of vectors.
public final class CorruptMultiVectorIndexException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long offset;

  CorruptMultiVectorIndexException(String message, long offset) {
    super(message + " at byte " + offset + " of the index over lists of vectors");
    this.offset = offset;
  }

  CorruptMultiVectorIndexException(long offset, Exception cause) {
    super(
        cause.getMessage()
            + ", which begins at byte "
            + offset
            + " of the index over lists of vectors",
        cause);
    this.offset = offset;
  }

  /// Where in the saved bytes it was found.
  public long offset() {
    return offset;
  }
}
