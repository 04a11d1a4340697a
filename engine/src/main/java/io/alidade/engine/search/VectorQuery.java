package io.alidade.engine.search;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.vector.Distance;
import java.util.Optional;

/// The nearest rows asked for: `WHERE filter ORDER BY column <-> query LIMIT limit`.
///
/// @param column the vector column's index in its table
/// @param query the vector compared with; not changed by anybody while the query is in use
/// @param limit how many rows at most, OFFSET included
/// @param filter which rows count at all
/// @param bound how far a row may be (`column <-> query < 0.5`); rows whose distance is NULL or NaN
///   are out then
public record VectorQuery(
    int column,
    float[] query,
    Distance distance,
    int limit,
    Filter filter,
    Optional<DistanceBound> bound,
    SearchOptions options) {
  public VectorQuery {
    if (limit < 0) {
      throw new IllegalArgumentException("limit " + limit + " is negative");
    }
  }

  /// Whether several threads may search for it: what is computed outside the engine may not be made
  /// for that.
  public boolean isShareable() {
    return isShareable(filter);
  }

  private static boolean isShareable(Filter part) {
    return switch (part) {
      case Filter.And(var operands) -> operands.stream().allMatch(VectorQuery::isShareable);
      case Filter.Or(var operands) -> operands.stream().allMatch(VectorQuery::isShareable);
      case Filter.Not(Filter operand) -> isShareable(operand);
      case Filter.Computed _ -> false;
      case Filter.Constant _, Filter.Compare _, Filter.In _, Filter.IsNull _, Filter.IsNotNull _ ->
          true;
    };
  }
}
