package io.alidade.server;

import java.io.Serial;

/// Says in one sentence, meant for the user, why the server does not start.
final class StartupException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  StartupException(String sentence) {
    super(sentence);
  }

  StartupException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
