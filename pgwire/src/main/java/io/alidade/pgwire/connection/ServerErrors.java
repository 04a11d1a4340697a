package io.alidade.pgwire.connection;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients are told of whatever was thrown.
final class ServerErrors {

  private static final Logger LOG = LoggerFactory.getLogger(ServerErrors.class);

  private ServerErrors() {}

  /// The error itself, or what stands for a bug or an exhausted machine; these are logged.
  static DatabaseException asDatabaseException(Throwable thrown) {
    return switch (thrown) {
      case DatabaseException error -> error;
      case StackOverflowError overflow -> {
        LOG.warn("a statement nests too deeply"); // Its thousand frames say no more.
        yield new DatabaseException(
            SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", overflow);
      }
      case OutOfMemoryError exhausted -> {
        LOG.error("a statement needs more memory than there is", exhausted);
        yield new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory", exhausted);
      }
      default -> {
        LOG.error("an error in the server ends a statement", thrown);
        yield new DatabaseException(SqlState.INTERNAL_ERROR, "internal error: " + thrown, thrown);
      }
    };
  }
}
