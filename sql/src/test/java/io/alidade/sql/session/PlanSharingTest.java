package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import io.alidade.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Texts that differ in their constants share a plan where that gives the same answers, and only
/// there.
class PlanSharingTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @BeforeEach
  void createTable() {
    client.run("CREATE TABLE t (id int PRIMARY KEY, n bigint, s text)");
    client.run("INSERT INTO t VALUES (1, 30, 'x'), (2, 20, 'y'), (3, 10, 'z')");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private Compiled compiled(String text) {
    PreparedStatement prepared = client.session().prepare("", text, List.of());
    client.session().sync();
    return ((Prepared) prepared).compilation().compiled();
  }

  @Test
  void textsThatDifferInConstantsShareAPlan() {
    Compiled one = compiled("SELECT s FROM t WHERE id = 1 AND s = 'x'");
    assertThat(compiled("select s\nfrom t where id = 2 and s = 'y'")).isSameAs(one);
    assertThat(client.value("SELECT s FROM t WHERE id = 3 AND s = 'z'")).isEqualTo("z");
  }

  @Test
  void changesShareAPlanToo() {
    Compiled one = compiled("UPDATE t SET n = 1 WHERE id = 1");
    assertThat(compiled("UPDATE t SET n = 2 WHERE id = 2")).isSameAs(one);
  }

  @Test
  void newDefinitionsMakeANewPlan() {
    Compiled one = compiled("SELECT s FROM t WHERE n = 1");
    client.run("CREATE INDEX ON t (n)");
    assertThat(compiled("SELECT s FROM t WHERE n = 1")).isNotSameAs(one);
  }

  @Test
  void transactionsOwnDefinitionsAreNotShared() {
    client.run("BEGIN; CREATE TABLE u (id text); INSERT INTO u VALUES ('own')");
    assertThat(client.value("SELECT id FROM u")).isEqualTo("own");
    try (TestClient other = server.connect()) {
      assertThat(other.errorCode("SELECT id FROM u")).isEqualTo("42P01");
    }
    client.run("ROLLBACK");
    assertThat(client.errorCode("SELECT id FROM u")).isEqualTo("42P01");
  }

  @Test
  void limitsDiffer() {
    assertThat(client.rows("SELECT id FROM t ORDER BY id LIMIT 1")).hasSize(1);
    assertThat(client.rows("SELECT id FROM t ORDER BY id LIMIT 2")).hasSize(2);
    assertThat(client.rows("SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 2"))
        .isEqualTo(List.of(List.of(3)));
    assertThat(client.rows("SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 1"))
        .isEqualTo(List.of(List.of(2)));
  }

  @Test
  void positionsInOrderByAndGroupByDiffer() {
    assertThat(client.rows("SELECT id, n FROM t ORDER BY 1").getFirst().getFirst()).isEqualTo(1);
    assertThat(client.rows("SELECT id, n FROM t ORDER BY 2").getFirst().getFirst()).isEqualTo(3);
    assertThat(client.rows("SELECT id % 2, n / 100, count(*) FROM t GROUP BY 1, 2")).hasSize(2);
    assertThat(client.errorCode("SELECT id, n FROM t ORDER BY 3")).isEqualTo("42P10");
    assertThat(client.rows("SELECT id, n FROM t ORDER BY 1").getFirst().getFirst()).isEqualTo(1);
  }

  @Test
  void groupedExpressionsAreThoseWithTheSameConstants() {
    assertThat(client.rows("SELECT id + 1 FROM t GROUP BY id + 1")).hasSize(3);
    assertThat(client.errorCode("SELECT id + 1 FROM t GROUP BY id + 2")).isEqualTo("42803");
    assertThat(client.rows("SELECT n + 1 FROM t GROUP BY n + 1")).hasSize(3);
    assertThat(client.rows("SELECT id + 2 FROM t GROUP BY id + 2")).hasSize(3);
    assertThat(client.errorCode("SELECT DISTINCT id FROM t ORDER BY id + 1")).isEqualTo("42P10");
    assertThat(client.rows("SELECT DISTINCT id + 1 FROM t ORDER BY id + 1")).hasSize(3);
    assertThat(client.errorCode("SELECT DISTINCT id + 1 FROM t ORDER BY id + 2"))
        .isEqualTo("42P10");
  }

  @Test
  void typesOfNumbersDiffer() {
    assertThat(client.value("SELECT 1")).isEqualTo(1);
    assertThat(client.value("SELECT 10000000000")).isEqualTo(10_000_000_000L);
    assertThat(client.value("SELECT 2")).isEqualTo(2);
    assertThat(client.value("SELECT pg_typeof(1)::text")).isEqualTo("integer");
    assertThat(client.value("SELECT pg_typeof(10000000000)::text")).isEqualTo("bigint");
    assertThat(client.value("SELECT pg_typeof(1.5)::text")).isEqualTo("numeric");
    assertThat(client.value("SELECT pg_typeof(100000000000000000000)::text")).isEqualTo("numeric");
    assertThat(client.errorCode("SELECT 2147483647 + 1")).isEqualTo("22003");
    assertThat(client.value("SELECT 2147483648 + 1")).isEqualTo(2_147_483_649L);
    assertThat(client.value("SELECT -2147483648")).isEqualTo(-2_147_483_648);
    assertThat(client.value("SELECT -2147483649")).isEqualTo(-2_147_483_649L);
  }

  @Test
  void modifiersOfTypesDiffer() {
    assertThat(client.value("SELECT 'abcdef'::varchar(3)")).isEqualTo("abc");
    assertThat(client.value("SELECT 'abcdef'::varchar(4)")).isEqualTo("abcd");
    assertThat(client.value("SELECT (1.239::numeric(4,2))::text")).isEqualTo("1.24");
    assertThat(client.value("SELECT (1.239::numeric(4,1))::text")).isEqualTo("1.2");
    client.run("CREATE EXTENSION vector");
    assertThat(client.value("SELECT ('[1,2]'::vector(2))::text")).isEqualTo("[1,2]");
    assertThat(client.errorCode("SELECT ('[1,2]'::vector(3))::text")).isEqualTo("22000");
    assertThat(client.value("SELECT ('[1,3]'::vector(2))::text")).isEqualTo("[1,3]");
  }

  @Test
  void stringsAreReadAnew() {
    assertThat(client.value("SELECT '1'::int")).isEqualTo(1);
    assertThat(client.errorCode("SELECT 'x'::int")).isEqualTo("22P02");
    assertThat(client.value("SELECT '2'::int")).isEqualTo(2);
  }

  @Test
  void quotedNamesAreNoConstants() {
    client.run("CREATE TABLE \"T\" (\"a b\" int); INSERT INTO \"T\" VALUES (4)");
    assertThat(client.value("SELECT \"a b\" FROM \"T\"")).isEqualTo(4);
    assertThat(client.errorCode("SELECT \"a  b\" FROM \"T\"")).isEqualTo("42703");
  }

  @Test
  void declaredTypesOfParametersDiffer() {
    assertThat(
            client
                .session()
                .prepare("a", "SELECT $1", List.of(Optional.of(ColumnType.INT4)))
                .columns()
                .getFirst()
                .type())
        .isEqualTo(ColumnType.INT4);
    assertThat(
            client
                .session()
                .prepare("b", "SELECT $1", List.of(Optional.of(ColumnType.TEXT)))
                .columns()
                .getFirst()
                .type())
        .isEqualTo(ColumnType.TEXT);
  }

  @Test
  void inListsOfAnyLengthWork() {
    for (int length = 1; length < 20; length++) {
      StringBuilder list = new StringBuilder("1");
      for (int i = 2; i <= length; i++) {
        list.append(", ").append(i);
      }
      assertThat(client.value("SELECT count(*) FROM t WHERE id IN (" + list + ")"))
          .isEqualTo((long) Math.min(length, 3));
    }
  }

  @Test
  void definitionsTakeTheirOwnConstants() {
    client.run("CREATE TABLE d1 (a int DEFAULT 1)");
    client.run("CREATE TABLE d2 (a int DEFAULT 2)");
    client.run("INSERT INTO d1 DEFAULT VALUES; INSERT INTO d2 DEFAULT VALUES");
    assertThat(client.value("SELECT a FROM d2")).isEqualTo(2);
    assertThat(client.value("SELECT a FROM d1")).isEqualTo(1);
  }
}
