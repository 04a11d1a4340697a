package io.alidade.bench.calibration;

import io.alidade.engine.quantization.Codec;
import io.alidade.engine.quantization.Codecs;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.Scorer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Times of comparing a query with one row, in the ways that searches do it.
final class RowTimes {
  private static final int BLOCK = 256;
  private static final int BATCH = 64;
  private static final int GAP = 4;
  private static final int CACHED_ROWS = 200;
  private static final long SEED = 1;

  private final Line scan = new Line();
  private final Line jump = new Line();
  private final Line cached = new Line();
  private final Line prepare = new Line();
  private final Line scanBits = new Line();
  private final Line jumpBits = new Line();
  private final Line scanBytes = new Line();
  private final Line jumpBytes = new Line();
  private final Line gatherBits = new Line();
  private final Line gatherBytes = new Line();

  /// Takes the times with vectors of so many dimensions.
  void measure(int dimensions, int rows) {
    LatentVectors source = new LatentVectors(dimensions, SEED);
    try (NativeVectors vectors = new NativeVectors(dimensions)) {
      for (int i = 0; i < rows; i++) {
        int unused = vectors.append(source.next());
      }
      float[] query = source.next();
      QueryScorer exact = new QueryScorer(vectors, Distance.L2);
      exact.setQuery(query);
      scan.add(dimensions, inOrder(exact, rows));
      jump.add(dimensions, batches(exact, inNoOrder(rows, rows)));
      cached.add(dimensions, batches(exact, inNoOrder(CACHED_ROWS, rows)));
      measureCodes(Quantization.BINARY, vectors, query, scanBits, jumpBits, gatherBits);
      measureCodes(Quantization.SCALAR, vectors, query, scanBytes, jumpBytes, gatherBytes);
    }
  }

  private void measureCodes(
      Quantization method,
      NativeVectors vectors,
      float[] query,
      Line inOrder,
      Line scattered,
      Line gathered) {
    int rows = vectors.size();
    Codec codec = Codecs.train(method, Distance.L2, vectors, rows, SEED);
    try (VectorCodes codes = VectorCodes.create(codec, vectors)) {
      codes.reserve(rows);
      codes.encode(codec.newEncoder(), 0, rows);
      Scorer scorer = codes.newScorer();
      prepare.add(vectors.dimensions(), Stopwatch.nanos(() -> scorer.setQuery(query)));
      inOrder.add(codec.recordBytes(), inOrder(scorer, rows));
      scattered.add(codec.recordBytes(), batches(scorer, inNoOrder(rows, rows)));
      gathered.add(codec.recordBytes(), batches(scorer, rising(rows)));
    }
  }

  private static double inOrder(Scorer scorer, int rows) {
    float[] keys = new float[BLOCK];
    double nanos =
        Stopwatch.nanos(() -> {
          for (int first = 0; first + BLOCK <= rows; first += BLOCK) {
            scorer.keys(first, BLOCK, keys);
          }
        });
    return nanos / (rows / BLOCK * BLOCK);
  }

  /// Ordinals as a walk meets them.
  private static int[] inNoOrder(int among, int count) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    int[] ordinals = new int[count];
    for (int i = 0; i < count; i++) {
      ordinals[i] = random.nextInt(among);
    }
    return ordinals;
  }

  /// Ordinals in rising order with gaps, as a filter leaves them; their codes do not all fit the
  /// cache of a core.
  private static int[] rising(int among) {
    int[] ordinals = inNoOrder(among, among / GAP);
    Arrays.sort(ordinals);
    return ordinals;
  }

  private static double batches(Scorer scorer, int[] ordinals) {
    int count = ordinals.length;
    float[] keys = new float[BATCH];
    double nanos =
        Stopwatch.nanos(() -> {
          for (int from = 0; from + BATCH <= count; from += BATCH) {
            scorer.keys(ordinals, from, BATCH, keys);
          }
        });
    return nanos / (count / BATCH * BATCH);
  }

  /// Prints the constants.
  void print() {
    print("SCAN_ROW", "SCAN_FLOAT", scan);
    print("JUMP_ROW", "JUMP_FLOAT", jump);
    print("CACHED_ROW", "CACHED_FLOAT", cached);
    print("SCAN_BITS_RECORD", "SCAN_BITS_BYTE", scanBits);
    print("JUMP_BITS_RECORD", "JUMP_BITS_BYTE", jumpBits);
    print("GATHER_BITS_RECORD", "GATHER_BITS_BYTE", gatherBits);
    print("SCAN_BYTES_RECORD", "SCAN_BYTES_BYTE", scanBytes);
    print("JUMP_BYTES_RECORD", "JUMP_BYTES_BYTE", jumpBytes);
    print("GATHER_BYTES_RECORD", "GATHER_BYTES_BYTE", gatherBytes);
    print("QUERY", "QUERY_FLOAT", prepare);
  }

  private static void print(String atZero, String slope, Line line) {
    Line.Fit fit = line.fit();
    Constants.print(atZero, Math.max(0, fit.atZero()));
    Constants.print(slope, fit.slope());
  }
}
