package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.Kernels;
import io.alidade.engine.vector.Rotation;
import io.alidade.engine.vector.RowFloats;
import io.alidade.engine.vector.VectorStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What every codec does to a vector first: to length 1 for the cosine distance, rotated, less the
/// rotated mean of the rows. Immutable; thread-safe.
///
/// With `x'` and `q'` so treated and `c` the mean, a squared distance is `|x'|² + |q'|² - 2 x'·q'`,
/// and an inner product is `x'·q' + x·c + q·c - |c|²`.
final class Centring {
  /// What sums of floats may be wrong by, of their terms' magnitudes.
  static final float ROUNDING = 4e-6f;

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
        vectors.read(ordinal, row);
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

  /// In how many directions errors are random: with few dimensions rotated vectors have few
  /// different values, so that errors add up.
  int directions() {
    return dimensions < Rotation.MULTIPLE ? dimensions : padded();
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
    MemorySegment.copy(
        AddressSpace.ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, row, target, 0, dimensions);
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
    float product = scale * Kernels.BEST.dot(target, centre);
    for (int i = 0; i < target.length; i++) {
      target[i] = target[i] * scale - centre[i];
    }
    return product;
  }

  /// Whether a row has a distance to others.
  boolean isDefined(float inverseNorm) {
    return inverseNorm != VectorStore.ABSENT && !Float.isNaN(scale(distance, inverseNorm));
  }

  /// Some rows treated, one after the other; those that have no distance are left out.
  ///
  /// @param count how many of the sample, spread over it
  float[] sampled(VectorStore vectors, int[] sample, int count) {
    float[] rows = new float[count * padded()];
    float[] row = new float[padded()];
    float[] scratch = new float[padded()];
    RowFloats floats = new RowFloats(vectors);
    int end = 0;
    for (int i = 0; i < count; i++) {
      int ordinal = sample[(int) ((long) i * sample.length / count)];
      float inverseNorm = vectors.inverseNorm(ordinal);
      if (isDefined(inverseNorm)) {
        var _ = apply(floats.address(ordinal), inverseNorm, row, scratch);
        System.arraycopy(row, 0, rows, end, row.length);
        end += row.length;
      }
    }
    Reference.reachabilityFence(floats);
    return Arrays.copyOf(rows, end);
  }

  /// What a query adds to every key, NaN if no distance to it is defined.
  ///
  /// @param inverseNorm 1 unless the distance is the cosine distance
  /// @param squaredQuery the treated query's squared length
  /// @param alongCentre what [#apply] answered for it
  float base(float inverseNorm, float squaredQuery, float alongCentre) {
    if (Float.isNaN(inverseNorm)) {
      return Float.NaN;
    }
    return distance == Distance.L2 ? squaredQuery : squaredCentre - alongCentre;
  }

  /// What keys may be wrong by because floats are rounded, besides the share of what a row adds.
  float slack(float base) {
    return ROUNDING * (Math.abs(base) + squaredCentre);
  }
}
