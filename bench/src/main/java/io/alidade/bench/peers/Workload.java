package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What every peer is given: vectors of length 1, queries, and how a graph is to be built.
///
/// Ten neighbours are asked for; the vectors are compared by their inner product or the cosine
/// distance, which is the same.
public record Workload(Path base, Path queries, int dimensions, int rows, int queryCount) {

  /// The neighbours asked for.
  public static final int K = 10;

  /// The neighbours of a node on the upper layers; the bottom layer has twice as many.
  public static final int M = 16;

  /// The beam width while inserting.
  public static final int EF_CONSTRUCTION = 200;

  /// What everything random begins with.
  public static final long SEED = 42;

  /// The directory of a data set in which the indexes of these rows are kept.
  public Path indexes(Path dataset) {
    return dataset.resolve("%d-m%d-efc%d".formatted(rows, M, EF_CONSTRUCTION));
  }

  /// The rows.
  public VectorFile openBase() throws IOException {
    return VectorFile.open(base, dimensions, rows);
  }

  /// The queries.
  public VectorFile openQueries() throws IOException {
    return VectorFile.open(queries, dimensions, queryCount);
  }

  /// Other queries, as many: stored rows from all over the set. Each pass begins with them untimed,
  /// so that the processor's caches hold what the peer at work uses, not what the one before used.
  float[][] untimedQueries() throws IOException {
    VectorFile rowFile = openBase();
    float[][] spread = new float[queryCount][];
    for (int i = 0; i < queryCount; i++) {
      spread[i] = rowFile.row((int) ((long) i * rows / queryCount));
    }
    return spread;
  }

  /// The form in which it is handed to a child process; [#parse] reads it.
  List<String> words() {
    return List.of(
        base.toAbsolutePath().toString(),
        queries.toAbsolutePath().toString(),
        Integer.toString(dimensions),
        Integer.toString(rows),
        Integer.toString(queryCount),
        Integer.toString(K),
        Integer.toString(M),
        Integer.toString(EF_CONSTRUCTION),
        Long.toString(SEED));
  }

  static Workload parse(List<String> words) {
    return new Workload(
        Path.of(words.get(0)),
        Path.of(words.get(1)),
        Integer.parseInt(words.get(2)),
        Integer.parseInt(words.get(3)),
        Integer.parseInt(words.get(4)));
  }
}
