package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Compiled statements by their normalised text, shared by all sessions; the least recently used go
/// when it is full. Thread-safe.
final class PlanCache {

  /// How many statements it keeps.
  static final int MAX_ENTRIES = 2000;

  /// The longest text that is kept, in characters; a longer one costs more to keep than to compile.
  static final int MAX_TEXT = 100_000;

  private final Map<Key, Compiled> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Compiled> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /// What a compiled statement depends on.
  ///
  /// @param text the statement with its constants lifted out
  /// @param declared the parameter types that the client declared
  /// @param searchPath the schemas its names were looked up in
  /// @param catalogVersion the committed definitions it was made from
  /// @param profileVersion what was known of tables
  record Key(
      String text,
      List<Optional<ColumnType>> declared,
      List<String> searchPath,
      long catalogVersion,
      long profileVersion) {
    Key {
      declared = List.copyOf(declared);
    }
  }

  synchronized Optional<Compiled> find(Key key) {
    return Optional.ofNullable(entries.get(key));
  }

  synchronized void keep(Key key, Compiled compiled) {
    if (key.text.length() <= MAX_TEXT) {
      entries.put(key, compiled);
    }
  }
}
