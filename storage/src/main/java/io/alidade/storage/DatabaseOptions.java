package io.alidade.storage;

import io.alidade.storage.log.CommitLogOptions;
import io.alidade.storage.merge.UpkeepOptions;

/// The sizes and shares that a database keeps to.
///
/// @param log the sizes of the commit log
/// @param checkpointLogBytes how much is logged before a checkpoint begins by itself; rows are in
///   memory until then, so this bounds what a load takes
/// @param indexBuildThreads how many threads bring committed rows into vector indexes in the
///   background, and build a new one unless its transaction says otherwise
/// @param maxUnindexedRows how many rows of a table may wait to enter its vector index before
///   writers have to wait for it
/// @param maxPinnedBytes how much memory vector indexes with `memory = pinned` may take together
/// @param memory how much changes may take until they are in files
/// @param upkeep what is done for tables in the background
public record DatabaseOptions(
    CommitLogOptions log,
    long checkpointLogBytes,
    int indexBuildThreads,
    int maxUnindexedRows,
    long maxPinnedBytes,
    MemoryLimits memory,
    UpkeepOptions upkeep) {

  /// Frames well below the piece of a file that the log maps at a time: one as large does not fit
  /// it.
  private static final int LOG_FRAME_BYTES = 1 << 20;

  /// What a server uses.
  public static final DatabaseOptions DEFAULT =
      new DatabaseOptions(
          new CommitLogOptions(CommitLogOptions.DEFAULT.directoryBytes(), LOG_FRAME_BYTES),
          512L << 20,
          Math.max(1, Runtime.getRuntime().availableProcessors()),
          20_000,
          2L << 30,
          MemoryLimits.ofMachine(),
          UpkeepOptions.DEFAULT);

  private static final long MIN_CHECKPOINT_LOG_BYTES = 64L << 10;

  public DatabaseOptions {
    if (checkpointLogBytes < MIN_CHECKPOINT_LOG_BYTES) {
      throw new IllegalArgumentException(
          "checkpointLogBytes " + checkpointLogBytes + " is below " + MIN_CHECKPOINT_LOG_BYTES);
    }
    if (indexBuildThreads < 1) {
      throw new IllegalArgumentException("indexBuildThreads " + indexBuildThreads);
    }
    if (maxUnindexedRows < 1) {
      throw new IllegalArgumentException("maxUnindexedRows " + maxUnindexedRows);
    }
    if (maxPinnedBytes < 0) {
      throw new IllegalArgumentException("maxPinnedBytes " + maxPinnedBytes);
    }
  }

  /// These options with another threshold for checkpoints.
  public DatabaseOptions withCheckpointLogBytes(long bytes) {
    return new DatabaseOptions(
        log, bytes, indexBuildThreads, maxUnindexedRows, maxPinnedBytes, memory, upkeep);
  }

  /// These options with another number of threads that build vector indexes.
  public DatabaseOptions withIndexBuildThreads(int threads) {
    return new DatabaseOptions(
        log, checkpointLogBytes, threads, maxUnindexedRows, maxPinnedBytes, memory, upkeep);
  }

  /// These options with another limit of memory for pinned vector indexes.
  public DatabaseOptions withMaxPinnedBytes(long bytes) {
    return new DatabaseOptions(
        log, checkpointLogBytes, indexBuildThreads, maxUnindexedRows, bytes, memory, upkeep);
  }

  /// These options with other limits of memory.
  public DatabaseOptions withMemory(MemoryLimits limits) {
    return new DatabaseOptions(
        log,
        checkpointLogBytes,
        indexBuildThreads,
        maxUnindexedRows,
        maxPinnedBytes,
        limits,
        upkeep);
  }

  /// These options with other upkeep.
  public DatabaseOptions withUpkeep(UpkeepOptions other) {
    return new DatabaseOptions(
        log,
        checkpointLogBytes,
        indexBuildThreads,
        maxUnindexedRows,
        maxPinnedBytes,
        memory,
        other);
  }
}
