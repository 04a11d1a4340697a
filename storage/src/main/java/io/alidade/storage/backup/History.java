package io.alidade.storage.backup;

import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Which database this is, and by which restores it came to be what it is.
///
/// A database keeps its identity for ever. Each restore begins a new *branch* of its history: from
/// there on LSNs mean something else than they did in the branch before, so what is archived is
/// kept apart by branch. A data directory has this in the file `HISTORY`.
///
/// @param database the database
/// @param branches the first, and one for each restore since; the last is the one that goes on
public record History(UUID database, List<Branch> branches) {
  /// The file's name in a data directory.
  public static final String FILE = "HISTORY";

  private static final String FORMAT = "alidade-history 1";
  private static final int MAX_BYTES = 1 << 20;

  public History {
    branches = List.copyOf(branches);
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("a history without a branch");
    }
  }

  /// A stretch of history between two restores.
  ///
  /// @param after it begins after this LSN of the branch before
  /// @param micros when it began, in microseconds since 1970-01-01 UTC
  public record Branch(UUID id, long after, long micros) {}

  /// The history of a new database.
  ///
  /// @param lsn the LSN up to which it is not known: 0 if it is new
  static History begin(long lsn, long micros) {
    return new History(UUID.randomUUID(), List.of(new Branch(UUID.randomUUID(), lsn, micros)));
  }

  /// The branch that goes on.
  public Branch current() {
    return branches.getLast();
  }

  /// This history up to an LSN, then another branch.
  public History branchAfter(long lsn, long micros) {
    List<Branch> more = new ArrayList<>(branches);
    more.add(new Branch(UUID.randomUUID(), lsn, micros));
    return new History(database, more);
  }

  /// Whether this is another one's history, or what that was before later restores.
  public boolean isBeginningOf(History other) {
    return database.equals(other.database)
        && branches.size() <= other.branches.size()
        && branches.equals(other.branches.subList(0, branches.size()));
  }

  /// The history of a data directory; begins one if it has none.
  ///
  /// @param lsn the last commit that is there
  public static History readOrBegin(Path directory, long lsn, long micros)
      throws IOException, CorruptFileException {
    Optional<History> found = read(directory);
    if (found.isPresent()) {
      return found.get();
    }
    History begun = begin(lsn, micros);
    begun.write(directory);
    return begun;
  }

  /// The history that a directory has a file of.
  public static Optional<History> read(Path directory) throws IOException, CorruptFileException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new CorruptFileException(file, 0, "not a history: too long");
    }
    return Optional.of(parse(file, Files.readString(file, StandardCharsets.ISO_8859_1)));
  }

  /// Reads a history's text.
  static History parse(Path source, String text) throws CorruptFileException {
    int end = text.lastIndexOf("checksum ");
    if (end < 0 || !text.substring(end).equals(checksumLine(text.substring(0, end)))) {
      throw new CorruptFileException(source, 0, "not a history, or altered: the checksum");
    }
    try {
      List<String> lines = text.substring(0, end).lines().toList();
      if (!lines.getFirst().equals(FORMAT)) {
        throw new CorruptFileException(source, 0, "not a history: " + lines.getFirst());
      }
      UUID database = UUID.fromString(lines.get(1).substring("database ".length()));
      List<Branch> branches = new ArrayList<>();
      for (String line : lines.subList(2, lines.size())) {
        String[] words = line.split(" ", -1);
        branches.add(
            new Branch(
                UUID.fromString(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])));
      }
      return new History(database, branches);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new CorruptFileException(source, 0, "not a history: " + e.getMessage());
    }
  }

  /// The text of the file.
  String text() {
    StringBuilder text = new StringBuilder(FORMAT).append("\ndatabase ").append(database);
    for (Branch branch : branches) {
      text.append("\nbranch ").append(branch.id());
      text.append(' ').append(branch.after()).append(' ').append(branch.micros());
    }
    text.append('\n');
    return text + checksumLine(text.toString());
  }

  private static String checksumLine(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return "checksum %08x\n".formatted(crc.getValue());
  }

  /// Makes this the history of a directory; durable on return.
  public void write(Path directory) throws IOException {
    AtomicFile.replace(
        directory.resolve(FILE), ByteBuffer.wrap(text().getBytes(StandardCharsets.ISO_8859_1)));
  }
}
