package io.alidade.sql.function;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/// Compiled patterns by their text, so that a query compiles its pattern once and not for every
/// row.
///
/// A pattern's hash decides its slot; a newcomer takes the place of who was there. Thread-safe.
final class PatternCache<K, V> {
  private static final int SLOTS = 256; // A power of two.

  private record Entry<K, V>(K key, V value) {}

  private final AtomicReferenceArray<Entry<K, V>> entries = new AtomicReferenceArray<>(SLOTS);
  private final Function<K, V> compile;

  PatternCache(Function<K, V> compile) {
    this.compile = compile;
  }

  V get(K key) {
    int hash = key.hashCode();
    int slot = (hash ^ hash >>> 16) & SLOTS - 1;
    Entry<K, V> entry = entries.get(slot);
    if (entry == null || !entry.key().equals(key)) {
      entry = new Entry<>(key, compile.apply(key));
      entries.set(slot, entry);
    }
    return entry.value();
  }
}
