package io.alidade.engine.quantization;

import io.alidade.engine.vector.HadamardKernel;
import io.alidade.engine.vector.HadamardKernels;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A random rotation that takes n log n steps: rounds of random signs and a Hadamard transform of
/// blocks, between which each block's floats are dealt out to all blocks.
///
/// It spreads every dimension over all, so that codes of equal width for each dimension lose little
/// on data whose dimensions are uneven. Lengths and inner products stay the same. The same seed
/// gives the same rotation on every machine. Immutable; thread-safe.
final class Rotation {
  /// Vectors are filled up with zeros to a multiple of this.
  static final int MULTIPLE = 64;

  private static final int ROUNDS = 3;

  /// A round spreads a float over at least four granules, so two rounds reach so many blocks.
  private static final int BLOCKS_OF_THREE_ROUNDS = 16;

  private static final int ROUNDS_OF_MANY_BLOCKS = 5;

  private final int padded;
  private final int block;
  private final float[][] factors;
  private final int[] inPlace;
  private final int[] dealt;

  /// @param dimensions of the vectors
  Rotation(int dimensions, long seed) {
    padded = padded(dimensions);
    block = Integer.lowestOneBit(padded);
    int blocks = padded / block;
    factors = new float[blocks > BLOCKS_OF_THREE_ROUNDS ? ROUNDS_OF_MANY_BLOCKS : ROUNDS][padded];
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    float scale = (float) (1 / Math.sqrt(block));
    for (float[] ofRound : factors) {
      for (int i = 0; i < padded; i++) {
        ofRound[i] = random.nextBoolean() ? scale : -scale;
      }
    }
    int granules = padded / HadamardKernel.GRANULE;
    inPlace = new int[granules];
    dealt = new int[granules];
    for (int granule = 0; granule < granules; granule++) {
      inPlace[granule] = granule;
      dealt[granule % blocks * (granules / blocks) + granule / blocks] = granule;
    }
  }

  /// The dimensions of rotated vectors.
  static int padded(int dimensions) {
    return (dimensions + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
  }

  /// The dimensions of rotated vectors.
  int padded() {
    return padded;
  }

  /// Rotates a vector in place; `scratch` is as long.
  void apply(float[] vector, float[] scratch) {
    HadamardKernel kernel = HadamardKernels.BEST;
    kernel.round(vector, inPlace, factors[0], vector, block);
    for (int round = 1; round < factors.length; round += 2) { // An odd number of rounds.
      if (block == padded) {
        kernel.round(vector, inPlace, factors[round], vector, block);
        kernel.round(vector, inPlace, factors[round + 1], vector, block);
      } else {
        kernel.round(vector, dealt, factors[round], scratch, block);
        kernel.round(scratch, dealt, factors[round + 1], vector, block);
      }
    }
  }
}
