package io.alidade.bench.peers;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Unit vectors around many centres, made so that a graph has a hard time.
///
/// A vector is a centre, plus a step within its cluster's subspace, plus noise in every direction.
/// The centres lie in a subspace that all share. Row `i` depends on the seed and `i` alone, so a
/// shorter set is a prefix of a longer one.
final class ClusteredVectors {

  private static final long ROW_SEED = 0x9E37_79B9_7F4A_7C15L;

  /// @param globalRank the dimensions of the subspace of the centres
  /// @param localRank the dimensions of the subspace of a cluster
  /// @param subspaces how many of those there are; clusters share them in turn
  /// @param spread how far a row steps from its centre, where the centres' components deviate by 1
  /// @param noise how far every component strays besides
  record Shape(
      int dimensions,
      int clusters,
      int globalRank,
      int localRank,
      int subspaces,
      double spread,
      double noise,
      long seed) {}

  private final Shape shape;
  private final float[][] centres;

  /// Each subspace that clusters spread in: `localRank` directions one after the other.
  private final float[][] directions;

  ClusteredVectors(Shape shape) {
    this.shape = shape;
    SplittableRandom random = new SplittableRandom(shape.seed);
    float[] global = gaussian(random, shape.globalRank * shape.dimensions, shape.globalRank);
    this.centres = new float[shape.clusters][];
    this.directions = new float[shape.subspaces][];
    for (int i = 0; i < shape.clusters; i++) {
      float[] position = gaussian(random, shape.globalRank, 1);
      centres[i] = new float[shape.dimensions];
      addCombination(global, position, 1, centres[i]);
    }
    for (int i = 0; i < shape.subspaces; i++) {
      directions[i] = gaussian(random, shape.localRank * shape.dimensions, shape.localRank);
    }
  }

  private static float[] gaussian(SplittableRandom random, int count, int rank) {
    double scale = 1 / Math.sqrt(rank);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  /// Adds the directions, each as often as its weight says.
  private static void addCombination(
      float[] directions, float[] weights, float factor, float[] target) {
    for (int direction = 0; direction < weights.length; direction++) {
      float weight = factor * weights[direction];
      int from = direction * target.length;
      for (int i = 0; i < target.length; i++) {
        target[i] += weight * directions[from + i];
      }
    }
  }

  float[] row(int ordinal) {
    SplittableRandom random = new SplittableRandom(shape.seed ^ (ordinal + 1) * ROW_SEED);
    int cluster = random.nextInt(shape.clusters);
    float[] vector = centres[cluster].clone();
    float[] weights = gaussian(random, shape.localRank, 1);
    addCombination(directions[cluster % shape.subspaces], weights, (float) shape.spread, vector);
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (shape.noise * random.nextGaussian());
    }
    return normalized(vector);
  }

  /// Rows of a range, made by all processors.
  float[][] rows(int from, int count) {
    return IntStream.range(from, from + count)
        .parallel()
        .mapToObj(this::row)
        .toArray(float[][]::new);
  }

  /// The vector at length 1.
  static float[] normalized(float[] vector) {
    double squares = 0;
    for (float component : vector) {
      squares += (double) component * component;
    }
    float[] unit = new float[vector.length];
    double factor = 1 / Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] * factor);
    }
    return unit;
  }
}
