package io.alidade.engine.quantization;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A random rotation that takes n log n steps: rounds of random signs, a Hadamard transform of
/// blocks, and a shuffle that mixes the blocks.
///
/// It spreads every dimension over all, so that codes of equal width for each dimension lose little
/// on data whose dimensions are uneven. Lengths and inner products stay the same. The same seed
/// gives the same rotation. Immutable; thread-safe.
final class Rotation {
  private static final int GRANULE = 64;
  private static final int ROUNDS = 3;

  private final int padded;
  private final int block;
  private final float[][] signs = new float[ROUNDS][];

  /// @param dimensions of the vectors, which are filled up with zeros to a multiple of 64
  Rotation(int dimensions, long seed) {
    padded = (dimensions + GRANULE - 1) / GRANULE * GRANULE;
    block = Integer.lowestOneBit(padded);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    float scale = (float) (1 / Math.sqrt(block));
    for (int round = 0; round < ROUNDS; round++) {
      signs[round] = new float[padded];
      for (int i = 0; i < padded; i++) {
        signs[round][i] = random.nextBoolean() ? scale : -scale;
      }
    }
  }

  /// The dimensions of rotated vectors.
  int padded() {
    return padded;
  }

  /// Rotates a vector in place; `scratch` is as long.
  void apply(float[] vector, float[] scratch) {
    for (int round = 0; round < ROUNDS; round++) {
      float[] factors = signs[round];
      for (int i = 0; i < padded; i++) {
        vector[i] *= factors[i];
      }
      for (int at = 0; at < padded; at += block) {
        hadamard(vector, at);
      }
      if (block < padded && round < ROUNDS - 1) {
        shuffle(vector, scratch);
      }
    }
  }

  private void hadamard(float[] vector, int from) {
    int end = from + block;
    for (int half = 1; half < block; half *= 2) {
      for (int at = from; at < end; at += 2 * half) {
        for (int i = at; i < at + half; i++) {
          float left = vector[i];
          float right = vector[i + half];
          vector[i] = left + right;
          vector[i + half] = left - right;
        }
      }
    }
  }

  /// Deals the dimensions out to the blocks in turn.
  private void shuffle(float[] vector, float[] scratch) {
    int blocks = padded / block;
    for (int i = 0; i < padded; i++) {
      scratch[i % blocks * block + i / blocks] = vector[i];
    }
    System.arraycopy(scratch, 0, vector, 0, padded);
  }
}
