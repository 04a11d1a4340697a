package io.alidade.pgwire.message;

/// In which form a value crosses the wire.
public enum Format {
  TEXT(0),
  BINARY(1);

  private final short code;

  Format(int code) {
    this.code = (short) code;
  }

  /// The number that stands for it in messages.
  public short code() {
    return code;
  }
}
