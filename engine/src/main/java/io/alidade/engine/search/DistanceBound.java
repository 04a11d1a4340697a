package io.alidade.engine.search;

/// How far a row may be at most.
///
/// @param distance in the values of the query's distance
/// @param inclusion whether a row exactly that far belongs to the answer
public record DistanceBound(double distance, Inclusion inclusion) {
  /// Whether the bound itself is within.
  public enum Inclusion {
    INCLUSIVE,
    EXCLUSIVE
  }

  /// Whether a distance is within the bound; NaN never is.
  public boolean admits(double candidate) {
    return inclusion == Inclusion.INCLUSIVE ? candidate <= distance : candidate < distance;
  }
}
