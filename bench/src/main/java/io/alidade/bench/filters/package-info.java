/// Filtered searches: what they find and what they take, beside an exact scan of what matches.
///
/// [io.alidade.bench.filters.Filters] is the command. It searches one segment through
/// `io.alidade.engine.Searcher`, so by the strategy that the engine chooses itself, under filters
/// of several shares that are random, agree with the query or contradict it, and compares what is
/// found with brute force.
///
/// Not here: searches without a filter against other libraries (`io.alidade.bench.peers`).
@NullMarked
package io.alidade.bench.filters;

import org.jspecify.annotations.NullMarked;
