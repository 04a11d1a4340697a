package io.alidade.storage.log;

import io.alidade.storage.file.CorruptFileException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Reads a commit log forward, for recovery and for shipping; for one thread at a time.
public interface LogCursor extends Closeable {
  /// The next durable entry, or empty when there is none *yet*: asked again later it goes on.
  Optional<Entry> next() throws IOException, CorruptFileException;

  @Override
  void close();
}
