package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.nio.ByteBuffer;

/// What every codec does to a vector first: to length 1 for the cosine distance, rotated, less the
/// rotated mean of the rows. Immutable; thread-safe.
///
/// With `x'` and `q'` so treated and `c` the mean, a squared distance is `|x'|² + |q'|² - 2 x'·q'`,
/// and an inner product is `x'·q' + x·c + q·c - |c|²`.
final class Centring {
  private final Distance distance;
  private final int dimensions;
  private final long seed;
  private final Rotation rotation;

  /// The mean of the rows, rotated.
  private final float[] centre;

  private final float squaredCentre;

  Centring(Distance distance, int dimensions, long seed, float[] rotatedCentre) {
    this.distance = distance;
    this.dimensions = dimensions;
    this.seed = seed;
    this.rotation = new Rotation(dimensions, seed);
    this.centre = rotatedCentre;
    float sum = 0;
    for (float value : centre) {
      sum += value * value;
    }
    this.squaredCentre = sum;
  }

  /// Finds the mean of some rows.
  static Centring train(Distance distance, VectorStore vectors, int[] sample, long seed) {
    int dimensions = vectors.dimensions();
    double[] sums = new double[dimensions];
    int count = 0;
    float[] row = new float[dimensions];
    for (int ordinal : sample) {
      float scale = scale(distance, vectors.inverseNorm(ordinal));
      if (vectors.isPresent(ordinal) && !Float.isNaN(scale)) {
        AddressSpace.copyFloats(vectors.address(ordinal), row);
        for (int i = 0; i < dimensions; i++) {
          sums[i] += (double) row[i] * scale;
        }
        count++;
      }
    }
    Rotation rotation = new Rotation(dimensions, seed);
    float[] mean = new float[rotation.padded()];
    for (int i = 0; i < dimensions; i++) {
      mean[i] = (float) (sums[i] / Math.max(1, count));
    }
    rotation.apply(mean, new float[mean.length]);
    return new Centring(distance, dimensions, seed, mean);
  }

  static Centring read(Distance distance, int dimensions, ByteBuffer in) {
    long seed = in.getLong();
    float[] centre = new float[new Rotation(dimensions, seed).padded()];
    for (int i = 0; i < centre.length; i++) {
      centre[i] = in.getFloat();
    }
    return new Centring(distance, dimensions, seed, centre);
  }

  void write(ByteBuffer out) {
    out.putLong(seed);
    for (float value : centre) {
      out.putFloat(value);
    }
  }

  int writtenBytes() {
    return Long.BYTES + centre.length * Float.BYTES;
  }

  private static float scale(Distance distance, float inverseNorm) {
    return distance == Distance.COSINE ? inverseNorm : 1;
  }

  Distance distance() {
    return distance;
  }

  int dimensions() {
    return dimensions;
  }

  /// The dimensions of a treated vector, a multiple of 64.
  int padded() {
    return rotation.padded();
  }

  /// The squared length of the mean.
  float squaredCentre() {
    return squaredCentre;
  }

  /// Treats a row.
  ///
  /// @param target of [#padded] floats
  /// @return the inner product of the row (at length 1 for the cosine distance) with the mean
  float apply(long row, float inverseNorm, float[] target, float[] scratch) {
    load(row, target);
    return finish(scale(distance, inverseNorm), target, scratch);
  }

  private void load(long row, float[] target) {
    for (int i = 0; i < dimensions; i++) {
      target[i] = AddressSpace.getFloat(row + (long) i * Float.BYTES);
    }
  }

  /// Treats a query. The same answer as for a row.
  float apply(float[] query, float inverseNorm, float[] target, float[] scratch) {
    System.arraycopy(query, 0, target, 0, dimensions);
    return finish(scale(distance, inverseNorm), target, scratch);
  }

  private float finish(float scale, float[] target, float[] scratch) {
    for (int i = dimensions; i < target.length; i++) {
      target[i] = 0;
    }
    rotation.apply(target, scratch);
    float product = 0;
    for (int i = 0; i < target.length; i++) {
      float value = target[i] * scale;
      product += value * centre[i];
      target[i] = value - centre[i];
    }
    return product;
  }
}
