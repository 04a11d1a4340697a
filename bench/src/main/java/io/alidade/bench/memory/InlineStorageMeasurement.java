package io.alidade.bench.memory;

import io.alidade.bench.endtoend.WordNetVectors;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.CorruptGraphException;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.memory.MemoryAdvice;
import io.alidade.engine.quantization.CorruptCodesException;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.storage.file.MappedFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What `inline_storage` is for and costs, on WordNet's glosses: the time of walks with all in
/// memory, and how often a walk waits for the disk with nothing there.
///
/// Before each walk that is to find nothing in memory, the pages of graph and codes are unmapped
/// and dropped from the page cache by a command, `dd`; the vectors stay in memory. Nothing is read
/// ahead, as the server advises the system about `memory = cold`.
@Command(
    name = "inline-storage",
    mixinStandardHelpOptions = true,
    description = "Compares walks on codes apart from and beside the lists of neighbours.")
public final class InlineStorageMeasurement implements Callable<Integer> {
  private static final int WARM_ROUNDS = 9;

  /// In `/proc/self/stat` after the name in parentheses: the faults that waited for a disk.
  private static final int MAJOR_FAULTS = 9;

  @Option(names = "--work", required = true, description = "Where embeddings.bin is kept.")
  private Path work = Path.of("");

  @Option(names = "--rows", description = "How many (${DEFAULT-VALUE}).")
  private int rows = WordNetVectors.SYNSETS;

  @Option(names = "--ef", description = "The beam's width (${DEFAULT-VALUE}).")
  private int ef = 64;

  @Option(names = "--queries", description = "How many are searched for (${DEFAULT-VALUE}).")
  private int queries = 500;

  @Option(names = "--cold", description = "How many of them from the disk (${DEFAULT-VALUE}).")
  private int cold = 100;

  private InlineStorageMeasurement() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new InlineStorageMeasurement()).execute(arguments));
  }

  /// A saved graph with its codes, opened.
  private record Saved(
      String name, MappedFile graph, MappedFile codes, HnswIndex index, double[] micros) {}

  @Override
  public Integer call() throws Exception {
    WordNetVectors source = WordNetVectors.load(work.resolve("embeddings.bin"), rows, queries);
    Path directory = Files.createTempDirectory(work, "inline");
    try (NativeVectors vectors = new NativeVectors(source.base()[0].length)) {
      Arrays.stream(source.base()).forEach(vectors::append);
      for (Quantization method : new Quantization[] {Quantization.BINARY, Quantization.SCALAR}) {
        measure(method, vectors, source.queries(), directory);
      }
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
    return 0;
  }

  private void measure(Quantization method, NativeVectors vectors, float[][] asked, Path directory)
      throws Exception {
    Saved[] saved;
    try (HnswIndex built =
            HnswIndex.create(
                HnswParameters.DEFAULT, Distance.COSINE, vectors, new Coding.Fixed(method));
        ExecutorService executor = Executors.newCachedThreadPool()) {
      built.extend(vectors.size(), Runtime.getRuntime().availableProcessors(), executor);
      VectorCodes codes = built.codes().orElseThrow();
      saved =
          new Saved[] {
            save("apart", built, codes, Optional.empty(), vectors, directory),
            save("beside", built, codes, Optional.of(codes), vectors, directory)
          };
    }
    warm(saved, asked);
    for (Saved one : saved) {
      System.out.printf(
          "%s, codes %s: %.1f MB of graph, %.1f MB of codes, %.1f us of CPU a walk, %s%n",
          method,
          one.name,
          one.graph.size() / 1e6,
          one.codes.size() / 1e6,
          one.micros[WARM_ROUNDS / 2],
          cold(one, asked));
      one.graph.close();
      one.codes.close();
    }
  }

  private static Saved save(
      String name,
      HnswIndex built,
      VectorCodes codes,
      Optional<VectorCodes> beside,
      NativeVectors vectors,
      Path directory)
      throws IOException, CorruptCodesException, CorruptGraphException {
    String prefix = codes.codec().method().getClass().getSimpleName() + "-" + name;
    Path graphPath = directory.resolve(prefix + ".graph");
    Path codesPath = directory.resolve(prefix + ".codes");
    try (FileChannel channel = create(graphPath)) {
      built.writeTo(channel, beside);
      channel.force(true);
    }
    try (FileChannel channel = create(codesPath)) {
      codes.writeTo(channel, vectors.size());
      channel.force(true);
    }
    MappedFile graphFile = MappedFile.open(graphPath);
    MappedFile codesFile = MappedFile.open(codesPath);
    VectorCodes opened = VectorCodes.open(vectors, codesFile.address(), codesFile.size());
    HnswIndex index =
        HnswIndex.open(
            Distance.COSINE, vectors, graphFile.address(), graphFile.size(), Optional.of(opened));
    return new Saved(name, graphFile, codesFile, index, new double[WARM_ROUNDS]);
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /// Medians of rounds in turn, in the time of this thread.
  private void warm(Saved[] saved, float[][] asked) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (int round = -3; round < WARM_ROUNDS; round++) {
      for (Saved one : saved) {
        long before = threads.getCurrentThreadCpuTime();
        for (float[] query : asked) {
          walk(one, query);
        }
        if (round >= 0) {
          one.micros[round] = (threads.getCurrentThreadCpuTime() - before) / 1e3 / asked.length;
        }
      }
    }
    for (Saved one : saved) {
      Arrays.sort(one.micros);
    }
  }

  private void walk(Saved saved, float[] query) {
    try (Walk walk = saved.index.walk()) {
      walk.compareBy(Walk.Codes.USED, 10, Integer.MAX_VALUE);
      walk.run(query, ef, Walk.EVERY, Long.MAX_VALUE);
    }
  }

  private String cold(Saved saved, float[][] asked) throws Exception {
    long faults = 0;
    long nanos = 0;
    for (int i = 0; i < cold; i++) {
      drop(saved.graph);
      drop(saved.codes);
      long faultsBefore = majorFaults();
      long before = System.nanoTime();
      walk(saved, asked[i]);
      nanos += System.nanoTime() - before;
      faults += majorFaults() - faultsBefore;
    }
    return "cold %.1f pages read and %.2f ms a walk"
        .formatted((double) faults / cold, nanos / 1e6 / cold);
  }

  private static void drop(MappedFile file) throws IOException, InterruptedException {
    MemoryAdvice.give(file.address(), file.size(), MemoryAdvice.Advice.RANDOM);
    MemoryAdvice.give(file.address(), file.size(), MemoryAdvice.Advice.PAGE_OUT);
    int failed =
        new ProcessBuilder(
                "dd", "of=" + file.path(), "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (failed != 0) {
      throw new IOException("dd ended with " + failed);
    }
  }

  private static long majorFaults() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MAJOR_FAULTS]);
  }
}
