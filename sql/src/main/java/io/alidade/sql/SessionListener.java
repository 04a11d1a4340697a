package io.alidade.sql;

import io.alidade.model.DatabaseException;

/// Hears what a session tells its client besides results. Called by the session's own thread.
public interface SessionListener {

  /// Tells nobody.
  SessionListener SILENT =
      new SessionListener() {
        @Override
        public void notice(Severity severity, DatabaseException message) {}

        @Override
        public void parameterChanged(String name, String value) {}
      };

  /// A message that is no error.
  ///
  /// @param severity what the client is told it is
  /// @param message its code, text, detail and hint
  void notice(Severity severity, DatabaseException message);

  /// A reported parameter has a new value.
  void parameterChanged(String name, String value);

  /// PostgreSQL's severities below ERROR that reach clients.
  enum Severity {
    WARNING,
    NOTICE,
    INFO
  }
}
