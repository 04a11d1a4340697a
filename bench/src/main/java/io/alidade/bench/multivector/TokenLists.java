package io.alidade.bench.multivector;

import io.alidade.engine.multivector.MultiVectors;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Made-up rows that are lists of unit vectors, as the tokens of texts are: each row has a few
/// topics, and each of its vectors is one topic's centre, plus a step within the topic's subspace,
/// plus noise in every direction.
///
/// There are as many topics as one in 25 rows, so each is some rows' whatever their number.
final class TokenLists implements MultiVectors, AutoCloseable {
  private static final int GLOBAL_RANK = 48;
  private static final int LOCAL_RANK = 12;
  private static final int SUBSPACES = 64;
  private static final int ROWS_A_TOPIC = 25;
  private static final float STEP = 0.7f;
  private static final float NOISE = 0.25f;

  /// How far a query's vector lies from a row's.
  private static final double QUERY_NOISE = 0.6;

  private final SplittableRandom random;
  private final int dimensions;
  private final float[][] centres;
  private final float[][][] subspaces;
  private final NativeVectors vectors;
  private final int[] firsts;

  /// @param vectorsOfRow on average; 0.6 to 1.4 times as many
  TokenLists(int rows, int vectorsOfRow, int dimensions, long seed) {
    this.random = new SplittableRandom(seed);
    this.dimensions = dimensions;
    float[][] global = directions(GLOBAL_RANK);
    this.subspaces = new float[SUBSPACES][][];
    Arrays.setAll(subspaces, _ -> directions(LOCAL_RANK));
    this.centres = new float[Math.max(200, rows / ROWS_A_TOPIC)][];
    Arrays.setAll(centres, _ -> step(new float[dimensions], global, 1));
    this.vectors = new NativeVectors(dimensions);
    this.firsts = new int[rows + 1];
    int least = Math.max(1, vectorsOfRow * 3 / 5);
    int most = Math.max(least, vectorsOfRow * 7 / 5);
    for (int row = 0; row < rows; row++) {
      add(row, least + random.nextInt(most - least + 1));
    }
  }

  private void add(int row, int count) {
    int[] topics = random.ints(2 + random.nextInt(3), 0, centres.length).toArray();
    for (int i = 0; i < count; i++) {
      int topic = topics[random.nextInt(topics.length)];
      float[] vector = step(centres[topic].clone(), subspaces[topic % SUBSPACES], STEP);
      int _ = vectors.append(unit(noisy(vector, NOISE)));
    }
    firsts[row + 1] = vectors.size();
  }

  private float[][] directions(int rank) {
    float[][] directions = new float[rank][dimensions];
    for (float[] direction : directions) {
      for (int i = 0; i < dimensions; i++) {
        direction[i] = (float) (random.nextGaussian() / Math.sqrt(rank));
      }
    }
    return directions;
  }

  private float[] step(float[] vector, float[][] directions, float length) {
    for (float[] direction : directions) {
      float weight = length * (float) random.nextGaussian();
      for (int i = 0; i < dimensions; i++) {
        vector[i] += weight * direction[i];
      }
    }
    return vector;
  }

  private float[] noisy(float[] vector, double noise) {
    for (int i = 0; i < dimensions; i++) {
      vector[i] += (float) (noise * random.nextGaussian());
    }
    return vector;
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float component : vector) {
      squares += component * component;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  /// Some of the vectors of one row, each moved a little.
  float[][] query(int count) {
    int row = random.nextInt(firsts.length - 1);
    float[][] query = new float[count][];
    Arrays.setAll(
        query,
        _ ->
            unit(
                noisy(
                    vectors.toArray(first(row) + random.nextInt(count(row))),
                    QUERY_NOISE / Math.sqrt(dimensions))));
    return query;
  }

  int rows() {
    return firsts.length - 1;
  }

  @Override
  public VectorStore vectors() {
    return vectors;
  }

  @Override
  public int first(int ordinal) {
    return firsts[ordinal];
  }

  @Override
  public int count(int ordinal) {
    return firsts[ordinal + 1] - firsts[ordinal];
  }

  @Override
  public void close() {
    vectors.close();
  }
}
