package io.alidade.engine.search;

/// What searching lists of vectors is expected to take, in nanoseconds of one thread; only the
/// ratios matter. The constants are rounded from what docs/benchmarks.md tells of 2,000,000 vectors
/// of 128 dimensions.
///
/// @param dimensions of a vector
/// @param queryVectors the query's
/// @param rowVectors a row's on average
record MultiVectorCosts(int dimensions, int queryVectors, double rowVectors) {
  /// Reading a row's vector, and comparing it with one of the query's once it has been read.
  private static final double READ_VECTOR = 20;

  private static final double PAIR = 5;
  private static final double PAIR_FLOAT = 0.05;

  /// Asking whether a row is wanted.
  private static final double TEST_ROW = 5;

  /// Nodes that a walk visits before its beam is at the right place, and for each place in it, in a
  /// graph of so many nodes; they grow as the logarithm of those. 330 and 5 were measured where the
  /// vectors lie around many centres, up to 20 a place are on less clustered ones.
  private static final double WALK_NODES = 300;

  private static final double WALK_NODES_A_PLACE = 10;
  private static final double WALK_GRAPH = 1_000_000;

  /// Visiting one, and looking again at what was found included.
  private static final double WALK_NODE = 120;

  /// How the visited nodes grow as fewer of them match; see [SearchCosts].
  private static final double WALK_GROWTH = 0.78;

  /// Scoring so many rows.
  double score(double rows) {
    return rows * rowVectors * (READ_VECTOR + queryVectors * (PAIR + PAIR_FLOAT * dimensions));
  }

  /// Scoring those that match of some rows.
  double exact(int rows, double matches) {
    return rows * TEST_ROW + score(matches);
  }

  /// A walk for each of the query's vectors, where one node in `1 / share` matches.
  double walks(int ef, double share, int nodes) {
    double depth = Math.log(Math.max(2, nodes)) / Math.log(WALK_GRAPH);
    double thinning = Math.pow(share, -WALK_GROWTH);
    double visited = (WALK_NODES + WALK_NODES_A_PLACE * ef) * depth * thinning;
    return queryVectors * Math.min(visited, nodes) * WALK_NODE;
  }

  /// How many nodes can be visited for a cost.
  long nodesFor(double cost) {
    return (long) (cost / WALK_NODE);
  }
}
