package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.sql.Session.TransactionStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();
  private final TestClient other = server.connect();

  @BeforeEach
  void createTable() {
    client.run("CREATE TABLE t (id int PRIMARY KEY, n int)");
  }

  @AfterEach
  void close() {
    client.close();
    other.close();
    server.close();
  }

  @Test
  void scriptIsOneTransaction() {
    assertThat(client.errorCode("INSERT INTO t VALUES (1, 1); INSERT INTO t VALUES (1, 2)"))
        .isEqualTo("23505");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
    assertThat(client.session().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
  }

  @Test
  void implicitTransactionIsCommittedBySyncAndNotBefore() {
    client.prepare("", "INSERT INTO t VALUES (1, 1)");
    client.execute("");
    assertThat(other.value("SELECT count(*) FROM t")).isEqualTo(0L);
    client.session().sync();
    assertThat(other.value("SELECT count(*) FROM t")).isEqualTo(1L);
  }

  @Test
  void beginInAScriptTakesInWhatCameBefore() {
    client.run("INSERT INTO t VALUES (1, 1); BEGIN; INSERT INTO t VALUES (2, 2)");
    assertThat(client.session().transactionStatus()).isEqualTo(TransactionStatus.IN_TRANSACTION);
    client.run("ROLLBACK");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
  }

  @Test
  void failedBlockTakesNothingButItsEnd() {
    client.run("BEGIN; INSERT INTO t VALUES (1, 1)");
    assertThat(client.errorCode("SELECT 1/0")).isEqualTo("22012");
    assertThat(client.session().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
    for (String refused :
        List.of(
            "SELECT 1",
            "INSERT INTO t VALUES (2, 2)",
            "CREATE TABLE u (id int)",
            "SAVEPOINT s",
            "RELEASE s",
            "SHOW work_mem",
            "SET work_mem = '1MB'",
            "BEGIN",
            "EXPLAIN SELECT 1")) {
      assertThat(client.errorCode(refused)).as(refused).isEqualTo("25P02");
    }
    assertThat(client.tag("COMMIT")).isEqualTo("ROLLBACK");
    assertThat(client.session().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
  }

  @Test
  void emptyStatementInAFailedBlockIsNoError() {
    client.run("BEGIN");
    client.error("SELECT 1/0");
    client.prepare("", "");
    assertThat(client.execute("")).isEmpty();
    client.run("ROLLBACK");
  }

  @Test
  void syntaxErrorFailsABlock() {
    client.run("BEGIN");
    assertThat(client.errorCode("SELEC 1")).isEqualTo("42601");
    assertThat(client.session().transactionStatus()).isEqualTo(TransactionStatus.FAILED);
    assertThat(client.tag("ROLLBACK")).isEqualTo("ROLLBACK");
  }

  @Test
  void rollbackToSavepointMakesAFailedBlockGood() {
    client.run("BEGIN; INSERT INTO t VALUES (1, 1); SAVEPOINT a; INSERT INTO t VALUES (2, 2)");
    client.error("INSERT INTO t VALUES (2, 3)");
    client.run("ROLLBACK TO a; INSERT INTO t VALUES (3, 3); COMMIT");
    assertThat(client.rows("SELECT id FROM t ORDER BY id"))
        .isEqualTo(List.of(List.of(1), List.of(3)));
  }

  @Test
  void savepointsNestAndTheLatestOfANameIsMeant() {
    client.run("BEGIN; SAVEPOINT a; INSERT INTO t VALUES (1, 1)");
    client.run("SAVEPOINT a; INSERT INTO t VALUES (2, 2)");
    client.run("ROLLBACK TO a");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(1L);
    client.run("RELEASE a; ROLLBACK TO a");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
    assertThat(client.errorCode("RELEASE b")).isEqualTo("3B001");
    assertThat(client.errorCode("ROLLBACK TO b")).isEqualTo("3B001");
    client.run("ROLLBACK");
  }

  @Test
  void releasedSavepointTakesThoseAfterItAlong() {
    client.run("BEGIN; SAVEPOINT a; SAVEPOINT b; RELEASE a");
    assertThat(client.errorCode("ROLLBACK TO b")).isEqualTo("3B001");
    client.run("ROLLBACK");
  }

  @Test
  void savepointsNeedABlock() {
    for (String statement : List.of("SAVEPOINT a", "RELEASE a", "ROLLBACK TO a")) {
      assertThat(client.errorCode(statement)).as(statement).isEqualTo("25P01");
    }
  }

  @Test
  void endWithoutABlockIsAWarning() {
    assertThat(client.tag("COMMIT")).isEqualTo("COMMIT");
    assertThat(client.tag("ROLLBACK")).isEqualTo("ROLLBACK");
    client.run("BEGIN; BEGIN; COMMIT");
    assertThat(client.told().notices())
        .containsExactly(
            "WARNING 25P01 there is no transaction in progress",
            "WARNING 25P01 there is no transaction in progress",
            "WARNING 25001 there is already a transaction in progress");
  }

  @Test
  void readOnlyTransactionChangesNothing() {
    client.run("BEGIN READ ONLY");
    assertThat(client.error("INSERT INTO t VALUES (1, 1)"))
        .hasMessage("cannot execute INSERT in a read-only transaction")
        .extracting(e -> e.state().code())
        .isEqualTo("25006");
    client.run("ROLLBACK");
    for (String statement :
        List.of(
            "UPDATE t SET n = 1",
            "DELETE FROM t",
            "CREATE TABLE u (id int)",
            "CREATE INDEX ON t (n)",
            "DROP TABLE t",
            "TRUNCATE t",
            "COPY t FROM STDIN")) {
      client.run("BEGIN READ ONLY");
      assertThat(client.errorCode(statement)).as(statement).isEqualTo("25006");
      client.run("ROLLBACK");
    }
    client.run("SET default_transaction_read_only = on");
    assertThat(client.errorCode("INSERT INTO t VALUES (1, 1)")).isEqualTo("25006");
    client.run("BEGIN READ WRITE; INSERT INTO t VALUES (1, 1); COMMIT");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(1L);
  }

  @Test
  void isolationLevelIsFixedByTheFirstQuery() {
    client.run("BEGIN; SELECT count(*) FROM t");
    assertThat(client.errorCode("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        .isEqualTo("25001");
    client.run("ROLLBACK");
    client.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    assertThat(client.value("SHOW transaction_isolation")).isEqualTo("repeatable read");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
    other.run("INSERT INTO t VALUES (1, 1)");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
    client.run("COMMIT");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(1L);
    assertThat(client.value("SHOW transaction_isolation")).isEqualTo("read committed");
  }

  @Test
  void definitionsAreUndoneWithTheirTransaction() {
    client.run("BEGIN; CREATE TABLE u (id int); INSERT INTO u VALUES (1); DROP TABLE t");
    assertThat(other.value("SELECT count(*) FROM pg_tables WHERE tablename = 'u'")).isEqualTo(0L);
    client.run("ROLLBACK");
    assertThat(client.errorCode("SELECT * FROM u")).isEqualTo("42P01");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
  }

  @Test
  void closedSessionLeavesNothing() {
    TestClient gone = server.connect();
    gone.run("BEGIN; INSERT INTO t VALUES (1, 1)");
    gone.close();
    assertThat(client.tag("INSERT INTO t VALUES (1, 2)")).isEqualTo("INSERT 0 1");
  }

  @Test
  void errorsPointIntoTheText() {
    assertThat(client.error("SELECT nothing FROM t").position()).isEqualTo(7);
    assertThat(client.error("SELECT 1;  SELEC 2").position()).isEqualTo(11);
  }
}
