package io.alidade.sql.session;

import io.alidade.sql.SessionRequest;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import java.util.Map;
import java.util.Optional;

/// An engine over a database in memory.
final class TestServer implements AutoCloseable {
  private final Database database = Database.inMemory(DatabaseOptions.DEFAULT);
  private final SessionEngine engine = new SessionEngine(database, Optional.empty(), Map.of());

  TestClient connect() {
    return connect(Map.of());
  }

  TestClient connect(Map<String, String> settings) {
    RecordingListener told = new RecordingListener();
    return new TestClient(
        engine.openSession(new SessionRequest("alidade", "alidade", settings), told), told);
  }

  @Override
  public void close() {
    engine.close();
    database.close();
  }
}
