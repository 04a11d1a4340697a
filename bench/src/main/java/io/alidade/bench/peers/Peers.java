package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Compares our engine with other vector indexes on the same vectors in one run, and writes a
/// table, a plot and the raw figures.
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "Compares the engine with other vector indexes on the same vectors.")
public final class Peers implements Callable<Integer> {

  @Option(names = "--work", required = true, description = "A directory for data and indexes.")
  private Path work = Path.of("");

  @Option(names = "--results", description = "Where the results go (${DEFAULT-VALUE}).")
  private Path results = Path.of("bench/results");

  @Option(names = "--dataset", description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Dataset dataset = Dataset.WORDNET;

  @Option(names = "--rows", description = "How many of the rows are stored (all).")
  private int rows = Integer.MAX_VALUE;

  @Option(names = "--peers", split = ",", description = "Ids such as lucene-bbq (all).")
  private List<String> peers =
      Arrays.stream(PeerKind.values()).filter(kind -> !kind.isPart()).map(PeerKind::id).toList();

  @Option(names = "--efs", split = ",", description = "The efforts (${DEFAULT-VALUE}).")
  private List<Integer> efs = List.of(10, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 400);

  @Option(names = "--rounds", description = "Rounds that count (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--warm-up", description = "Rounds before, not counted (${DEFAULT-VALUE}).")
  private int warmUp = 2;

  @Option(names = "--postgresql", description = "The JDBC URL of a PostgreSQL with pgvector.")
  private Optional<String> postgresql = Optional.empty();

  @Option(names = "--build-only", description = "Build what is missing and stop.")
  private boolean buildOnly;

  @Option(
      names = "--scaling",
      description = "How our cost grows with the rows of the large set, instead.")
  private boolean scaling;

  private final List<String> absent = new ArrayList<>();

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Peers()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (scaling) {
      List<Integer> counts =
          Stream.of(10_000, 100_000, 1_000_000).filter(count -> count <= rows).toList();
      new Scaling(Dataset.LARGE, work, efs, warmUp, rounds, circumstances()).run(counts, results);
      return 0;
    }
    Workload workload = dataset.prepare(work, rows);
    PeerStarter starter = new PeerStarter(work, dataset, workload, postgresql);
    if (buildOnly) {
      for (String id : peers) {
        starter.build(PeerKind.of(id));
      }
      return 0;
    }
    VectorFile base = workload.openBase();
    VectorFile queries = workload.openQueries();
    GroundTruth truth =
        GroundTruth.cached(
            dataset.directory(work).resolve("truth-" + workload.rows() + ".bin"),
            base,
            queries,
            Workload.K);
    List<Comparison.Contender> contenders = start(starter);
    try {
      new Comparison(base, queries, truth, efs).run(contenders, warmUp, rounds);
    } finally {
      contenders.forEach(contender -> contender.peer().close());
    }
    List<Measurements> measured = contenders.stream().map(Comparison.Contender::measured).toList();
    write(new Report(dataset, workload, circumstances(), measured, absent));
    return 0;
  }

  private List<Comparison.Contender> start(PeerStarter starter) {
    List<Comparison.Contender> started = new ArrayList<>();
    for (String id : peers) {
      PeerKind kind = PeerKind.of(id);
      try {
        started.add(new Comparison.Contender(starter.start(kind)));
        System.out.printf("%s is ready%n", id);
      } catch (IOException | IllegalStateException e) {
        absent.add(kind.title() + " (" + e.getMessage() + ")");
        System.out.printf("%s is absent: %s%n", id, e.getMessage());
      }
    }
    return started;
  }

  private String circumstances() throws IOException {
    return String.format(
        Locale.ROOT,
        "%s. One thread, %d queries, ten neighbours, m %d, efConstruction %d; medians of %d rounds,"
            + " peers interleaved.",
        Circumstances.here(),
        1000,
        Workload.M,
        Workload.EF_CONSTRUCTION,
        rounds);
  }

  private void write(Report report) throws IOException {
    Files.createDirectories(results);
    String name = dataset.name().toLowerCase(Locale.ROOT);
    if (report.workload().rows() < dataset.rows()) {
      name += "-" + report.workload().rows();
    }
    Files.writeString(results.resolve(name + ".csv"), report.csv());
    Files.writeString(results.resolve(name + ".md"), report.markdown());
    Files.writeString(results.resolve(name + ".svg"), report.svg());
    System.out.println(report.markdown());
  }
}
