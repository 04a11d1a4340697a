package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.alidade.tests.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts run by the real psql, their output compared with what the same psql prints when it runs
/// them on PostgreSQL 15 with pgvector 0.8.6.
///
/// The expected outputs were recorded with `psql -X -a -f SCRIPT` there, less the lines
/// `LOCATION:`, which name PostgreSQL's source files. Only `alidade.sql` and `backups.sql` show
/// what PostgreSQL does not have, so their output is our own.
class PsqlTest {

  private static final long LIMIT_SECONDS = 120;

  @TempDir static Path data;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    boolean installed = psqlIsInstalled();
    if ("required".equals(System.getProperty("clients"))) {
      assertThat(installed).as("psql is installed (-Dclients=required)").isTrue();
    }
    assumeTrue(installed, "psql is not installed: its scripts do not run");
    server = ServerProcess.start(data.resolve("db"));
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION IF NOT EXISTS vector");
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      assertThat(server.stop()).as("exit status after SIGTERM").isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types",
        "queries",
        "changes",
        "upkeep",
        "vectors",
        "halfvec",
        "bits",
        "errors",
        "locks",
        "alidade",
        "backups",
        "describe",
        "checks",
        "constraints",
        "foreignkeys"
      })
  void scriptPrintsWhatPostgresqlPrints(String name) throws Exception {
    assertThat(run(name + ".sql")).isEqualTo(resource(name + ".out"));
  }

  private static boolean psqlIsInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("psql", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(String script) throws IOException, InterruptedException {
    Path directory = Files.createDirectories(data.resolve("scripts"));
    Files.writeString(directory.resolve(script), resource(script));
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "psql",
                    "-X",
                    "-a",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    Integer.toString(server.port()),
                    "-U",
                    "alidade",
                    "-d",
                    "alidade",
                    "-f",
                    script))
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PGCLIENTENCODING", "UTF8");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Path output = Files.createTempFile(data, script, ".out");
    Process process = builder.redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(output);
    assertThat(ended).as("psql ended; so far it printed:\n" + text).isTrue();
    return text.lines()
        .filter(line -> !line.startsWith("LOCATION:  "))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String resource(String name) throws IOException {
    try (var in = PsqlTest.class.getResourceAsStream("/psql/" + name)) {
      assertThat(in).as("resource " + name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
