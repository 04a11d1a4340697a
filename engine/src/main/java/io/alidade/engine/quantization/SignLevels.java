package io.alidade.engine.quantization;

/// What signs stand for: a value, or a pair of values, of standard deviation 1 is coded by the
/// nearest of the sums that a few fixed numbers, or vectors of two, make with either sign.
///
/// A product with such a code is then a sum over signs. The numbers make the mean squared error on
/// a normal distribution least, which rotated vectors follow: for one and two bits these are
/// Lloyd-Max levels (S. Lloyd, 1982; J. Max, 1960), with errors of 0.363 and 0.118 of the variance;
/// for three bits a pair 0.203; for four bits 0.0116, where free levels would have 0.0095.
@SuppressWarnings("ImmutableEnumChecker") // Its arrays are never given out.
enum SignLevels {
  ONE(new float[] {0.7979f}, new float[0]),
  ONE_AND_HALF(new float[] {0.1041f, -0.7183f, 0.5446f}, new float[] {-0.6524f, 0.4507f, 0.6474f}),
  TWO(new float[] {0.9816f, 0.5288f}, new float[0]),
  FOUR(new float[] {1.3404f, 0.6911f, 0.3409f, 0.1706f}, new float[0]);

  private final float[] first;
  private final float[] second;

  /// @param first the numbers, largest first, each larger than the sum of those after it; or of
  ///   pairs the first coordinates
  /// @param second of pairs the second coordinates
  SignLevels(float[] first, float[] second) {
    this.first = first;
    this.second = second;
  }

  /// Whether two dimensions share their signs: `i` and `half + i`.
  boolean isOfPairs() {
    return second.length > 0;
  }

  int terms() {
    return first.length;
  }

  float first(int term) {
    return first[term];
  }

  float second(int term) {
    return second[term];
  }

  /// The signs of a vector of so many dimensions.
  int signs(int dimensions) {
    return isOfPairs() ? dimensions / 2 * terms() : dimensions * terms();
  }

  /// Turns a query into one number for each sign, so that the sum of these numbers with a code's
  /// signs is the inner product with what the code stands for. The signs of a term follow each
  /// other.
  void expand(float[] query, float[] target) {
    int each = target.length / terms();
    for (int term = 0; term < terms(); term++) {
      if (isOfPairs()) {
        expandPairs(query, first[term], second[term], target, term * each, each);
      } else {
        expandSingles(query, first[term], target, term * each, each);
      }
    }
  }

  private static void expandSingles(float[] query, float factor, float[] target, int from, int n) {
    for (int i = 0; i < n; i++) {
      target[from + i] = factor * query[i];
    }
  }

  private static void expandPairs(
      float[] query, float first, float second, float[] target, int from, int half) {
    for (int i = 0; i < half; i++) {
      target[from + i] = first * query[i] + second * query[half + i];
    }
  }
}
