package io.alidade.pgwire.auth;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions that can be cancelled, by process id and secret key. Thread-safe.
///
/// It is bounded by the number of sessions: each has one key, revoked when it ends.
public final class CancelKeys {

  private record Entry(byte[] key, Runnable cancel) {}

  private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /// Gives a session its key.
  ///
  /// @param keyBytes 4 for protocol 3.0, up to 256 for 3.2
  public byte[] issue(int processId, int keyBytes, Runnable cancel) {
    byte[] key = new byte[keyBytes];
    random.nextBytes(key);
    entries.put(processId, new Entry(key.clone(), cancel));
    return key;
  }

  /// Cancels what the session runs, if the key is its own; tells nobody whether it was.
  public void cancel(int processId, byte[] key) {
    Entry entry = entries.get(processId);
    if (entry != null && MessageDigest.isEqual(entry.key, key)) {
      entry.cancel.run();
    }
  }

  /// Forgets a session.
  public void revoke(int processId) {
    entries.remove(processId);
  }
}
