package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChangeTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();
  private final TestClient other = server.connect();

  @BeforeEach
  void createTable() {
    client.run("CREATE TABLE t (id int PRIMARY KEY, n int)");
    client.run("INSERT INTO t VALUES (1, 10), (2, 20)");
  }

  @AfterEach
  void close() {
    client.close();
    other.close();
    server.close();
  }

  @Test
  void returningGivesTheNewRowAndOfDeletedOnesTheOld() {
    assertThat(client.rows("INSERT INTO t VALUES (3, 30) RETURNING id, n * 2 AS double"))
        .isEqualTo(List.of(List.of(3, 60)));
    assertThat(client.rows("UPDATE t SET n = n + 1 WHERE id = 3 RETURNING n"))
        .isEqualTo(List.of(List.of(31)));
    TestClient.Result deleted = client.run("DELETE FROM t WHERE id = 3 RETURNING *");
    assertThat(deleted.rows()).isEqualTo(List.of(List.of(3, 31)));
    assertThat(deleted.tag()).isEqualTo("DELETE 1");
  }

  @Test
  void updateSeesWhatWasThereBeforeIt() {
    assertThat(client.tag("UPDATE t SET id = id + n")).isEqualTo("UPDATE 2");
    assertThat(client.rows("SELECT id, n FROM t ORDER BY id"))
        .isEqualTo(List.of(List.of(11, 10), List.of(22, 20)));
  }

  @Test
  void conflictIsResolvedByUpdateOrLeftAlone() {
    assertThat(client.tag("INSERT INTO t VALUES (1, 99), (3, 30) ON CONFLICT DO NOTHING"))
        .isEqualTo("INSERT 0 1");
    assertThat(
            client.rows(
                "INSERT INTO t VALUES (1, 5), (4, 40)"
                    + " ON CONFLICT (id) DO UPDATE SET n = t.n + excluded.n RETURNING id, n"))
        .isEqualTo(List.of(List.of(1, 15), List.of(4, 40)));
  }

  @Test
  void conflictOnTheSameRowTwiceIsRefused() {
    DatabaseException error =
        client.error("INSERT INTO t VALUES (7, 1), (7, 2) ON CONFLICT (id) DO UPDATE SET n = 0");
    assertThat(error.state().code()).isEqualTo("21000");
    assertThat(error).hasMessage("ON CONFLICT DO UPDATE command cannot affect row a second time");
    assertThat(
            client.errorCode(
                "INSERT INTO t VALUES (1, 1), (1, 2) ON CONFLICT (id) DO UPDATE SET n = 0"))
        .isEqualTo("21000");
    assertThat(client.tag("INSERT INTO t VALUES (7, 1), (7, 2) ON CONFLICT DO NOTHING"))
        .isEqualTo("INSERT 0 1");
  }

  @Test
  void statementThatFailsLeavesNothing() {
    assertThat(client.errorCode("INSERT INTO t VALUES (3, 30), (1, 10)")).isEqualTo("23505");
    assertThat(client.errorCode("UPDATE t SET n = 1 / (n - 20)")).isEqualTo("22012");
    assertThat(client.rows("SELECT id, n FROM t ORDER BY id"))
        .isEqualTo(List.of(List.of(1, 10), List.of(2, 20)));
  }

  @Test
  void updateThatWaitedRunsOnTheNewRow() throws Exception {
    client.run("BEGIN; UPDATE t SET n = n + 1 WHERE id = 1");
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<String> waiting =
        CompletableFuture.supplyAsync(() -> {
          started.countDown();
          return other.tag("UPDATE t SET n = n * 2 WHERE id = 1");
        });
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(100);
    assertThat(waiting).isNotDone();
    client.run("COMMIT");
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("UPDATE 1");
    assertThat(client.value("SELECT n FROM t WHERE id = 1")).isEqualTo(22);
  }

  @Test
  void updateThatWaitedLooksAgainWhetherTheRowMatches() throws Exception {
    client.run("BEGIN; UPDATE t SET n = 0 WHERE id = 1");
    CompletableFuture<String> waiting =
        CompletableFuture.supplyAsync(() -> other.tag("UPDATE t SET n = n + 1 WHERE n >= 10"));
    Thread.sleep(100);
    client.run("COMMIT");
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("UPDATE 1");
    assertThat(client.rows("SELECT n FROM t ORDER BY id"))
        .isEqualTo(List.of(List.of(0), List.of(21)));
  }

  @Test
  void counterLosesNoIncrements() throws Exception {
    int times = 100;
    CompletableFuture<Void> one = CompletableFuture.runAsync(() -> increment(client, times));
    CompletableFuture<Void> two = CompletableFuture.runAsync(() -> increment(other, times));
    CompletableFuture.allOf(one, two).get(50, TimeUnit.SECONDS);
    assertThat(client.value("SELECT n FROM t WHERE id = 1")).isEqualTo(10 + 2 * times);
  }

  private static void increment(TestClient client, int times) {
    for (int i = 0; i < times; i++) {
      client.run("UPDATE t SET n = n + 1 WHERE id = 1");
    }
  }

  @Test
  void repeatableReadDoesNotWriteOverWhatItDoesNotSee() {
    client.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t");
    other.run("UPDATE t SET n = 0 WHERE id = 1");
    assertThat(client.errorCode("UPDATE t SET n = 1 WHERE id = 1")).isEqualTo("40001");
    client.run("ROLLBACK");
  }

  @Test
  void lockTimeoutEndsTheWait() {
    client.run("BEGIN; UPDATE t SET n = 0 WHERE id = 1");
    other.run("SET lock_timeout = '50ms'");
    assertThat(other.errorCode("UPDATE t SET n = 1 WHERE id = 1")).isEqualTo("55P03");
    client.run("ROLLBACK");
  }
}
