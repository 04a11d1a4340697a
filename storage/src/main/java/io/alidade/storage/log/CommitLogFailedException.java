package io.alidade.storage.log;

import java.io.IOException;

/// Says that the log has stopped for good, with the first cause.
public final class CommitLogFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  CommitLogFailedException(Throwable firstCause) {
    super("the commit log has stopped: " + firstCause, firstCause);
  }

  /// The same cause, with the stack of whoever meets it next.
  CommitLogFailedException again() {
    Throwable cause = getCause();
    return new CommitLogFailedException(cause == null ? this : cause);
  }
}
