package io.alidade.sql;

/// SQL over one database: opens sessions. Thread-safe.
public interface SqlEngine extends AutoCloseable {

  /// Opens a session for a client that may use the database.
  ///
  /// @param listener hears what the session tells its client besides results
  /// @throws io.alidade.model.DatabaseException 22023, 42704 when a setting asked for cannot be had
  Session openSession(SessionRequest request, SessionListener listener);

  /// Ends what its sessions share; they must be closed before.
  @Override
  void close();
}
