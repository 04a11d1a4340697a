package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyTest {
  private static final String COPY = "COPY t FROM STDIN";

  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @BeforeEach
  void createTable() {
    client.run("CREATE TABLE t (id int PRIMARY KEY, s text DEFAULT 'd')");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void piecesMayBeCutAnywhere() {
    assertThat(client.copyIn(COPY, "1", "\tä", "b\n2\t\\", "N\n", "3\tc")).isEqualTo("COPY 3");
    assertThat(client.rows("SELECT id, coalesce(s, 'null') FROM t ORDER BY id"))
        .isEqualTo(List.of(List.of(1, "äb"), List.of(2, "null"), List.of(3, "c")));
  }

  @Test
  void columnsThatAreLeftOutGetTheirDefaults() {
    client.copyIn("COPY t (id) FROM STDIN", "1\n");
    assertThat(client.rows("SELECT * FROM t")).isEqualTo(List.of(List.of(1, "d")));
  }

  @Test
  void errorInTheMiddleLeavesNothing() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      many.append(i).append("\tx\n");
    }
    DatabaseException error =
        TestClient.errorOf(() -> client.copyIn(COPY, many.toString(), "bad\tx\n"));
    assertThat(error.state().code()).isEqualTo("22P02");
    assertThat(error.field(DatabaseException.Field.WHERE))
        .hasValue("COPY t, line 2001, column id: \"bad\"");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
  }

  @Test
  void duplicateKeyNamesItsLine() {
    DatabaseException error =
        TestClient.errorOf(() -> client.copyIn(COPY, "1\ta\n2\tb\n", "1\tc\n"));
    assertThat(error.state().code()).isEqualTo("23505");
    assertThat(error.field(DatabaseException.Field.WHERE)).hasValue("COPY t, line 3");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
  }

  @Test
  void copyInABlockIsPartOfIt() {
    client.run("BEGIN");
    client.copyIn(COPY, "1\ta\n");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(1L);
    client.run("ROLLBACK");
    assertThat(client.value("SELECT count(*) FROM t")).isEqualTo(0L);
  }
}
