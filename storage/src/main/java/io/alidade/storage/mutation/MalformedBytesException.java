package io.alidade.storage.mutation;

/// Bytes of a transaction, or of a definition, are not what was written.
public final class MalformedBytesException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedBytesException(String problem) {
    super(problem);
  }

  public MalformedBytesException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
