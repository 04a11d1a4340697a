package io.alidade.storage.file;

import java.nio.file.Path;

/// Says that a file holds bytes that were not written there, and where.
public final class CorruptFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final long offset;
  private final String problem;

  /// @param problem what is wrong, as a phrase: "checksum is 1a2b, expected 3c4d"
  public CorruptFileException(Path path, long offset, String problem) {
    super(path + " at offset " + offset + ": " + problem);
    this.path = path;
    this.offset = offset;
    this.problem = problem;
  }

  /// The damaged file, or the directory that misses one.
  public Path path() {
    return path;
  }

  /// Where in the file.
  public long offset() {
    return offset;
  }

  /// What is wrong, as a phrase without the file and the place.
  public String problem() {
    return problem;
  }
}
