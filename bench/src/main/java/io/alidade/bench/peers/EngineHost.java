package io.alidade.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The main class of a child JVM that holds one index: the other side of [ChildPeer].
///
/// Searches are measured by the processor time of the thread that makes them; builds by that of the
/// process.
public final class EngineHost {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final HostedEngine engine;
  private final float[][] queries;
  private final float[][] untimed;
  private final PrintStream answers;

  private EngineHost(
      HostedEngine engine, float[][] queries, float[][] untimed, PrintStream answers) {
    this.engine = engine;
    this.queries = queries;
    this.untimed = untimed;
    this.answers = answers;
  }

  /// @param arguments the peer's id, then the workload
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // What libraries print is not an answer.
    Workload workload = Workload.parse(List.of(arguments).subList(1, arguments.length));
    VectorFile base = workload.openBase();
    float[][] queries = workload.openQueries().rows();
    try (HostedEngine engine = engine(PeerKind.of(arguments[0]), base)) {
      new EngineHost(engine, queries, workload.untimedQueries(), answers).serve();
    }
  }

  private static HostedEngine engine(PeerKind kind, VectorFile base) {
    return switch (kind) {
      case ALIDADE_F32 -> new AlidadeEngine(base, AlidadeEngine.Variant.F32);
      case ALIDADE_CODES -> new AlidadeEngine(base, AlidadeEngine.Variant.CODES);
      case ALIDADE_CODE_SCAN -> new AlidadeEngine(base, AlidadeEngine.Variant.CODE_SCAN);
      case ALIDADE_CODE_SCAN_WIDE -> new AlidadeEngine(base, AlidadeEngine.Variant.CODE_SCAN_WIDE);
      case ALIDADE_EXACT -> new AlidadeEngine(base, AlidadeEngine.Variant.EXACT);
      case ALIDADE_WALK_F32 -> new AlidadeEngine(base, AlidadeEngine.Variant.WALK_F32);
      case ALIDADE_WALK_CODES -> new AlidadeEngine(base, AlidadeEngine.Variant.WALK_CODES);
      case LUCENE_F32 -> new LuceneEngine(base, LuceneEngine.Variant.F32);
      case LUCENE_INT8 -> new LuceneEngine(base, LuceneEngine.Variant.INT8);
      case LUCENE_BBQ -> new LuceneEngine(base, LuceneEngine.Variant.BBQ);
      case JVECTOR_F32 -> new JVectorEngine(base, JVectorEngine.Variant.F32);
      case JVECTOR_PQ4 -> new JVectorEngine(base, JVectorEngine.Variant.PQ_4);
      case JVECTOR_PQ8 -> new JVectorEngine(base, JVectorEngine.Variant.PQ_8);
      case HNSWLIB_F32, USEARCH_F32, PGVECTOR ->
          throw new IllegalArgumentException(kind + " does not run in a JVM");
    };
  }

  private void serve() throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split("\t", -1);
      switch (words[0]) {
        case "build" -> build(Path.of(words[1]), Integer.parseInt(words[2]));
        case "open" -> {
          engine.open(Path.of(words[1]));
          answer("0");
        }
        case "search" -> search(Integer.parseInt(words[1]), Path.of(words[2]));
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private void build(Path index, int threads) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long begun = System.nanoTime();
    long cpu = system.getProcessCpuTime();
    engine.build(index, threads);
    cpu = system.getProcessCpuTime() - cpu;
    long wall = System.nanoTime() - begun;
    engine.save(index);
    answer(cpu + "\t" + wall);
  }

  private void search(int ef, Path file) throws IOException {
    int[] found = new int[queries.length * Workload.K];
    for (float[] query : untimed) {
      engine.search(query, ef, found, 0);
    }
    Arrays.fill(found, -1);
    long distances = engine.distances();
    long begun = System.nanoTime();
    long cpu = THREADS.getCurrentThreadCpuTime();
    for (int q = 0; q < queries.length; q++) {
      engine.search(queries[q], ef, found, q * Workload.K);
    }
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    long wall = System.nanoTime() - begun;
    ByteBuffer bytes = ByteBuffer.allocate(found.length * Integer.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(found);
    try (OutputStream out = Files.newOutputStream(file)) {
      new DataOutputStream(out).write(bytes.array());
    }
    answer(cpu + "\t" + wall + "\t" + (distances < 0 ? -1 : engine.distances() - distances));
  }

  private void answer(String figures) {
    answers.println(ChildPeer.ANSWER + "\t" + figures);
    answers.flush();
  }
}
