package io.alidade.storage.log;

import java.nio.ByteBuffer;

/// What a commit log gives back, in the order in which it was appended.
///
/// Payloads are the reader's own: a buffer from position 0 to its limit, as they were appended
/// however many frames they took.
public sealed interface Entry {
  /// The transaction it belongs to.
  long transactionId();

  /// A part of a transaction whose commit or abort comes later, or never.
  ///
  /// @param position the LSN of the commit that came next in the log, whichever transaction's it
  ///   was
  record Chunk(long position, long transactionId, ByteBuffer payload) implements Entry {}

  /// The commit of a transaction, together with all its chunks before.
  record Commit(long lsn, long transactionId, ByteBuffer payload) implements Entry {}

  /// The end of a transaction whose chunks are to be forgotten.
  record Abort(long position, long transactionId) implements Entry {}
}
