package io.alidade.storage;

/// What takes how much memory, in bytes, by estimates.
///
/// @param rows of mutable segments with their graphs, which the next checkpoint gives back
/// @param rowsOnHeap their ordered indexes
/// @param transactions of the changes of open transactions
/// @param transactionsOnHeap their ordered indexes, locks, and what is needed to undo them
/// @param limits of rows, and of transactions
/// @param sealed what sealed segments keep in memory: times of deletion, graphs not read from files
/// @param pinned of vector indexes with `memory = pinned`
/// @param pinnedLimit the most of that
public record MemoryUse(
    long rows,
    long rowsOnHeap,
    long transactions,
    long transactionsOnHeap,
    MemoryLimits limits,
    long sealed,
    long pinned,
    long pinnedLimit) {}
