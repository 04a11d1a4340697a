package io.alidade.bench.peers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Builds the indexes that are missing and starts what searches them.
///
/// An index and what building it took are kept in the work directory. Ours are kept for one version
/// of the engine's classes.
final class PeerStarter {

  private static final String SCRIPT = "node-host.js";

  /// The versions that are compared with.
  private static final List<String> PACKAGES = List.of("hnswlib-node@3.0.0", "usearch@2.26.2");

  private final Path work;
  private final Path indexes;
  private final Workload workload;
  private final Optional<String> postgresql;
  private final String table;

  PeerStarter(Path work, Dataset dataset, Workload workload, Optional<String> postgresql)
      throws IOException {
    this.work = work;
    this.workload = workload;
    this.postgresql = postgresql;
    this.indexes = Files.createDirectories(workload.indexes(dataset.directory(work)));
    this.table = "peers_%s_%d".formatted(dataset.name().toLowerCase(Locale.ROOT), workload.rows());
  }

  /// Builds the index unless it is there, and returns what that took or had taken.
  BuildFigures build(PeerKind kind) throws IOException {
    return build(kind, 1);
  }

  /// The same by several threads, where the peer can.
  BuildFigures build(PeerKind kind, int threads) throws IOException {
    Optional<BuildFigures> basis = Optional.empty();
    if (kind.basis().isPresent()) {
      basis = Optional.of(build(kind.basis().get(), threads));
    }
    BuildFigures own = buildAlone(kind, threads);
    return basis.map(own::plus).orElse(own);
  }

  private BuildFigures buildAlone(PeerKind kind, int threads) throws IOException {
    Path index = index(kind);
    if (threads > 1) {
      index = index.resolveSibling(index.getFileName() + "-threads" + threads);
    }
    Path figures = index.resolveSibling(index.getFileName() + ".built");
    if (Files.exists(figures)) {
      return BuildFigures.read(figures);
    }
    System.out.printf("building %s%n", kind.id());
    BuildFigures built = ChildPeer.build(kind, command(kind.indexed()), index, threads);
    System.out.printf("built %s: %.1f CPU s%n", kind.id(), built.cpuNanos() / 1e9);
    built.write(figures);
    return built;
  }

  MeasuredPeer start(PeerKind kind) throws IOException {
    if (kind.host() == PeerKind.Host.POSTGRESQL) {
      return PgvectorPeer.open(
          postgresql.orElseThrow(() -> new IOException("no --postgresql")),
          table,
          workload,
          indexes.resolve(kind.id() + ".built"));
    }
    BuildFigures built = build(kind);
    return ChildPeer.open(kind, command(kind), index(kind), built);
  }

  private Path index(PeerKind kind) throws IOException {
    String id = kind.indexed().id();
    return indexes.resolve(kind.isOurs() ? id + "-" + engineVersion() : id);
  }

  private ProcessBuilder command(PeerKind kind) throws IOException {
    return switch (kind.host()) {
      case JVM -> java(kind);
      case NODE -> node(kind);
      case POSTGRESQL -> throw new IllegalStateException("PostgreSQL runs already, or does not");
    };
  }

  private ProcessBuilder java(PeerKind kind) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.add("-XX:+UseTransparentHugePages");
    words.add("-cp");
    words.add(System.getProperty("java.class.path"));
    words.add(EngineHost.class.getName());
    words.add(kind.id());
    words.addAll(workload.words());
    return new ProcessBuilder(words);
  }

  private ProcessBuilder node(PeerKind kind) throws IOException {
    Path packages = Files.createDirectories(work.resolve("peers").resolve("node"));
    install(packages);
    Path script = packages.resolve(SCRIPT);
    try (InputStream resource = PeerStarter.class.getResourceAsStream(SCRIPT)) {
      if (resource == null) {
        throw new IllegalStateException(SCRIPT + " is not on the class path");
      }
      Files.write(script, resource.readAllBytes());
    }
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of("node", script.toAbsolutePath().toString(), packages.toAbsolutePath().toString()));
    words.add(kind.id());
    words.addAll(workload.words());
    ProcessBuilder command = new ProcessBuilder(words);
    // Huge pages for malloc, which our engine asks for, too.
    command.environment().put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    return command;
  }

  /// Installs the packages, from their sources and for this processor where they come with a build
  /// that works (hnswlib); usearch brings a binary that chooses its kernels when it starts.
  private static void install(Path packages) throws IOException {
    if (Files.exists(packages.resolve("node_modules").resolve("usearch"))) {
      return;
    }
    Files.writeString(packages.resolve("package.json"), "{\"private\": true}\n");
    List<String> words = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
    words.addAll(PACKAGES);
    ProcessBuilder npm =
        new ProcessBuilder(words)
            .directory(packages.toFile())
            .redirectErrorStream(true)
            .redirectOutput(packages.resolve("install.log").toFile());
    npm.environment().put("CFLAGS", "-O3 -march=native");
    npm.environment().put("CXXFLAGS", "-O3 -march=native");
    try {
      if (npm.start().waitFor() != 0) {
        throw new IOException("npm install failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// A number that changes with the engine's classes.
  private static String engineVersion() throws IOException {
    CRC32 sum = new CRC32();
    String engine = "io/alidade/engine/hnsw/HnswIndex.class";
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isRegularFile(path) && path.getFileName().toString().startsWith("alidade-engine")) {
        sum.update(Files.readAllBytes(path));
      } else if (Files.exists(path.resolve(engine))) {
        try (Stream<Path> files = Files.walk(path)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            sum.update(Files.readAllBytes(file));
          }
        }
      }
    }
    return Long.toHexString(sum.getValue());
  }
}
