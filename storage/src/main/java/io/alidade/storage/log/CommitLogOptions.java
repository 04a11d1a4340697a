package io.alidade.storage.log;

/// The sizes of a commit log on disk.
///
/// @param directoryBytes how much is logged before a new directory is begun
/// @param frameBytes the longest payload written as one frame; longer ones are cut
/// @param spaceAhead whether the next directory's file is prepared before it is needed
public record CommitLogOptions(long directoryBytes, int frameBytes, SpaceAhead spaceAhead) {
  /// What a server uses.
  public static final CommitLogOptions DEFAULT =
      new CommitLogOptions(64L << 20, 4 << 20, SpaceAhead.ZEROED);

  public CommitLogOptions {
    if (directoryBytes < MIN_DIRECTORY_BYTES || directoryBytes > MAX_DIRECTORY_BYTES) {
      throw new IllegalArgumentException(
          "directoryBytes " + directoryBytes + " is not between " + MIN_DIRECTORY_BYTES
              + " and " + MAX_DIRECTORY_BYTES);
    }
    if (frameBytes < MIN_FRAME_BYTES || frameBytes > directoryBytes / 4) {
      throw new IllegalArgumentException(
          "frameBytes " + frameBytes + " is not between " + MIN_FRAME_BYTES
              + " and a quarter of directoryBytes " + directoryBytes);
    }
  }

  private static final long MIN_DIRECTORY_BYTES = 1L << 20;
  private static final long MAX_DIRECTORY_BYTES = 1L << 30;
  private static final int MIN_FRAME_BYTES = 1 << 10;

  /// How the file of the next directory is made.
  public enum SpaceAhead {
    /// Written with zeros by a background thread, so that a force has only data to write.
    ZEROED,
    /// Only its blocks are reserved when it is needed; each force also writes the file system's journal.
    RESERVED
  }
}
