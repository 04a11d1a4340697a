package io.alidade.storage.log;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of one directory of the log: `<epoch>-<first LSN>-<sequence>`, the LSN in hexadecimal.
///
/// @param epoch the opening of the log that wrote it
/// @param firstLsn the first commit that it can hold
/// @param sequence counts the directories of an epoch from 0; several can begin at the same LSN
record DirectoryName(long epoch, long firstLsn, long sequence)
    implements Comparable<DirectoryName> {
  private static final Pattern FORMAT = Pattern.compile("(\\d{8,18})-([0-9a-f]{16})-(\\d{6,18})");
  private static final Comparator<DirectoryName> ORDER =
      Comparator.comparingLong(DirectoryName::epoch).thenComparingLong(DirectoryName::sequence);

  static Optional<DirectoryName> parse(Path directory) {
    Matcher matcher = FORMAT.matcher(String.valueOf(directory.getFileName()));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new DirectoryName(
            Long.parseLong(matcher.group(1)),
            Long.parseUnsignedLong(matcher.group(2), 16),
            Long.parseLong(matcher.group(3))));
  }

  @Override
  public int compareTo(DirectoryName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "%08d-%016x-%06d".formatted(epoch, firstLsn, sequence);
  }
}
