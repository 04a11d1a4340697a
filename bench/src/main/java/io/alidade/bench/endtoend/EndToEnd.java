package io.alidade.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures the server on WordNet's glosses: COPY, single commits, index build, searches at several
/// `ef`, sizes, start-up; beside PostgreSQL with pgvector when its URL is given.
@Command(
    name = "end-to-end",
    mixinStandardHelpOptions = true,
    description = "Measures the server on WordNet, beside PostgreSQL with pgvector if given.")
public final class EndToEnd implements Runnable {

  /// The neighbours asked for and compared.
  static final int K = 10;

  private static final int[] EFS = {20, 24, 32, 40, 64, 80, 120, 160, 200, 320};

  @Option(names = "--launcher", description = "The launcher (${DEFAULT-VALUE}).")
  private Path launcher = Path.of("bin/alidade");

  @Option(names = "--work", required = true, description = "A directory for data and caches.")
  private Path work = Path.of("");

  @Option(names = "--postgresql", description = "The JDBC URL of a PostgreSQL with pgvector.")
  private Optional<String> postgresql = Optional.empty();

  @Option(names = "--rows", description = "How many synsets (${DEFAULT-VALUE}).")
  private int rows = WordNetVectors.SYNSETS;

  @Option(names = "--queries", description = "How many of them are queries (${DEFAULT-VALUE}).")
  private int queries = 1000;

  @Option(names = "--rounds", description = "Rounds of what is repeated (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--only",
      split = ",",
      description = "What to measure, of ${COMPLETION-CANDIDATES} (all of it).")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  /// What can be measured by itself; a restart needs what the searches load.
  enum Part {
    WRITES,
    UPDATES,
    OVERHEAD,
    SEARCHES
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new EndToEnd()).execute(arguments));
  }

  @Override
  public void run() {
    try {
      Files.createDirectories(work);
      WordNetVectors vectors = WordNetVectors.load(work.resolve("embeddings.bin"), rows, queries);
      Path data = Files.createTempDirectory(work, "data");
      try (AlidadeProcess alidade = AlidadeProcess.start(launcher.toAbsolutePath(), data)) {
        List<ServerUnderTest> servers = new ArrayList<>(List.of(alidade));
        postgresql.ifPresent(url -> servers.add(new PostgresqlServer(url)));
        prepare(servers);
        if (parts.contains(Part.WRITES)) {
          new WriteMeasurement(servers, vectors.base(), rounds).run();
        }
        if (parts.contains(Part.UPDATES)) {
          new UpdateMeasurement(servers, vectors.base(), rounds).run();
        }
        if (parts.contains(Part.OVERHEAD)) {
          new OverheadMeasurement(servers, vectors).run();
        }
        if (parts.contains(Part.SEARCHES)) {
          new SearchMeasurement(servers, vectors, EFS, rounds).run();
        }
      }
      if (parts.contains(Part.SEARCHES)) {
        restart(data, vectors);
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void prepare(List<ServerUnderTest> servers) throws SQLException {
    for (ServerUnderTest server : servers) {
      try (Connection connection = server.connect()) {
        Sql.execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
        Sql.execute(connection, "SET synchronous_commit = on");
      }
    }
  }

  private void restart(Path data, WordNetVectors vectors) throws IOException, SQLException {
    for (int round = 0; round < rounds; round++) {
      try (AlidadeProcess alidade = AlidadeProcess.start(launcher.toAbsolutePath(), data)) {
        long begun = System.nanoTime();
        try (Connection connection = alidade.connect();
            Searches searches = new Searches(connection, "items")) {
          searches.run(vectors.queries()[0]);
          System.out.printf(
              "restart: ready after %.2f s, first connection and query %.2f s more,"
                  + " resident %d MB%n",
              alidade.readyNanos() / 1e9,
              (System.nanoTime() - begun) / 1e9,
              alidade.residentBytes(connection) >> 20);
        }
      }
    }
  }
}
