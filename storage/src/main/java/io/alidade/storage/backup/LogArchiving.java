package io.alidade.storage.backup;

import java.nio.file.Path;
import java.time.Duration;

/// That the commit log is archived, where, and how often.
///
/// @param directory may be shared by several databases; each keeps to directories of its own in it
/// @param interval how long a commit may wait to be archived
public record LogArchiving(Path directory, Duration interval) {
  /// What is waited when nobody says.
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);

  public LogArchiving {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval " + interval);
    }
  }
}
