package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import io.alidade.sql.Portal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CancellationTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void statementTimeoutEndsAStatement() {
    client.run("SET statement_timeout = '50ms'");
    DatabaseException error = client.error("SELECT pg_sleep(30)");
    assertThat(error).hasMessage("canceling statement due to statement timeout");
    assertThat(error.state().code()).isEqualTo("57014");
    assertThat(
            client.errorCode(
                "SELECT count(*) FROM generate_series(1, 100000) a,"
                    + " generate_series(1, 100000) b"))
        .isEqualTo("57014");
    assertThat(client.value("SELECT 1")).isEqualTo(1);
  }

  @Test
  void eachStatementOfAScriptHasItsOwnTime() {
    client.run("SET statement_timeout = '4s'"); // More than one sleep takes, less than both.
    client.run("SELECT pg_sleep(2.1); SELECT pg_sleep(2.1)");
  }

  @Test
  void timeCountsFromTheFirstFetchOfAPortal() throws Exception {
    client.run("SET statement_timeout = '100ms'");
    client.prepare("", "SELECT n FROM generate_series(1, 1000000) n");
    Portal portal = client.session().bind("", "", List.of());
    portal.fetch(1);
    Thread.sleep(150);
    assertThat(TestClient.errorOf(() -> TestClient.fetchAll(portal)).state().code())
        .isEqualTo("57014");
    client.session().failed();
    client.session().sync();
  }

  @Test
  void cancelEndsTheRunningStatement() throws Exception {
    CompletableFuture<DatabaseException> running =
        CompletableFuture.supplyAsync(() -> client.error("SELECT pg_sleep(30)"));
    cancelUntilDone(running);
    DatabaseException error = running.get(10, TimeUnit.SECONDS);
    assertThat(error).hasMessage("canceling statement due to user request");
    assertThat(error.state().code()).isEqualTo("57014");
  }

  @Test
  void cancelBetweenTwoFetchesIsNotLost() {
    client.prepare("", "SELECT n FROM generate_series(1, 1000000) n");
    Portal portal = client.session().bind("", "", List.of());
    portal.fetch(1);
    client.session().cancel();
    assertThat(TestClient.errorOf(() -> TestClient.fetchAll(portal)).state().code())
        .isEqualTo("57014");
    client.session().failed();
    client.session().sync();
    assertThat(client.value("SELECT 1")).isEqualTo(1);
  }

  @Test
  void cancelOfAnIdleSessionIsForgotten() {
    client.session().cancel();
    client.session().sync();
    assertThat(client.value("SELECT pg_sleep(0.01) IS NULL")).isNotNull();
  }

  @Test
  void cancelEndsTheWaitForALock() throws Exception {
    client.run("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)");
    try (TestClient other = server.connect()) {
      other.run("BEGIN; UPDATE t SET n = 2");
      CompletableFuture<String> waiting =
          CompletableFuture.supplyAsync(() -> client.errorCode("UPDATE t SET n = 3"));
      cancelUntilDone(waiting);
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("57014");
    }
  }

  /// A cancel that comes before the statement has begun is forgotten, as it must be.
  @Test
  void theTimeOfAStatementThatCreatesAVectorIndexIsKept() {
    client.run("CREATE TABLE doc (id int PRIMARY KEY, v vector(3))");
    client.run(
        "INSERT INTO doc SELECT i, ('[' || sin(i) || ',' || cos(3 * i) || ',' || sin(7 * i) || ']')"
            + "::vector FROM generate_series(1, 5000) AS g(i)");
    String create =
        "CREATE INDEX doc_v ON doc USING hnsw (v vector_l2_ops)"
            + " WITH (m = 32, ef_construction = 400, quantization = scalar)";
    client.run("SET statement_timeout = 20");
    assertThat(client.errorCode(create)).isEqualTo("57014");
    client.run("SET statement_timeout = 0");
    assertThat(client.value("SELECT count(*) FROM pg_indexes WHERE indexname = 'doc_v'"))
        .isEqualTo(0L);
    client.run(create.replace("m = 32, ef_construction = 400", "m = 4, ef_construction = 8"));
  }

  private void cancelUntilDone(CompletableFuture<?> statement) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!statement.isDone() && System.nanoTime() < end) {
      Thread.sleep(20);
      client.session().cancel();
    }
  }
}
