package io.alidade.engine.search;

/// What a search did in one segment, for EXPLAIN ANALYZE.
///
/// @param visitedNodes nodes of the graph whose distance was looked at
/// @param testedRows rows the filter was asked about
/// @param distances distances computed, by codes and by vectors, all together
/// @param rescoredRows rows that were compared by their original vectors after something quicker
///   had put them first
/// @param indexedRows rows the graph covers
/// @param tailRows rows behind them, which were compared one by one if they match
/// @param estimatedMatches how many rows the filter was expected to let through
public record SegmentStatistics(
    Strategy strategy,
    long visitedNodes,
    long testedRows,
    long distances,
    long rescoredRows,
    int indexedRows,
    int tailRows,
    long estimatedMatches) {}
