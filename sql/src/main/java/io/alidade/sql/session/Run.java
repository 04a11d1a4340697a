package io.alidade.sql.session;

import io.alidade.sql.Portal;

/// A statement that runs: gives its results step by step. Used by the session's thread alone.
interface Run extends AutoCloseable {

  /// Runs on; see [Portal#fetch].
  Portal.Step next(int maxRows);

  @Override
  default void close() {}
}
