package io.alidade.bench.peers;

import io.alidade.bench.endtoend.WordNetVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The vectors that can be searched, kept in files of the work directory once made.
public enum Dataset {
  /// WordNet's glosses by all-MiniLM-L6-v2: real embeddings.
  WORDNET("WordNet-MiniLM", 384, 116_791),
  /// 1,000 clusters, hard for a graph.
  CLUSTERED("clustered synthetic", 384, 200_000),
  /// A million short vectors in 1,000 clusters.
  LARGE("clustered synthetic", 128, 1_000_000);

  private static final int QUERIES = 1000;
  private static final int BLOCK = 10_000;

  /// Calibrated so that a graph on floats (m 16, efConstruction 200) of the 200,000 rows needs an
  /// `ef` of about 130 for a recall of 0.95 and of about 400 for 0.99.
  private static final double SPREAD = 1.45;

  private static final double NOISE = 0.4 * SPREAD;

  private final String title;
  private final int dimensions;
  private final int rows;

  Dataset(String title, int dimensions, int rows) {
    this.title = title;
    this.dimensions = dimensions;
    this.rows = rows;
  }

  /// What it is called in results.
  public String title() {
    return title;
  }

  /// How many rows there are.
  public int rows() {
    return rows;
  }

  /// Makes the files where they are missing.
  ///
  /// @param rows how many of the rows, from the first on, are used
  public Workload prepare(Path work, int rows) throws IOException {
    Path directory = Files.createDirectories(directory(work));
    Path base = directory.resolve("base.f32");
    Path queries = directory.resolve("queries.f32");
    if (!Files.exists(base) || !Files.exists(queries)) {
      switch (this) {
        case WORDNET -> {
          WordNetVectors vectors =
              WordNetVectors.load(work.resolve("embeddings.bin"), WordNetVectors.SYNSETS, QUERIES);
          VectorFile.write(
              queries, QUERIES, i -> ClusteredVectors.normalized(vectors.queries()[i]));
          VectorFile.write(base, this.rows, i -> ClusteredVectors.normalized(vectors.base()[i]));
        }
        case CLUSTERED ->
            writeClustered(
                base,
                queries,
                new ClusteredVectors.Shape(dimensions, 1000, 128, 48, 1, SPREAD, NOISE, 42));
        case LARGE ->
            writeClustered(
                base,
                queries,
                new ClusteredVectors.Shape(dimensions, 1000, 64, 24, 1, SPREAD, NOISE, 43));
      }
    }
    return new Workload(base, queries, dimensions, Math.min(rows, this.rows), QUERIES);
  }

  /// Where its files lie in the work directory.
  public Path directory(Path work) {
    return work.resolve("peers").resolve(name().toLowerCase(Locale.ROOT));
  }

  /// The queries are the rows behind the stored ones.
  private void writeClustered(Path base, Path queries, ClusteredVectors.Shape shape)
      throws IOException {
    ClusteredVectors vectors = new ClusteredVectors(shape);
    VectorFile.write(queries, QUERIES, i -> vectors.row(rows + i));
    float[][][] block = new float[1][][];
    VectorFile.write(
        base,
        rows,
        i -> {
          if (i % BLOCK == 0) {
            block[0] = vectors.rows(i, Math.min(BLOCK, rows - i));
          }
          return block[0][i % BLOCK];
        });
  }
}
