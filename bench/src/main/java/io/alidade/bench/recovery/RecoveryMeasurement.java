package io.alidade.bench.recovery;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.Durability;
import io.alidade.storage.IsolationLevel;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures how long a database takes to open after a crash, by what its log holds.
///
/// A process of its own writes the log, with no checkpoint, and dies. Opened is then a copy, as
/// often as there are rounds, because opening leaves a log that ended in order.
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    description = "Measures how long a database takes to open after a crash.")
public final class RecoveryMeasurement implements Callable<Integer> {
  private static final int DIMENSIONS = 384;
  private static final int ROWS_PER_BULK_COMMIT = 500;
  private static final long NO_CHECKPOINT = 1L << 40;

  @Option(names = "--work", required = true, description = "A directory for data.")
  private Path work = Path.of("");

  @Option(names = "--megabytes", description = "How much is logged (${DEFAULT-VALUE}).")
  private int megabytes = 1024;

  @Option(names = "--rounds", description = "How often each is opened (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--kinds", split = ",", description = "What is logged (all of it).")
  private List<Kind> kinds = List.of(Kind.values());

  @Option(names = "--load", hidden = true, description = "Used on the process that dies.")
  private Optional<Kind> load = Optional.empty();

  /// What the log holds.
  enum Kind {
    /// Commits of one row of some sixty bytes, with a primary key.
    SINGLE_ROWS,
    /// Commits of 500 rows with a vector, with a primary key.
    VECTORS,
    /// The same with an HNSW index, which is built again behind the start.
    INDEXED_VECTORS
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RecoveryMeasurement()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (load.isPresent()) {
      write(load.get());
    }
    for (Kind kind : kinds) {
      measure(kind);
    }
    return 0;
  }

  private static DatabaseOptions options() {
    return DatabaseOptions.DEFAULT.withCheckpointLogBytes(NO_CHECKPOINT);
  }

  private void measure(Kind kind) throws IOException, CorruptFileException, InterruptedException {
    Path data = Files.createTempDirectory(work, "recovery").resolve("data");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RecoveryMeasurement.class.getName(), "--load", kind.name()));
    command.addAll(List.of("--work", data.toString(), "--megabytes", "" + megabytes));
    Process loading = new ProcessBuilder(command).inheritIO().start();
    int status = loading.waitFor();
    System.out.printf("%s: written by a process that died with status %d%n", kind, status);
    for (int round = 0; round < rounds; round++) {
      Path copy = data.resolveSibling("copy" + round);
      copy(data, copy);
      long begun = System.nanoTime();
      long before = processorNanos();
      double seconds;
      double processorSeconds;
      long commits;
      try (Database database = Database.open(copy, options())) {
        seconds = (System.nanoTime() - begun) / 1e9;
        processorSeconds = (processorNanos() - before) / 1e9;
        commits = database.lastCommitted().value();
      }
      System.out.printf(
          "  %,d MB of log, %,d commits, opened in %.1f s, processor time %.1f s%n",
          bytes(data.resolve("log")) >> 20, commits, seconds, processorSeconds);
      deleteTree(copy);
    }
    deleteTree(data.resolveSibling(""));
  }

  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /// Writes so much log, and dies.
  private void write(Kind kind) throws IOException, CorruptFileException {
    Database database = Database.open(work, options());
    int table;
    try (Transaction transaction = begin(database)) {
      table = createTable(transaction, kind);
      transaction.commit(Durability.FORCED);
    }
    Random random = new Random(1);
    long id = 0;
    long logged = 0;
    while (logged < (long) megabytes << 20) {
      try (Transaction transaction = begin(database)) {
        int rows = kind == Kind.SINGLE_ROWS ? 1 : ROWS_PER_BULK_COMMIT;
        for (int i = 0; i < rows; i++) {
          transaction.insert(table, row(kind, id++, random));
        }
        transaction.commit(Durability.APPENDED);
      }
      if (id % 50_000 == 0) {
        logged = bytes(work.resolve("log"));
      }
    }
    try (Transaction last = begin(database)) {
      last.insert(table, row(kind, id, random));
      last.commit(Durability.FORCED);
    }
    Runtime.getRuntime().halt(9);
  }

  private static Transaction begin(Database database) {
    Transaction transaction = database.begin(IsolationLevel.READ_COMMITTED, Checkpoint.NONE);
    transaction.beginStatement();
    return transaction;
  }

  private static Object[] row(Kind kind, long id, Random random) {
    if (kind == Kind.SINGLE_ROWS) {
      return new Object[] {
        id, "a row of some sixty bytes, as tables of orders have them", (int) id
      };
    }
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = random.nextFloat();
    }
    return new Object[] {id, vector};
  }

  private static int createTable(Transaction transaction, Kind kind) {
    int oid = transaction.allocateOid();
    List<ColumnDefinition> columns =
        kind == Kind.SINGLE_ROWS
            ? List.of(
                ColumnDefinition.notNull("id", ColumnType.INT8),
                ColumnDefinition.nullable("name", ColumnType.TEXT),
                ColumnDefinition.nullable("amount", ColumnType.INT4))
            : List.of(
                ColumnDefinition.notNull("id", ColumnType.INT8),
                ColumnDefinition.nullable("v", ColumnType.vector(DIMENSIONS)));
    IndexDefinition key =
        new IndexDefinition(
            transaction.allocateOid(),
            "logged_pkey",
            oid,
            IndexDefinition.Method.BTREE,
            List.of(IndexDefinition.Key.ascending(0)),
            IndexDefinition.Uniqueness.PRIMARY_KEY,
            Optional.empty(),
            Map.of());
    transaction.apply(
        new CatalogChange.CreateTable(
            new TableDefinition(
                oid,
                Catalog.PUBLIC,
                "logged",
                TableDefinition.FIRST_GENERATION,
                columns,
                List.of(key))));
    if (kind == Kind.INDEXED_VECTORS) {
      transaction.apply(
          new CatalogChange.CreateIndex(
              new IndexDefinition(
                  transaction.allocateOid(),
                  "logged_hnsw",
                  oid,
                  IndexDefinition.Method.HNSW,
                  List.of(IndexDefinition.Key.ascending(1)),
                  IndexDefinition.Uniqueness.NOT_UNIQUE,
                  Optional.of(Distance.L2),
                  Map.of("m", "16"))));
    }
    return oid;
  }

  /// The size of the files; up to one directory's unwritten rest is counted with them.
  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    for (Path file : files(directory)) {
      if (Files.isRegularFile(file) && !file.toString().contains("next-")) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> walked = Files.walk(root)) {
      return walked.sorted().toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of(); // A directory got its name meanwhile; the next look finds it.
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path copy = to.resolve(from.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(copy);
      } else {
        Files.copy(file, copy);
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    for (Path file : files(root).reversed()) {
      Files.deleteIfExists(file);
    }
  }
}
