package io.alidade.engine.vector;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// How far two vectors are from each other, as pgvector's operators define it: smaller is nearer.
///
/// The last two compare vectors of bits ([VectorElement#BIT]) only, the others all but those. Where
/// such a vector is an array of floats, each is 0 or 1.
public enum Distance {
  /// `<->`: the Euclidean distance.
  L2,
  /// `<#>`: the inner product with its sign turned, so that smaller is nearer.
  NEGATIVE_INNER_PRODUCT,
  /// `<=>`: one minus the cosine of the angle; NaN if either vector is zero.
  COSINE,
  /// `<+>`: the sum of the absolute differences.
  L1,
  /// `<~>`: in how many bits they differ.
  HAMMING,
  /// `<%>`: one minus the share of bits set in both among those set in either; one if none is set
  /// in both.
  JACCARD;

  /// Whether it compares vectors of bits, and nothing else.
  public boolean isOfBits() {
    return switch (this) {
      case L2, NEGATIVE_INNER_PRODUCT, COSINE, L1 -> false;
      case HAMMING, JACCARD -> true;
    };
  }

  /// Whether it compares rows of an element.
  public boolean suits(VectorElement element) {
    return isOfBits() == (element == VectorElement.BIT);
  }

  /// Refuses rows of an element that it does not compare.
  ///
  /// @throws IllegalArgumentException if it does not
  public void requireSuits(VectorElement element) {
    if (!suits(element)) {
      throw new IllegalArgumentException(this + " does not compare rows of " + element);
    }
  }

  /// The distance of two vectors of the same length, computed like the distances of a search.
  ///
  /// @throws DatabaseException 22000 if the lengths differ
  public double between(float[] left, float[] right) {
    return between(left, right, Kernels.BEST);
  }

  double between(float[] left, float[] right, Kernel kernel) {
    if (left.length != right.length) {
      throw differentDimensions(left.length, right.length);
    }
    return switch (this) {
      case L2 -> Math.sqrt(kernel.squaredL2(left, right));
      case L1 -> kernel.l1(left, right);
      case NEGATIVE_INNER_PRODUCT -> -(double) kernel.dot(left, right);
      case COSINE ->
          cosine(kernel.dot(left, right), kernel.dot(left, left), kernel.dot(right, right));
      case HAMMING -> kernel.l1(left, right); // Of zeros and ones.
      case JACCARD -> {
        int common = (int) kernel.dot(left, right);
        int either = (int) (kernel.dot(left, left) + kernel.dot(right, right)) - common;
        yield BitDistance.jaccard(common, either);
      }
    };
  }

  static DatabaseException differentDimensions(int left, int right) {
    return new DatabaseException(
        SqlState.DATA_EXCEPTION, "different vector dimensions " + left + " and " + right);
  }

  /// One minus the cosine, from an inner product and the squared norms; rounding may have carried
  /// the cosine out of its bounds.
  static double cosine(float dot, float squaredLeft, float squaredRight) {
    double cosine = dot / Math.sqrt((double) squaredLeft * squaredRight);
    return 1 - Math.clamp(cosine, -1.0, 1.0); // NaN stays NaN.
  }
}
