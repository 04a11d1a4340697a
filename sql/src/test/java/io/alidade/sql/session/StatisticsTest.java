package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the planner makes of statistics.
class StatisticsTest {
  private final TestServer server = new TestServer();
  private final TestClient client = server.connect();

  @BeforeEach
  void createTables() {
    client.run(
        """
        CREATE TABLE big (id int PRIMARY KEY, part int, word text);
        CREATE TABLE part (id int PRIMARY KEY, kind int);
        CREATE TABLE kind (id int, name text);
        INSERT INTO big SELECT g, g % 100, 'w' || g FROM generate_series(1, 10000) AS g;
        INSERT INTO part SELECT g, g % 10 FROM generate_series(0, 99) AS g;
        INSERT INTO kind SELECT g, 'k' || g FROM generate_series(0, 9) AS g;
        INSERT INTO big (id, part) VALUES (20000, NULL);
        """);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private String explain(String query) {
    return client.rows("EXPLAIN " + query).stream()
        .map(row -> (String) row.getFirst())
        .collect(Collectors.joining("\n"));
  }

  private long expected(String condition) {
    String plan = explain("SELECT * FROM big WHERE " + condition);
    String rows = plan.substring(plan.indexOf("rows=") + 5, plan.indexOf(')'));
    return Long.parseLong(rows);
  }

  @Test
  void explainTellsHowManyRowsAreExpectedOfAnalyzedTables() {
    assertThat(explain("SELECT * FROM big")).isEqualTo("Seq Scan on big");
    client.run("ANALYZE");
    assertThat(explain("SELECT * FROM big")).isEqualTo("Seq Scan on big  (rows=10001)");
    assertThat(explain("(COSTS OFF) SELECT * FROM big")).isEqualTo("Seq Scan on big");
    assertThat(explain("SELECT count(*) FROM big GROUP BY part"))
        .startsWith("HashAggregate  (rows=100)");
  }

  @Test
  void selectivityFollowsTheValues() {
    client.run("ANALYZE big");
    assertThat(expected("part = 7")).isBetween(90L, 110L);
    assertThat(expected("part IN (1, 2, 3)")).isBetween(280L, 320L);
    assertThat(expected("part IS NULL")).isEqualTo(1);
    assertThat(expected("part IS NOT NULL")).isEqualTo(10_000);
    assertThat(expected("id < 2500")).isBetween(2400L, 2600L);
    assertThat(expected("id > 2500")).isBetween(7400L, 7600L);
    assertThat(expected("id BETWEEN 1000 AND 2000")).isBetween(900L, 1100L);
    assertThat(expected("id > 2500 AND part = 7")).isBetween(65L, 85L);
    assertThat(expected("NOT (part = 7)")).isBetween(9800L, 9950L);
    assertThat(expected("word LIKE 'w99%'")).isBetween(50L, 250L);
    assertThat(expected("word = 'w5'")).isEqualTo(1);
    assertThat(expected("id < 2500 OR id > 7500")).isBetween(4200L, 5200L);
  }

  @Test
  void theSmallerSideOfAJoinIsGathered() {
    String query = "SELECT count(*) FROM kind JOIN big ON kind.id = big.part";
    assertThat(explain(query).indexOf("on kind")).isLessThan(explain(query).indexOf("on big"));
    Object before = client.value(query);
    client.run("ANALYZE");
    assertThat(explain(query).indexOf("on big")).isLessThan(explain(query).indexOf("on kind"));
    assertThat(client.value(query)).isEqualTo(before);
  }

  @Test
  void joinsBeginWithTheFewestRows() {
    String query =
        "SELECT big.word, kind.name FROM big, part, kind WHERE big.part = part.id"
            + " AND part.kind = kind.id AND kind.name = 'k3' AND big.id < 50 ORDER BY big.id";
    var before = client.rows(query);
    assertThat(before).hasSize(5);
    client.run("ANALYZE");
    assertThat(client.rows(query)).isEqualTo(before);
    assertThat(explain(query)).contains("rows=");
  }

  @Test
  void fewRowsAreLookedUp() {
    String query =
        "SELECT big.word FROM part JOIN big ON big.id = part.id WHERE part.kind = 4 ORDER BY 1";
    var before = client.rows(query);
    assertThat(explain(query)).contains("Hash Join");
    client.run("ANALYZE");
    assertThat(explain(query)).contains("Index Scan using big_pkey");
    assertThat(client.rows(query)).isEqualTo(before);
  }

  @Test
  void theIndexThatListsFewerRowsIsUsed() {
    client.run("CREATE INDEX big_part ON big (part); CREATE INDEX big_word ON big (word)");
    client.run("ANALYZE big");
    assertThat(explain("SELECT * FROM big WHERE part = 5 AND word = 'w5'")).contains("big_word");
    assertThat(explain("SELECT * FROM big WHERE part = 5 AND word > 'a'")).contains("big_part");
  }

  @Test
  void newStatisticsMakeNewPlans() {
    String query = "SELECT count(*) FROM kind JOIN big ON kind.id = big.part";
    client.prepare("counted", query);
    assertThat(client.execute("counted").getFirst().getFirst()).isEqualTo(1000L);
    client.run("ANALYZE");
    assertThat(client.execute("counted").getFirst().getFirst()).isEqualTo(1000L);
  }

  @Test
  void optimizeTableTakesTablesOutsideOfBlocksOnly() {
    assertThat(client.tag("OPTIMIZE TABLE big, part")).isEqualTo("OPTIMIZE TABLE");
    assertThat(client.errorCode("BEGIN; OPTIMIZE TABLE big")).isEqualTo("25001");
    client.run("ROLLBACK");
    assertThat(client.errorCode("OPTIMIZE TABLE nowhere")).isEqualTo("42P01");
  }

  @Test
  void viewsTellWhatWasDoneToTables() {
    client.run("UPDATE part SET kind = 3 WHERE id < 10; DELETE FROM part WHERE id = 99");
    client.run("ANALYZE part; VACUUM kind");
    assertThat(
            client.rows(
                "SELECT n_tup_ins, n_tup_upd, n_tup_del, n_live_tup, n_dead_tup,"
                    + " n_mod_since_analyze, analyze_count, last_analyze IS NOT NULL, last_vacuum"
                    + " FROM pg_stat_user_tables WHERE relname = 'part'"))
        .containsExactly(java.util.Arrays.asList(100L, 10L, 1L, 99L, 11L, 0L, 1L, true, null));
    assertThat(client.value("SELECT tup_updated FROM pg_stat_database")).isEqualTo(10L);
    assertThat(client.value("SELECT count(*) FROM pg_stat_user_indexes")).isEqualTo(2L);
    assertThat(client.rows("SELECT * FROM pg_stat_progress_vacuum")).isEmpty();
    assertThat(client.rows("SELECT * FROM pg_stat_progress_analyze")).isEmpty();
    assertThat(client.rows("SELECT * FROM alidade_merges")).isEmpty();
  }

  @Test
  void settingsOfTheBackgroundAreTheServers() {
    assertThat(client.value("SHOW autovacuum")).isEqualTo("on");
    assertThat(client.value("SHOW autovacuum_vacuum_scale_factor")).isEqualTo("0.2");
    assertThat(client.value("SHOW alidade.maintenance_cpu_share")).isEqualTo("0.5");
    assertThat(client.errorCode("SET autovacuum = off")).isEqualTo("55P02");
    var options =
        SessionEngine.databaseOptions(
            java.util.Map.of(
                "autovacuum", "off",
                "autovacuum_vacuum_threshold", "7",
                "autovacuum_vacuum_scale_factor", "0.5",
                "alidade.maintenance_cpu_share", "0.25"));
    assertThat(options.upkeep().automation())
        .isEqualTo(io.alidade.storage.merge.UpkeepOptions.Automation.OFF);
    assertThat(options.upkeep().policy().deadAtLeast()).isEqualTo(7);
    assertThat(options.upkeep().policy().deadShare()).isEqualTo(0.5);
    assertThat(options.upkeep().processorShare()).isEqualTo(0.25);
  }
}
