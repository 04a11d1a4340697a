package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What pgjdbc's metadata tells tools about keys, on Alidade and on a PostgreSQL server where one
/// is installed.
@ParameterizedClass
@EnumSource(ServerProduct.class)
class KeyMetadataTest {
  @TempDir static Path directory;
  private static ServerProduct.Running server;

  private final ServerProduct product;
  private Connection connection;

  KeyMetadataTest(ServerProduct product) {
    this.product = product;
  }

  @BeforeParameterizedClassInvocation
  static void start(ServerProduct product) {
    server = product.start(directory);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  @BeforeEach
  void create() throws SQLException {
    connection = server.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS line, thing");
      statement.execute(
          "CREATE TABLE thing (a int, b int, code text CONSTRAINT thing_code UNIQUE,"
              + " CONSTRAINT thing_key PRIMARY KEY (b, a))");
      statement.execute(
          "CREATE TABLE line (id int PRIMARY KEY, x int, y int,"
              + " c text CONSTRAINT to_code REFERENCES thing (code) ON UPDATE SET NULL"
              + " DEFERRABLE INITIALLY DEFERRED,"
              + " CONSTRAINT to_thing FOREIGN KEY (y, x) REFERENCES thing (b, a)"
              + " ON DELETE CASCADE ON UPDATE RESTRICT)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static List<String> keys(ResultSet rows) throws SQLException {
    List<String> keys = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        keys.add(
            "%s: %s.%s -> %s.%s #%d update %d delete %d by %s deferrability %d"
                .formatted(
                    rows.getString("FK_NAME"),
                    rows.getString("FKTABLE_NAME"),
                    rows.getString("FKCOLUMN_NAME"),
                    rows.getString("PKTABLE_NAME"),
                    rows.getString("PKCOLUMN_NAME"),
                    rows.getShort("KEY_SEQ"),
                    rows.getShort("UPDATE_RULE"),
                    rows.getShort("DELETE_RULE"),
                    rows.getString("PK_NAME"),
                    rows.getShort("DEFERRABILITY")));
      }
    }
    return keys;
  }

  private static final String TO_CODE =
      "to_code: line.c -> thing.code #1 update %d delete %d by thing_code deferrability %d"
          .formatted(
              DatabaseMetaData.importedKeySetNull,
              DatabaseMetaData.importedKeyNoAction,
              DatabaseMetaData.importedKeyInitiallyDeferred);
  private static final String RULES =
      " update %d delete %d by thing_key deferrability %d"
          .formatted(
              DatabaseMetaData.importedKeyRestrict,
              DatabaseMetaData.importedKeyCascade,
              DatabaseMetaData.importedKeyNotDeferrable);
  private static final String TO_THING_1 = "to_thing: line.y -> thing.b #1" + RULES;
  private static final String TO_THING_2 = "to_thing: line.x -> thing.a #2" + RULES;

  @Test
  void importedExportedAndCrossReferencedKeysAreTheForeignKeys() throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    assertThat(keys(metadata.getImportedKeys(null, "public", "line")))
        .as(product.toString())
        .containsExactlyInAnyOrder(TO_CODE, TO_THING_1, TO_THING_2);
    assertThat(keys(metadata.getExportedKeys(null, "public", "thing")))
        .containsExactlyInAnyOrder(TO_CODE, TO_THING_1, TO_THING_2);
    assertThat(keys(metadata.getCrossReference(null, null, "thing", null, null, "line")))
        .containsExactlyInAnyOrder(TO_CODE, TO_THING_1, TO_THING_2);
    assertThat(keys(metadata.getImportedKeys(null, "public", "thing"))).isEmpty();
    assertThat(keys(metadata.getExportedKeys(null, "public", "line"))).isEmpty();
  }
}
