package io.alidade.storage;

import io.alidade.storage.file.CorruptFileException;
import java.nio.file.Path;

/// One thing about a data directory that is not as a server that ended in order leaves it.
public sealed interface Finding {
  /// The file, or the directory of the log.
  Path file();

  /// Where in the file; 0 if it is the file as a whole.
  long offset();

  /// What is wrong, as a phrase.
  String problem();

  /// Data that nothing else holds is damaged or gone: manifest, rows, tombstones or log. Only a
  /// backup helps; the server refuses to start.
  record Damage(Path file, long offset, String problem) implements Finding {
    static Damage of(CorruptFileException found) {
      return new Damage(found.path(), found.offset(), found.problem());
    }
  }

  /// An index over a sealed segment is damaged or gone. Its rows are not: without the file it is
  /// made anew.
  record DamagedIndex(Path file, long offset, String problem, long segment, int indexOid)
      implements Finding {}

  /// A file that nothing names: of a checkpoint or a merge that a crash ended, or of one before.
  /// The next start deletes it.
  record LeftOver(Path file) implements Finding {
    @Override
    public long offset() {
      return 0;
    }

    @Override
    public String problem() {
      return "nothing names this file";
    }
  }

  /// What a crash leaves of the log, and the next start clears away: never acknowledged.
  record TornLog(Path file, long offset, String problem) implements Finding {}
}
