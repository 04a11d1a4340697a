package io.alidade.engine;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random numbers for tests, from `-Dtest.seed=` or from the clock; the seed is printed.
public final class TestSeed {
  private TestSeed() {}

  /// A generator whose seed has been printed.
  public static RandomGenerator generator() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("-Dtest.seed=" + seed);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
