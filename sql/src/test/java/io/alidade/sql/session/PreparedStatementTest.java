package io.alidade.sql.session;

import static io.alidade.sql.session.TestClient.errorOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.sql.Portal;
import io.alidade.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PreparedStatementTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @BeforeEach
  void createTable() {
    client.run("CREATE TABLE t (id int PRIMARY KEY, n bigint)");
    client.run("INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void parametersAreInferredWhereTheyAreNotDeclared() {
    PreparedStatement statement =
        client
            .session()
            .prepare(
                "s",
                "SELECT id FROM t WHERE n = $1 AND id < $2",
                List.of(Optional.empty(), Optional.of(ColumnType.INT8)));
    assertThat(statement.parameterTypes()).containsExactly(ColumnType.INT8, ColumnType.INT8);
    assertThat(client.execute("s", 20L, 100L)).isEqualTo(List.of(List.of(2)));
    assertThat(client.execute("s", null, 100L)).isEmpty();
  }

  @Test
  void namesAreTakenUntilTheyAreClosed() {
    client.prepare("s", "SELECT 1");
    assertThat(errorOf(() -> client.prepare("s", "SELECT 2")).state().code()).isEqualTo("42P05");
    client.session().failed();
    client.session().sync();
    client.session().closeStatement("s");
    client.prepare("s", "SELECT 2");
    assertThat(client.execute("s")).isEqualTo(List.of(List.of(2)));
    client.session().closeStatement("never there");
    assertThat(errorOf(() -> client.execute("never there")).state().code()).isEqualTo("26000");
  }

  @Test
  void unnamedStatementIsReplaced() {
    client.prepare("", "SELECT 1");
    client.prepare("", "SELECT 2");
    assertThat(client.execute("")).isEqualTo(List.of(List.of(2)));
  }

  @Test
  void statementIsMadeAnewAfterADefinitionChanges() {
    client.prepare("s", "SELECT id FROM t WHERE n = $1");
    assertThat(client.execute("s", 20L)).isEqualTo(List.of(List.of(2)));
    client.session().sync();
    client.run("CREATE INDEX ON t (n)");
    assertThat(client.execute("s", 20L)).isEqualTo(List.of(List.of(2)));
    client.session().sync();
    client.run("DROP TABLE t; CREATE TABLE t (n bigint, id int)");
    client.run("INSERT INTO t VALUES (20, 200)");
    assertThat(client.execute("s", 20L)).isEqualTo(List.of(List.of(200)));
  }

  @Test
  void resultTypeMustNotChangeUnderAStatement() {
    client.prepare("s", "SELECT * FROM t");
    client.session().sync();
    client.run("DROP TABLE t; CREATE TABLE t (id int, n bigint, extra text)");
    DatabaseException error = errorOf(() -> client.execute("s"));
    assertThat(error).hasMessage("cached plan must not change result type");
    assertThat(error.state().code()).isEqualTo("0A000");
  }

  @Test
  void statementOverADroppedTableFails() {
    client.prepare("s", "SELECT id FROM t");
    client.session().sync();
    client.run("DROP TABLE t");
    assertThat(errorOf(() -> client.execute("s")).state().code()).isEqualTo("42P01");
  }

  @Test
  void statementOutlivesTheTransactionItWasMadeIn() {
    client.run("BEGIN");
    client.prepare("s", "SELECT count(*) FROM t");
    client.run("ROLLBACK");
    assertThat(client.execute("s")).isEqualTo(List.of(List.of(3L)));
  }

  @Test
  void wrongNumberOfParametersIsRefused() {
    client.prepare("s", "SELECT id FROM t WHERE n = $1");
    DatabaseException error = errorOf(() -> client.execute("s"));
    assertThat(error.state().code()).isEqualTo("08P01");
    assertThat(error)
        .hasMessage("bind message supplies 0 parameters, but prepared statement \"s\" requires 1");
  }

  @Test
  void severalStatementsCannotBePrepared() {
    assertThat(errorOf(() -> client.prepare("", "SELECT 1; SELECT 2")).state().code())
        .isEqualTo("42601");
  }

  @Test
  void portalGivesItsRowsInPieces() {
    client.prepare("s", "SELECT id FROM t ORDER BY id");
    Portal portal = client.session().bind("p", "s", List.of());
    assertThat(sizeOf(portal.fetch(2))).isEqualTo(2);
    assertThat(client.session().portal("p")).isSameAs(portal);
    assertThat(sizeOf(portal.fetch(2))).isEqualTo(1);
    assertThat(portal.fetch(2)).isInstanceOf(Portal.Step.Complete.class);
    client.session().sync();
    assertThat(errorOf(() -> client.session().portal("p")).state().code()).isEqualTo("34000");
  }

  private static int sizeOf(Portal.Step step) {
    return step instanceof Portal.Step.Rows(var rows) ? rows.size() : 0;
  }

  @Test
  void portalsNamesAreTakenUntilTheirTransactionEnds() {
    client.run("BEGIN");
    client.prepare("s", "SELECT id FROM t");
    client.session().bind("p", "s", List.of());
    client.session().sync();
    assertThat(errorOf(() -> client.session().bind("p", "s", List.of())).state().code())
        .isEqualTo("42P03");
    client.session().failed();
    client.run("ROLLBACK");
    client.session().bind("p", "s", List.of());
  }

  @Test
  void portalsAreLimited() {
    client.prepare("s", "SELECT 1");
    for (int i = 0; i < SessionLimits.MAX_PORTALS; i++) {
      client.session().bind("p" + i, "s", List.of());
    }
    assertThat(errorOf(() -> client.session().bind("last", "s", List.of())).state().code())
        .isEqualTo("53400");
    client.session().failed();
    client.session().sync();
    client.session().bind("last", "s", List.of());
  }

  @Test
  void statementsAreLimited() {
    for (int i = 0; i < SessionLimits.MAX_PREPARED_STATEMENTS; i++) {
      client.prepare("s" + i, "SELECT 1");
    }
    assertThat(errorOf(() -> client.prepare("last", "SELECT 1")).state().code()).isEqualTo("53400");
  }

  @Test
  void savepointsAreLimited() {
    client.run("BEGIN");
    String script = "SAVEPOINT s;".repeat(TransactionControl.MAX_SAVEPOINTS);
    client.run(script);
    assertThat(client.errorCode("SAVEPOINT last")).isEqualTo("54000");
    client.run("ROLLBACK");
  }

  @Test
  void statementsArePreparedInSqlToo() {
    client.run("PREPARE s (int) AS SELECT n FROM t WHERE id = $1");
    assertThat(client.value("EXECUTE s(2)")).isEqualTo(20L);
    assertThat(client.value("EXECUTE s(1 + 2)")).isEqualTo(30L);
    assertThat(client.error("EXECUTE s").state().code()).isEqualTo("42601");
    assertThat(client.tag("DEALLOCATE s")).isEqualTo("DEALLOCATE");
    assertThat(client.errorCode("EXECUTE s(1)")).isEqualTo("26000");
    assertThat(client.errorCode("DEALLOCATE s")).isEqualTo("26000");
  }
}
