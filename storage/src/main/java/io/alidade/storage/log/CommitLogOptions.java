package io.alidade.storage.log;

/// The sizes of a commit log on disk.
///
/// @param directoryBytes how much is logged before a new directory is begun
/// @param frameBytes the longest payload written as one frame; longer ones are cut
public record CommitLogOptions(long directoryBytes, int frameBytes) {
  /// What a server uses.
  public static final CommitLogOptions DEFAULT = new CommitLogOptions(64L << 20, 4 << 20);

  public CommitLogOptions {
    if (directoryBytes < MIN_DIRECTORY_BYTES || directoryBytes > MAX_DIRECTORY_BYTES) {
      throw new IllegalArgumentException(
          "directoryBytes "
              + directoryBytes
              + " is not between "
              + MIN_DIRECTORY_BYTES
              + " and "
              + MAX_DIRECTORY_BYTES);
    }
    if (frameBytes < MIN_FRAME_BYTES || frameBytes > directoryBytes / 4) {
      throw new IllegalArgumentException(
          "frameBytes "
              + frameBytes
              + " is not between "
              + MIN_FRAME_BYTES
              + " and a quarter of directoryBytes "
              + directoryBytes);
    }
  }

  private static final long MIN_DIRECTORY_BYTES = 1L << 20;
  private static final long MAX_DIRECTORY_BYTES = 1L << 30;
  private static final int MIN_FRAME_BYTES = 1 << 10;
  private static final long FIRST_DIRECTORY_BYTES = 16 << 20;

  /// The size of the first directory of a run: small, for it is filled with zeros while the server
  /// starts.
  long firstDirectoryBytes() {
    return Math.min(directoryBytes, Math.max(FIRST_DIRECTORY_BYTES, 4L * frameBytes));
  }
}
