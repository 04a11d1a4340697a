package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.sql.SessionRequest;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void setIsUndoneByRollbackAndKeptByCommit() {
    client.run("BEGIN; SET work_mem = '1MB'");
    assertThat(client.value("SHOW work_mem")).isEqualTo("1MB");
    client.run("ROLLBACK");
    assertThat(client.value("SHOW work_mem")).isEqualTo("256MB");
    client.run("BEGIN; SET work_mem = '2MB'; COMMIT");
    assertThat(client.value("SHOW work_mem")).isEqualTo("2MB");
  }

  @Test
  void setLocalEndsWithItsTransaction() {
    client.run("SET work_mem = '1MB'; BEGIN; SET LOCAL work_mem = '2MB'");
    assertThat(client.value("SHOW work_mem")).isEqualTo("2MB");
    client.run("COMMIT");
    assertThat(client.value("SHOW work_mem")).isEqualTo("1MB");
  }

  @Test
  void setLocalWithoutABlockIsAWarning() {
    client.run("SET LOCAL work_mem = '2MB'");
    assertThat(client.told().notices())
        .containsExactly("WARNING 25P01 SET LOCAL can only be used in transaction blocks");
    assertThat(client.value("SHOW work_mem")).isEqualTo("256MB");
  }

  @Test
  void resetIsUndoneByRollback() {
    client.run("SET work_mem = '1MB'");
    client.run("BEGIN; RESET work_mem; ROLLBACK");
    assertThat(client.value("SHOW work_mem")).isEqualTo("1MB");
    client.run("RESET ALL");
    assertThat(client.value("SHOW work_mem")).isEqualTo("256MB");
  }

  @Test
  void rollbackToSavepointUndoesWhatWasSetAfterIt() {
    client.run("BEGIN; SET work_mem = '1MB'; SAVEPOINT a; SET work_mem = '2MB'; ROLLBACK TO a");
    assertThat(client.value("SHOW work_mem")).isEqualTo("1MB");
    client.run("COMMIT");
    assertThat(client.value("SHOW work_mem")).isEqualTo("1MB");
  }

  @Test
  void scriptThatFailsUndoesItsSettings() {
    assertThat(client.errorCode("SET work_mem = '1MB'; SELECT 1/0")).isEqualTo("22012");
    assertThat(client.value("SHOW work_mem")).isEqualTo("256MB");
  }

  @Test
  void reportedParametersAreToldWhenTheyChange() {
    client.run("SET TimeZone = 'Europe/Berlin'");
    client.run("SET application_name = 'x'");
    client.run("SET work_mem = '1MB'");
    assertThat(client.told().parameters())
        .containsExactly("TimeZone=Europe/Berlin", "application_name=x");
    assertThat(client.session().reportedParameters()).containsEntry("TimeZone", "Europe/Berlin");
  }

  @Test
  void rolledBackParametersAreToldAgain() {
    client.run("BEGIN; SET application_name = 'x'");
    client.run("ROLLBACK");
    assertThat(client.told().parameters())
        .containsExactly("application_name=x", "application_name=");
  }

  @Test
  void startValuesAreWhatResetGoesBackTo() {
    try (TestClient started = server.connect(Map.of("application_name", "x"))) {
      assertThat(started.session().reportedParameters()).containsEntry("application_name", "x");
      started.run("SET application_name = 'y'; RESET application_name");
      assertThat(started.value("SHOW application_name")).isEqualTo("x");
    }
  }

  @Test
  void unknownNamesAreRefusedByName() {
    for (String statement :
        List.of("SHOW nothing", "SET nothing = 1", "RESET nothing", "SHOW my.nothing")) {
      assertThat(client.errorCode(statement)).as(statement).isEqualTo("42704");
    }
    assertThat(client.error("SHOW nothing"))
        .hasMessage("unrecognized configuration parameter \"nothing\"");
  }

  @Test
  void settingsWithADotAreTheClientsOwn() {
    client.run("SET my.own = 'x'");
    assertThat(client.value("SHOW my.own")).isEqualTo("x");
  }

  @Test
  void quantitiesMayHaveUnits() {
    assertThat(client.value("SET work_mem = '64MB'; SHOW work_mem")).isEqualTo("64MB");
    assertThat(client.value("SET work_mem = 65536; SHOW work_mem")).isEqualTo("64MB");
    assertThat(client.value("SET work_mem TO '1024 kB'; SHOW work_mem")).isEqualTo("1MB");
    assertThat(client.value("SET statement_timeout = '5s'; SHOW statement_timeout"))
        .isEqualTo("5s");
    assertThat(client.value("SET statement_timeout = 1500; SHOW statement_timeout"))
        .isEqualTo("1500ms");
    assertThat(client.value("SET statement_timeout = '1.5s'; SHOW statement_timeout"))
        .isEqualTo("1500ms");
    assertThat(client.value("SET statement_timeout = 0; SHOW statement_timeout")).isEqualTo("0");
  }

  @Test
  void valuesOutOfRangeAndOfTheWrongKindAreRefused() {
    for (String statement :
        List.of(
            "SET work_mem = '1kB'",
            "SET work_mem = '64 bananas'",
            "SET statement_timeout = -1",
            "SET hnsw.ef_search = 0",
            "SET alidade.exact = maybe",
            "SET alidade.quantization_ignore = 2",
            "SET alidade.quantization_oversampling = 0.5",
            "SET alidade.quantization_oversampling = NaN",
            "SET alidade.quantization_rescore = 'always'",
            "SET default_transaction_isolation = 'none'",
            "SET TimeZone = 'Nowhere/Never'")) {
      assertThat(client.errorCode(statement)).as(statement).isEqualTo("22023");
    }
    assertThat(client.error("SET alidade.exact = maybe"))
        .hasMessage("parameter \"alidade.exact\" requires a Boolean value");
    assertThat(client.error("SET alidade.quantization_oversampling = 100.5"))
        .hasMessage(
            "100.5 is outside the valid range for parameter"
                + " \"alidade.quantization_oversampling\" (1 .. 100)");
    assertThat(client.error("SET alidade.quantization_rescore = 'always'"))
        .hasMessage("invalid value for parameter \"alidade.quantization_rescore\": \"always\"");
  }

  @Test
  void numbersWithAFractionAreShownWithoutZerosAtTheirEnd() {
    String oversampling = "alidade.quantization_oversampling";
    assertThat(client.value("SHOW " + oversampling)).isEqualTo("1");
    assertThat(client.value("SET " + oversampling + " = 2.50; SHOW " + oversampling))
        .isEqualTo("2.5");
    assertThat(client.value("SET " + oversampling + " = '4.0'; SHOW " + oversampling))
        .isEqualTo("4");
  }

  @Test
  void factsCannotBeSet() {
    assertThat(client.error("SET server_version = '16'"))
        .hasMessage("parameter \"server_version\" cannot be changed")
        .extracting(e -> e.state().code())
        .isEqualTo("55P02");
  }

  @Test
  void searchPathDecidesWhatANameMeans() {
    client.run("CREATE SCHEMA s; CREATE TABLE t (a int); CREATE TABLE s.t (b int)");
    assertThat(client.rows("SELECT * FROM t")).isEmpty();
    client.run("INSERT INTO s.t VALUES (7)");
    assertThat(client.rows("SELECT * FROM t")).isEmpty();
    client.run("SET search_path = s, public");
    assertThat(client.value("SELECT * FROM t")).isEqualTo(7);
    client.run("RESET search_path");
    assertThat(client.rows("SELECT * FROM t")).isEmpty();
  }

  @Test
  void placeholdersAreLimited() {
    for (int i = 0; i < SessionSettings.MAX_PLACEHOLDERS; i++) {
      client.run("SET my.s" + i + " = 1");
    }
    assertThat(client.errorCode("SET my.last = 1")).isEqualTo("53400");
  }

  @Test
  void theLimitOfPinnedMemoryIsTheServers() {
    assertThat(client.value("SHOW alidade.pinned_memory_limit")).isEqualTo("2GB");
    assertThat(
            client.value(
                "SELECT setting FROM pg_settings WHERE name = 'alidade.pinned_memory_limit'"))
        .isEqualTo("2GB");
    for (String change :
        List.of("SET alidade.pinned_memory_limit = '1GB'", "RESET alidade.pinned_memory_limit")) {
      DatabaseException error = client.error(change);
      assertThat(error.state().code()).isEqualTo("55P02");
      assertThat(error.message())
          .isEqualTo(
              "parameter \"alidade.pinned_memory_limit\" cannot be changed without restarting"
                  + " the server");
    }
  }

  @Test
  void whatADatabaseIsOpenedWithIsShown() {
    Map<String, String> configured =
        Map.of("alidade.pinned_memory_limit", "1536MB", "max_parallel_maintenance_workers", "5");
    DatabaseOptions options = SessionEngine.databaseOptions(configured);
    assertThat(options.maxPinnedBytes()).isEqualTo(1536L << 20);
    assertThat(options.indexBuildThreads()).isEqualTo(6);
    try (Database database = Database.inMemory(options);
        SessionEngine engine = new SessionEngine(database, Optional.empty(), Map.of())) {
      RecordingListener told = new RecordingListener();
      SessionRequest request = new SessionRequest("alidade", "alidade", Map.of());
      try (TestClient other = new TestClient(engine.openSession(request, told), told)) {
        assertThat(other.value("SHOW alidade.pinned_memory_limit")).isEqualTo("1536MB");
        assertThat(other.value("SHOW max_parallel_maintenance_workers")).isEqualTo("5");
        other.run("SET max_parallel_maintenance_workers = 0");
        assertThat(other.value("SHOW max_parallel_maintenance_workers")).isEqualTo("0");
        assertThat(other.errorCode("SET max_parallel_maintenance_workers = -1")).isEqualTo("22023");
        assertThat(other.errorCode("SET max_parallel_maintenance_workers = 1025"))
            .isEqualTo("22023");
      }
    }
  }

  @Test
  void aLimitOfPinnedMemoryThatIsNoSizeIsRefused() {
    for (String size : List.of("much", "-1", "5 PB")) {
      assertThatThrownBy(
              () -> SessionEngine.databaseOptions(Map.of("alidade.pinned_memory_limit", size)))
          .isInstanceOf(DatabaseException.class);
    }
    assertThat(
            SessionEngine.databaseOptions(Map.of("alidade.pinned_memory_limit", "0"))
                .maxPinnedBytes())
        .isZero();
  }
}
