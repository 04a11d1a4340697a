package io.alidade.storage;

/// Figures about one index.
///
/// @param rows how many row versions there are to index
/// @param indexedRows how many of them are in it
/// @param bytes the size of what is kept for it
public record IndexStatistics(long rows, long indexedRows, long bytes) {}
