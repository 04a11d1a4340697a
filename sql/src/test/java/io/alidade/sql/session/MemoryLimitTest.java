package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.MemoryLimits;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What statements are told that need more memory than they may take.
final class MemoryLimitTest {
  private static final String MANY =
      "(SELECT g, repeat('x', 100) || g FROM generate_series(1, 20000) g)";

  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT array_length(array_agg(t), 1) FROM %s AS m (g, t)",
        "SELECT length(string_agg(t, ',')) FROM %s AS m (g, t)",
        "SELECT count(DISTINCT t) FROM %s AS m (g, t)",
        "SELECT t, count(*) FROM %s AS m (g, t) GROUP BY t",
        "SELECT g FROM %s AS m (g, t) ORDER BY t",
        "SELECT DISTINCT t FROM %s AS m (g, t)",
        "SELECT t FROM %1$s AS m (g, t) EXCEPT SELECT t FROM %1$s AS n (g, t)",
        "SELECT count(*) FROM %1$s AS m (g, t) JOIN %1$s AS n (h, u) ON t = u"
      })
  void aStatementThatKeepsTooMuchFailsAndItsSessionGoesOn(String statement) {
    String text = statement.formatted(MANY);
    client.run("SET work_mem = '1MB'");
    assertThat(client.errorCode(text)).isEqualTo("53200");
    client.run("RESET work_mem");
    assertThat(client.run(text)).isNotNull();
  }

  @Test
  void memoryIsShownWithItsLimits() {
    assertThat(client.value("SELECT count(*) FROM alidade_memory WHERE bytes >= 0")).isEqualTo(7L);
    assertThat(
            client.value(
                "SELECT limit_bytes > 0 FROM alidade_memory WHERE name = 'open transactions'"))
        .isEqualTo(true);
    client.run(
        "CREATE TABLE t (a int); BEGIN; INSERT INTO t SELECT * FROM generate_series(1, 20000)");
    assertThat(
            client.value(
                "SELECT bytes > 100000 FROM alidade_memory WHERE name = 'open transactions'"))
        .isEqualTo(true);
    client.run("ROLLBACK");
    assertThat(client.value("SELECT bytes FROM alidade_memory WHERE name = 'open transactions'"))
        .isEqualTo(0L);
  }

  @Test
  void theLimitIsTheServersConfiguration() {
    DatabaseOptions options = SessionEngine.databaseOptions(Map.of("alidade.memory_limit", "20MB"));
    assertThat(options.memory().bytes()).isEqualTo(20L << 20);
    assertThat(client.value("SHOW alidade.memory_limit")).isNotNull();
    assertThat(client.errorCode("SET alidade.memory_limit = '1GB'")).isEqualTo("55P02");
    assertThat(MemoryLimits.LEAST_BYTES).isEqualTo(16L << 20);
  }
}
