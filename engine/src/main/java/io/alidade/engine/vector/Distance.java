package io.alidade.engine.vector;

/// How far two vectors are from each other, as pgvector's operators define it: smaller is nearer.
public enum Distance {
  /// `<->`: the Euclidean distance.
  L2,
  /// `<#>`: the inner product with its sign turned, so that smaller is nearer.
  NEGATIVE_INNER_PRODUCT,
  /// `<=>`: one minus the cosine of the angle; NaN if either vector is zero.
  COSINE,
  /// `<+>`: the sum of the absolute differences.
  L1;

  /// The distance of two vectors of the same length, computed as a search computes it: the same
  /// pair gives the same bits here and in a [QueryScorer].
  public double between(float[] left, float[] right) {
    if (left.length != right.length) {
      throw new IllegalArgumentException(
          "vectors of " + left.length + " and " + right.length + " dimensions");
    }
    return Kernels.BEST.distance(this, left, right);
  }
}
