package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The options of vector indexes: CREATE INDEX, ALTER INDEX, what the catalog shows of them.
@Timeout(60)
class VectorIndexOptionsTest {
  private static final int ROWS = 4200;

  private final TestServer server = new TestServer();
  private TestClient client;

  @BeforeEach
  void connect() {
    client = server.connect();
    client.run("CREATE TABLE doc (id int PRIMARY KEY, v vector(16))");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private String definition() {
    return (String) client.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'doc_v'");
  }

  private String options() {
    String definition = definition();
    int with = definition.indexOf(" WITH ");
    return with < 0 ? "" : definition.substring(with + 1);
  }

  private void create(String options) {
    client.run("CREATE INDEX doc_v ON doc USING hnsw (v vector_l2_ops)" + options);
  }

  private void load() {
    String rows =
        java.util.stream.IntStream.range(0, ROWS)
            .mapToObj(id -> "(" + id + ", '" + vector(id) + "')")
            .collect(Collectors.joining(", "));
    client.run("INSERT INTO doc VALUES " + rows);
  }

  private static List<Double> vector(int id) {
    return java.util.stream.IntStream.range(0, 16)
        .mapToObj(i -> Math.round(1000 * Math.sin(id * 0.37 + i * (1 + id % 13))) / 1000.0)
        .toList();
  }

  private void awaitMethod(String method) throws InterruptedException {
    while (!method.equals(client.value("SELECT method FROM alidade_vector_indexes"))) {
      Thread.sleep(5);
    }
  }

  @Test
  void optionsAreShownAsTheyWereWritten() {
    create(
        " WITH (m = 8, ef_construction = 32, quantization = 'scalar', quantile = 0.99,"
            + " memory = cold)");
    assertThat(options())
        .isEqualTo(
            "WITH (m='8', ef_construction='32', quantization=scalar, quantile='0.99',"
                + " memory=cold)");
    assertThat(client.rows("SELECT reloptions FROM pg_class WHERE relname = 'doc_v'"))
        .isEqualTo(
            List.of(
                List.of(
                    List.of(
                        "m=8",
                        "ef_construction=32",
                        "quantization=scalar",
                        "quantile=0.99",
                        "memory=cold"))));
  }

  @Test
  void keywordsAreQuotedAsPostgresqlDoes() {
    create(" WITH (quantization = binary)");
    assertThat(options()).isEqualTo("WITH (quantization='binary')");
  }

  @Test
  void wrongOptionsAreRefused() {
    String create = "CREATE INDEX ON doc USING hnsw (v vector_l2_ops) WITH ";
    assertThat(client.error(create + "(x = 1)").message())
        .isEqualTo("unrecognized parameter \"x\"");
    DatabaseException error = client.error(create + "(m = 101)");
    assertThat(error.state().code()).isEqualTo("22023");
    assertThat(error.message()).isEqualTo("value 101 out of bounds for option \"m\"");
    assertThat(error.field(DatabaseException.Field.DETAIL))
        .contains("Valid values are between \"2\" and \"100\".");
    assertThat(client.error(create + "(quantization = 'best')").message())
        .isEqualTo("invalid value for enum option \"quantization\": best");
    assertThat(client.error(create + "(m = 8, m = 9)").message())
        .isEqualTo("parameter \"m\" specified more than once");
    assertThat(
            client.errorCode(
                "CREATE INDEX ON doc USING hnsw (v vector_l1_ops) WITH (quantization = binary)"))
        .isEqualTo("0A000");
  }

  @Test
  void inlineStorageIsAnOptionLikeOthers() {
    create(" WITH (inline_storage)");
    assertThat(options()).isEqualTo("WITH (inline_storage='true')");
    client.run("ALTER INDEX doc_v SET (inline_storage = off, memory = cold)");
    assertThat(options()).isEqualTo("WITH (inline_storage=off, memory=cold)");
    client.run("ALTER INDEX doc_v SET (inline_storage = on)");
    DatabaseException none = client.error("ALTER INDEX doc_v SET (quantization = none)");
    assertThat(none.state().code()).isEqualTo("22023");
    assertThat(none.message()).contains("inline_storage", "needs a quantization other than none");
    assertThat(client.error("ALTER INDEX doc_v SET (inline_storage = maybe)").message())
        .isEqualTo("invalid value for boolean option \"inline_storage\": maybe");
    assertThat(options()).isEqualTo("WITH (memory=cold, inline_storage='on')");
    assertThat(client.value("SELECT inline_segments FROM alidade_vector_indexes")).isEqualTo(0);
    client.run("ALTER INDEX doc_v RESET (inline_storage, memory)");
    assertThat(options()).isEmpty();
    client.run("CREATE TABLE bits (b bit(64))");
    assertThat(
            client.errorCode(
                "CREATE INDEX ON bits USING hnsw (b bit_hamming_ops) WITH (inline_storage = on)"))
        .isEqualTo("0A000");
  }

  @Test
  void alterIndexSetsAndResets() {
    create(" WITH (m = 8, quantization = scalar)");
    assertThat(client.tag("ALTER INDEX doc_v SET (quantization = 'product', compression = x8)"))
        .isEqualTo("ALTER INDEX");
    assertThat(options()).isEqualTo("WITH (m='8', quantization=product, compression=x8)");
    client.run("ALTER INDEX public.doc_v RESET (quantization, compression), SET (seed = 7)");
    assertThat(options()).isEqualTo("WITH (m='8', seed='7')");
    client.run("ALTER INDEX doc_v RESET (m, seed)");
    assertThat(options()).isEmpty();
    assertThat(client.errorCode("ALTER INDEX doc_v SET (quantization = 1)")).isEqualTo("22023");
    assertThat(client.errorCode("ALTER INDEX doc_v RESET (m = 8)")).isEqualTo("42601");
    assertThat(client.errorCode("ALTER INDEX doc_pkey SET (m = 8)")).isEqualTo("0A000");
    assertThat(options()).isEmpty();
  }

  @Test
  void alterIndexIsPartOfItsTransaction() {
    create(" WITH (quantization = scalar)");
    client.run("BEGIN");
    client.run("ALTER INDEX doc_v SET (quantization = turbo)");
    assertThat(options()).isEqualTo("WITH (quantization=turbo)");
    client.run("ROLLBACK");
    assertThat(options()).isEqualTo("WITH (quantization=scalar)");
  }

  @Test
  void alterIndexRenames() {
    create("");
    client.run("ALTER INDEX doc_v RENAME TO other");
    assertThat(client.value("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%hnsw%'"))
        .isEqualTo("other");
    assertThat(client.errorCode("ALTER INDEX other RENAME TO doc")).isEqualTo("42P07");
    assertThat(client.errorCode("ALTER INDEX doc_v RENAME TO more")).isEqualTo("42P01");
    assertThat(client.tag("ALTER INDEX IF EXISTS doc_v RENAME TO more")).isEqualTo("ALTER INDEX");
    assertThat(client.errorCode("ALTER INDEX doc SET (m = 8)")).isEqualTo("42809");
    assertThat(client.errorCode("ALTER INDEX other SET TABLESPACE x")).isEqualTo("0A000");
    assertThat(client.errorCode("ALTER INDEX other WAIT")).isEqualTo("42601");
  }

  @Test
  void theViewTellsWhatAnIndexIsWalkedOnAndTakes() throws Exception {
    load();
    create(" WITH (quantization = scalar)");
    awaitMethod("scalar");
    List<Object> row =
        client
            .rows(
                "SELECT tablename, indexname, quantization, segments, rows, indexed_rows,"
                    + " tail_rows, vector_bytes, code_bytes > 0,"
                    + " average_recall BETWEEN 0.8 AND 1, graph_bytes > 0, residence"
                    + " FROM alidade_vector_indexes")
            .getFirst();
    assertThat(row)
        .containsExactly(
            "doc",
            "doc_v",
            "scalar",
            1,
            (long) ROWS,
            (long) ROWS,
            0L,
            ROWS * 64L,
            true,
            true,
            true,
            "growing");
    client.run("ALTER INDEX doc_v SET (quantization = none)");
    awaitMethod("float32");
    assertThat(client.rows("SELECT compression_ratio, average_recall FROM alidade_vector_indexes"))
        .containsExactly(java.util.Arrays.asList(null, null));
    assertThat(client.rows("SELECT * FROM pg_stat_progress_create_index")).isEmpty();
  }

  @Test
  void explainAnalyzeNamesTheCodesAndHowManyRowsWereRescored() throws Exception {
    client.run("CREATE TABLE wide (id int, v vector(256))"); // So wide that codes are sure to pay.
    client.run(
        "INSERT INTO wide SELECT i, ('[' || array_to_string(ARRAY(SELECT round(sin(i * 0.37 + j *"
            + " (1 + i % 13))::numeric, 3) FROM generate_series(1, 256) j), ',') || ']')::vector"
            + " FROM generate_series(1, "
            + ROWS
            + ") i");
    client.run(
        "CREATE INDEX ON wide USING hnsw (v vector_l2_ops)"
            + " WITH (m = 4, ef_construction = 16, quantization = binary)");
    String search =
        "EXPLAIN ANALYZE SELECT id FROM wide ORDER BY v <-> (SELECT v FROM wide WHERE id = 3)"
            + " LIMIT 5";
    assertThat(client.rows(search).toString()).contains("Codes: binary (one bit, query of 4 bits)");
    client.run("SET alidade.quantization_oversampling = 4");
    client.run("SET alidade.quantization_rescore = on");
    assertThat(client.rows(search).toString()).contains("Codes: binary", "Rescored: 20 ");
    client.run("SET alidade.quantization_rescore = off");
    assertThat(client.rows(search).toString()).contains("Codes: binary", "Rescored: 5 ");
    client.run("SET alidade.quantization_ignore = on");
    assertThat(client.rows(search).toString()).doesNotContain("Codes:");
    client.run("RESET ALL; SET alidade.exact = on");
    assertThat(client.rows(search).toString()).doesNotContain("Codes:");
  }
}
