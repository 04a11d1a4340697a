package io.alidade.bench.endtoend;

import java.sql.Connection;
import java.sql.SQLException;

/// A server that is measured: how to reach it, and what it has used.
interface ServerUnderTest extends AutoCloseable {

  String name();

  Connection connect() throws SQLException;

  /// Processor time, user and system, of the process that serves a connection.
  ///
  /// @param connection one that [#connect] gave
  /// @return nanoseconds since the process began, to the clock tick (10 ms)
  long processorNanos(Connection connection) throws SQLException;

  /// Processor time, user and system, of all processes of the server that there are now.
  ///
  /// @param connection one that [#connect] gave
  /// @return nanoseconds since they began, to the clock tick (10 ms) of each
  long allProcessorNanos(Connection connection) throws SQLException;

  /// Resident memory of that process in bytes.
  long residentBytes(Connection connection) throws SQLException;

  /// What a table takes on disk with its indexes, in bytes.
  long bytesOnDisk(Connection connection, String table) throws SQLException;

  /// The statement that sets how many candidates a search keeps.
  default String setEf(int ef) {
    return "SET hnsw.ef_search = " + ef;
  }

  @Override
  void close();
}
