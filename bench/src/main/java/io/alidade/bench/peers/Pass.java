package io.alidade.bench.peers;

/// One run over all queries.
///
/// @param found the ordinals found: [Workload#K] a query, one query after the other, -1 for none
/// @param cpuNanos processor time of all of them
/// @param distances the distances computed, negative if the peer does not tell
record Pass(int[] found, long cpuNanos, long wallNanos, long distances) {}
