package io.alidade.storage.log;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The ordered record of everything that was committed: appended, forced, and read back from an
/// LSN.
///
/// **LSN.** Each committed transaction has the next number of a dense 64-bit sequence that begins
/// at 1; the log gives it out in [#append]. Nothing else has an LSN of its own. What is logged
/// between two commits (chunks, aborts) is *positioned* at the LSN of the commit that comes next,
/// so an LSN is enough to name any place in the log, for reading ([#read]) and for retention
/// ([#dropBefore]).
///
/// **Durable** is what a [#force] that began later has finished for. Appending and forcing are
/// apart so that a committer can append many transactions and force once.
///
/// **Large transactions** are logged early: [#appendChunk] as often as needed, then one [#append]
/// or [#appendAbort] with the same transaction id. A transaction that has neither when its log is
/// closed, or its process dies, never happened. Transaction ids are not used twice in a log's life:
/// build them from [#epoch].
///
/// **Failure.** Whatever leaves the durability of earlier records unknown (an error of `force`
/// above all) stops the log for good: it is never retried, every later append or force throws a
/// [CommitLogFailedException] with the first cause, and the [FailureListener] is told once. A full
/// disk is not that: space is reserved before it is written to, so an append that finds none ends
/// with SQLSTATE 53100, nothing of it is in the log, and the next one may try again.
///
/// Thread-safe. Appends wait for each other but not for a running force.
public interface CommitLog extends Closeable {
  /// The LSN before the first commit.
  long NO_LSN = 0;

  /// Opens the log of a data directory, or begins one, and finds its end.
  ///
  /// The end is after the last frame that is whole and follows from those before it. What comes
  /// after is the torn tail of a crash, unless something proves that it was durable.
  ///
  /// @throws CorruptFileException if a record that was durable is damaged or gone
  static CommitLog open(
      DataDirectory data,
      CommitLogOptions options,
      RecoveryPoint recovery,
      FailureListener listener)
      throws IOException, CorruptFileException {
    return ChronicleCommitLog.open(data, options, recovery, listener, FileForce.MSYNC);
  }

  /// Begins a log where there is none, after commits that a backup holds.
  ///
  /// @param lastLsn the commit before the first
  /// @param lastEpoch of the log that those commits were in: [#epoch] is greater
  /// @throws IOException when there is a log already
  static CommitLog begin(DataDirectory data, CommitLogOptions options, long lastLsn, long lastEpoch)
      throws IOException {
    return ChronicleCommitLog.begin(data, options, lastLsn, lastEpoch);
  }

  /// A log for a database without files: durable as soon as it is appended, gone when it is closed.
  static CommitLog inMemory(Retention retention) {
    return new InMemoryCommitLog(retention);
  }

  /// The number of this opening of the log, greater than that of all openings before.
  long epoch();

  /// Appends the commit of a transaction, with all or the last of its contents.
  ///
  /// @param payload any size; its bytes from position to limit are copied, the buffer is left as it
  ///   was
  /// @return the transaction's LSN, not yet durable
  long append(long transactionId, ByteBuffer payload) throws IOException;

  /// Appends a part of a transaction that will commit or abort later.
  ///
  /// @return where it lies: the LSN of the commit that comes next, as [#read] and [#dropBefore]
  ///   take it
  long appendChunk(long transactionId, ByteBuffer payload) throws IOException;

  /// Appends that a transaction which has logged chunks will never commit.
  void appendAbort(long transactionId) throws IOException;

  /// Waits until everything appended before this call is on the disk.
  ///
  /// The calling thread should be one that nobody interrupts: an interrupt while the disk works
  /// leaves the outcome unknown, which counts as a failure.
  ///
  /// @return the LSN up to which commits are durable now
  long force() throws IOException;

  /// The LSN of the last commit appended, or [#NO_LSN].
  long lastLsn();

  /// The LSN up to which commits are durable; never goes back.
  long durableLsn();

  /// Reads what is durable, from the first entry positioned at or after an LSN.
  ///
  /// @throws IllegalArgumentException if entries from there on were already dropped
  LogCursor read(long fromLsn) throws IOException, CorruptFileException;

  /// Allows everything positioned before an LSN to go; whole directories do.
  ///
  /// @param oldestNeeded the least of: the LSN after the checkpoint, the position of the first
  ///   chunk of each transaction that is still open, and what each replication slot has yet to read
  void dropBefore(long oldestNeeded) throws IOException;

  /// Forces what was appended and lets go of the files.
  @Override
  void close() throws IOException;

  /// What an in-memory log keeps for reading.
  enum Retention {
    /// Every entry until [CommitLog#dropBefore] lets it go.
    UNTIL_DROPPED,
    /// Nothing: it only gives out LSNs. Nobody recovers from it, nobody follows it.
    NOTHING
  }
}
