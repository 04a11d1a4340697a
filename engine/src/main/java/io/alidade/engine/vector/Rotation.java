package io.alidade.engine.vector;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// A random rotation that takes n log n steps: rounds of random signs and a Hadamard transform of
/// blocks, between which each block's floats are dealt out to all blocks.
///
/// It spreads every dimension over all, so that codes of equal width for each dimension lose little
/// on data whose dimensions are uneven. Lengths and inner products stay the same. The same seed
/// gives the same rotation on every machine. Immutable; thread-safe.
public final class Rotation {
  /// Vectors are filled up with zeros to a multiple of this.
  public static final int MULTIPLE = 64;

  private static final int ROUNDS = 3;

  /// A round spreads a float over at least four granules, so two rounds reach so many blocks.
  private static final int BLOCKS_OF_THREE_ROUNDS = 16;

  private static final int ROUNDS_OF_MANY_BLOCKS = 5;

  private final int padded;
  private final int block;
  private final float[][] factors;
  private final float[] ones;
  private final int[] inPlace;
  private final int[] dealt;

  /// The order that undoes [#dealt], and the factors that a round had, each in its former place.
  private final int[] gathered;

  private final float[][] gatheredFactors;

  /// @param dimensions of the vectors
  public Rotation(int dimensions, long seed) {
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
    ones = new float[padded];
    Arrays.fill(ones, 1);
    int granules = padded / HadamardKernel.GRANULE;
    inPlace = new int[granules];
    dealt = new int[granules];
    for (int granule = 0; granule < granules; granule++) {
      inPlace[granule] = granule;
      dealt[granule % blocks * (granules / blocks) + granule / blocks] = granule;
    }
    gathered = new int[granules];
    gatheredFactors = new float[factors.length][padded];
    for (int granule = 0; granule < granules; granule++) {
      gathered[dealt[granule]] = granule;
    }
    for (int round = 1; round < factors.length; round++) {
      for (int granule = 0; granule < granules; granule++) {
        int from = granule * HadamardKernel.GRANULE;
        int to = dealt[granule] * HadamardKernel.GRANULE;
        System.arraycopy(factors[round], from, gatheredFactors[round], to, HadamardKernel.GRANULE);
      }
    }
  }

  /// The dimensions of rotated vectors.
  public static int padded(int dimensions) {
    return (dimensions + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
  }

  /// The dimensions of rotated vectors.
  public int padded() {
    return padded;
  }

  /// Rotates a vector in place; `scratch` is as long.
  public void apply(float[] vector, float[] scratch) {
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

  /// Turns a rotated vector back, in place; `scratch` is as long.
  public void undo(float[] vector, float[] scratch) {
    HadamardKernel kernel = HadamardKernels.BEST;
    kernel.round(vector, inPlace, ones, vector, block); // But for a factor its own inverse.
    for (int round = factors.length - 1; round > 0; round -= 2) {
      if (block == padded) {
        kernel.round(vector, inPlace, factors[round], vector, block);
        kernel.round(vector, inPlace, factors[round - 1], vector, block);
      } else {
        kernel.round(vector, gathered, gatheredFactors[round], scratch, block);
        kernel.round(scratch, gathered, gatheredFactors[round - 1], vector, block);
      }
    }
    float[] first = factors[0];
    for (int i = 0; i < padded; i++) {
      vector[i] *= first[i];
    }
  }
}
