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
}
