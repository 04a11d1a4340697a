package io.alidade.engine.quantization;

/// Bytes that are not the codes they should be.
public final class CorruptCodesException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long offset;

  /// @param offset where in the bytes
  public CorruptCodesException(String message, long offset) {
    super(message);
    this.offset = offset;
  }

  /// Where in the bytes.
  public long offset() {
    return offset;
  }
}
