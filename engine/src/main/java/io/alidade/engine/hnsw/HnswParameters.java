package io.alidade.engine.hnsw;

/// How a graph is built; the names and bounds are pgvector's.
///
/// @param m the neighbours of a node on the upper layers; the bottom layer has twice as many
/// @param efConstruction the beam width while inserting
/// @param seed what the nodes' layers are drawn from
public record HnswParameters(int m, int efConstruction, long seed) {
  /// pgvector's default for `m`.
  public static final int DEFAULT_M = 16;

  /// pgvector's default for `ef_construction`.
  public static final int DEFAULT_EF_CONSTRUCTION = 64;

  /// What an index is built with unless told otherwise.
  public static final HnswParameters DEFAULT =
      new HnswParameters(DEFAULT_M, DEFAULT_EF_CONSTRUCTION, 0x5EED);

  public HnswParameters {
    if (m < 2 || m > 100) {
      throw new IllegalArgumentException("m " + m + " is outside 2..100");
    }
    if (efConstruction < 4 || efConstruction > 1000) {
      throw new IllegalArgumentException(
          "ef_construction " + efConstruction + " is outside 4..1000");
    }
  }
}
