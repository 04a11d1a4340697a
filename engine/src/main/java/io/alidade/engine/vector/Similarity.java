package io.alidade.engine.vector;

/// How alike two vectors are, as Qdrant defines and scores it, over the [Distance]s that searches
/// compare by.
///
/// Two numbers belong to each: the *score*, which clients see (for Euclid and Manhattan a distance,
/// smaller is better), and the *internal similarity*, which recommendations and their like
/// calculate with (larger is better for all four; minus the squared distance for Euclid).
public enum Similarity {
  /// The inner product.
  DOT(Distance.NEGATIVE_INNER_PRODUCT, Order.LARGER_IS_BETTER),
  /// The cosine of the angle; vectors are stored at length 1, zero vectors as they are.
  COSINE(Distance.COSINE, Order.LARGER_IS_BETTER),
  /// The Euclidean distance.
  EUCLID(Distance.L2, Order.SMALLER_IS_BETTER),
  /// The sum of the absolute differences.
  MANHATTAN(Distance.L1, Order.SMALLER_IS_BETTER);

  /// Vectors whose squared length is this near to 1 are not normalised again.
  private static final float LENGTH_TOLERANCE = 1e-6f;

  private final Distance distance;
  private final Order order;

  /// Which of two scores is the better one.
  public enum Order {
    LARGER_IS_BETTER,
    SMALLER_IS_BETTER
  }

  Similarity(Distance distance, Order order) {
    this.distance = distance;
    this.order = order;
  }

  /// What a search compares by.
  public Distance distance() {
    return distance;
  }

  /// Which scores are better.
  public Order order() {
    return order;
  }

  /// The score of a row at a distance from the query.
  ///
  /// @param value the distance as [Distance] defines it; NaN for the cosine distance to a zero
  ///   vector, whose score is 0
  public float score(double value) {
    return switch (this) {
      case DOT -> (float) -value;
      case COSINE -> Double.isNaN(value) ? 0 : (float) (1 - value);
      case EUCLID, MANHATTAN -> (float) value;
    };
  }

  /// The distance of a row with a score: what a score threshold bounds.
  public double distanceOf(float score) {
    return switch (this) {
      case DOT -> -(double) score;
      case COSINE -> 1 - (double) score;
      case EUCLID, MANHATTAN -> score;
    };
  }

  /// The internal similarity of a row with a score.
  public float internal(float score) {
    return switch (this) {
      case DOT, COSINE -> score;
      case EUCLID -> -score * score;
      case MANHATTAN -> -score;
    };
  }

  /// Whether a score is better than a threshold; one that equals it is not.
  public boolean passes(float score, float threshold) {
    return switch (order) {
      case LARGER_IS_BETTER -> score > threshold;
      case SMALLER_IS_BETTER -> score < threshold;
    };
  }

  /// The vector as it is stored: at length 1 for [#COSINE] unless it is zero or so already.
  public float[] stored(float[] vector) {
    if (this != COSINE) {
      return vector;
    }
    double squares = Kernels.BEST.sumOfSquares(vector);
    if (squares == 0 || Math.abs(squares - 1) <= LENGTH_TOLERANCE) {
      return vector;
    }
    float[] normalised = new float[vector.length];
    double length = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      normalised[i] = (float) (vector[i] / length);
    }
    return normalised;
  }
}
