package io.alidade.engine.quantization;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The centroids of all sub-vectors of product quantization, found by k-means. Immutable;
/// thread-safe.
///
/// For each dimension there is an array of that coordinate of all centroids, so that a loop over
/// centroids is one over an array. Centroids of a single dimension are in their order.
final class ProductCodebook {
  /// The centroids of a sub-vector: a byte tells them apart.
  static final int CENTROIDS = 256;

  private static final int TRAINING_ROWS = 8192;

  /// Keeps the training of long vectors within 64 MB.
  private static final int TRAINING_FLOATS = 1 << 24;

  private static final int ITERATIONS = 8;

  private final int width;

  /// By dimension, then centroid.
  private final float[][] coordinates;

  /// By sub-vector, then centroid: half the squared length.
  private final float[][] halfSquares;

  private ProductCodebook(int width, float[][] coordinates) {
    this.width = width;
    this.coordinates = coordinates;
    this.halfSquares = new float[coordinates.length / width][CENTROIDS];
    for (int dimension = 0; dimension < coordinates.length; dimension++) {
      addHalfSquares(coordinates[dimension], halfSquares[dimension / width]);
    }
  }

  private static void addHalfSquares(float[] coordinate, float[] target) {
    for (int i = 0; i < CENTROIDS; i++) {
      target[i] += coordinate[i] * coordinate[i] / 2;
    }
  }

  /// How many rows training takes, of so many of so many dimensions.
  static int trainingRows(int rows, int dimensions) {
    return Math.min(Math.min(rows, TRAINING_ROWS), TRAINING_FLOATS / dimensions);
  }

  /// Finds centroids.
  ///
  /// @param rows one after the other
  /// @param width the dimensions of a sub-vector
  /// @param checkpoint what it throws ends the work
  static ProductCodebook train(
      float[] rows, int dimensions, int width, long seed, Runnable checkpoint) {
    float[][] coordinates = new float[dimensions][CENTROIDS];
    int count = rows.length / dimensions;
    if (count > 0) {
      float[] parts = new float[count * width];
      for (int from = 0; from < dimensions; from += width) {
        checkpoint.run();
        for (int row = 0; row < count; row++) {
          System.arraycopy(rows, row * dimensions + from, parts, row * width, width);
        }
        float[][] centroids = Arrays.copyOfRange(coordinates, from, from + width);
        if (width == 1) {
          trainSingle(parts, centroids[0]);
        } else {
          trainPart(parts, centroids, seed + from);
        }
      }
    }
    return new ProductCodebook(width, coordinates);
  }

