package io.alidade.storage;

/// Figures about one table.
///
/// @param liveRows about how many rows there are
/// @param rowVersions how many versions of rows are kept
/// @param segments how many segments hold them
/// @param memoryBytes the memory of its mutable segments
/// @param fileBytes the files of its sealed segments
/// @param rowBytes what its rows take, in files and in memory that is not in files yet
/// @param indexBytes what its indexes take
public record TableStatistics(
    long liveRows,
    long rowVersions,
    int segments,
    long memoryBytes,
    long fileBytes,
    long rowBytes,
    long indexBytes) {}