  /// Lloyd's iterations on one dimension: from even shares of the values in order.
  private static void trainSingle(float[] values, float[] centroids) {
    Arrays.sort(values);
    for (int i = 0; i < CENTROIDS; i++) {
      centroids[i] = values[(int) ((i + 0.5) * values.length / CENTROIDS)];
    }
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      int from = 0;
      for (int i = 0; i < CENTROIDS; i++) {
        double border =
            i + 1 < CENTROIDS ? ((double) centroids[i] + centroids[i + 1]) / 2 : Double.MAX_VALUE;
        double sum = 0;
        int at = from;
        while (at < values.length && values[at] <= border) {
          sum += values[at++];
        }
        if (at > from) {
          centroids[i] = (float) (sum / (at - from));
        }
        from = at;
      }
    }
    Arrays.sort(centroids); // A centroid without values may have been overtaken.
  }

  private static void trainPart(float[] parts, float[][] centroids, long seed) {
    int width = centroids.length;
    int count = parts.length / width;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int centroid = 0; centroid < CENTROIDS; centroid++) {
      // One of each stretch of rows, so that none is taken twice if there are enough.
      int low = (int) ((long) centroid * count / CENTROIDS);
      int high = (int) ((long) (centroid + 1) * count / CENTROIDS);
      take(parts, high > low ? random.nextInt(low, high) : low, centroids, centroid);
    }
    float[] halves = new float[CENTROIDS];
    float[] distances = new float[CENTROIDS];
    double[] sums = new double[CENTROIDS * width];
    int[] sizes = new int[CENTROIDS];
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      Arrays.fill(halves, 0);
      for (float[] coordinate : centroids) {
        addHalfSquares(coordinate, halves);
      }
      Arrays.fill(sums, 0);
      Arrays.fill(sizes, 0);
      for (int row = 0; row < count; row++) {
        int nearest = nearest(parts, row * width, centroids, 0, width, halves, distances);
        sizes[nearest]++;
        for (int i = 0; i < width; i++) {
          sums[nearest * width + i] += parts[row * width + i];
        }
      }
      for (int centroid = 0; centroid < CENTROIDS; centroid++) {
        if (sizes[centroid] == 0) {
          take(parts, random.nextInt(count), centroids, centroid);
        }
        for (int i = 0; sizes[centroid] > 0 && i < width; i++) {
          centroids[i][centroid] = (float) (sums[centroid * width + i] / sizes[centroid]);
        }
      }
    }
  }

  private static void take(float[] parts, int row, float[][] centroids, int centroid) {
    for (int i = 0; i < centroids.length; i++) {
      centroids[i][centroid] = parts[row * centroids.length + i];
    }
  }

  /// The centroid nearest to the `width` values from a place on.
  private static int nearest(
      float[] values,
      int at,
      float[][] centroids,
      int first,
      int width,
      float[] halfSquares,
      float[] distances) {
    System.arraycopy(halfSquares, 0, distances, 0, CENTROIDS);
    for (int i = 0; i < width; i++) {
      addScaled(distances, centroids[first + i], -values[at + i]);
    }
    int nearest = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int centroid = 0; centroid < CENTROIDS; centroid++) {
      if (distances[centroid] < least) {
        least = distances[centroid];
        nearest = centroid;
      }
    }
    return nearest;
  }

  private static void addScaled(float[] target, float[] source, float factor) {
    for (int i = 0; i < CENTROIDS; i++) {
      target[i] += factor * source[i];
    }
  }

  static ProductCodebook read(int dimensions, int width, ByteBuffer in) {
    float[][] coordinates = new float[dimensions][CENTROIDS];
    for (float[] coordinate : coordinates) {
      for (int i = 0; i < CENTROIDS; i++) {
        coordinate[i] = in.getFloat();
      }
    }
    return new ProductCodebook(width, coordinates);
  }

  void write(ByteBuffer out) {
    for (float[] coordinate : coordinates) {
      for (float value : coordinate) {
        out.putFloat(value);
      }
    }
  }

  int writtenBytes() {
    return coordinates.length * CENTROIDS * Float.BYTES;
  }

  int subspaces() {
    return halfSquares.length;
  }

  /// Finds the nearest centroids.
  ///
  /// @param rest gets the vector less its centroids
  /// @param distances scratch for [#CENTROIDS]
  void encode(float[] vector, byte[] codes, float[] rest, float[] distances) {
    for (int part = 0; part < codes.length; part++) {
      int first = part * width;
      int nearest =
          width == 1
              ? nearestSingle(vector[first], coordinates[first])
              : nearest(vector, first, coordinates, first, width, halfSquares[part], distances);
      codes[part] = (byte) nearest;
      for (int i = first; i < first + width; i++) {
        rest[i] = vector[i] - coordinates[i][nearest];
      }
    }
  }

  /// By halving: the last centroid with which the border to the one before is not above the value.
  private static int nearestSingle(float value, float[] centroids) {
    int nearest = 0;
    for (int step = CENTROIDS / 2; step > 0; step /= 2) {
      float border = (centroids[nearest + step - 1] + centroids[nearest + step]) / 2;
      nearest += value >= border ? step : 0;
    }
    return nearest;
  }

  /// Fills a table with the inner products of a vector's parts with their centroids.
  ///
  /// @param tables [#CENTROIDS] numbers for each sub-vector
  void products(float[] vector, float[] tables) {
    Arrays.fill(tables, 0);
    for (int dimension = 0; dimension < coordinates.length; dimension++) {
      int table = dimension / width * CENTROIDS;
      addProducts(tables, table, coordinates[dimension], vector[dimension]);
    }
  }

  private static void addProducts(float[] tables, int from, float[] coordinate, float factor) {
    for (int i = 0; i < CENTROIDS; i++) {
      tables[from + i] += factor * coordinate[i];
    }
  }
}
