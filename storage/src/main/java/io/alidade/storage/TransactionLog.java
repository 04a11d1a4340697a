package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.mutation.GrowingBytes;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.mutation.MutationCodec;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.table.Overlay;
import io.alidade.storage.table.TableStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/// One transaction's way into the commit log: large ones go ahead in chunks, the rest goes with the
/// commit. For one thread.
final class TransactionLog {
  /// About how many bytes of rows wait before they are logged ahead, and are logged at once.
  static final int CHUNK_BYTES = 4 << 20;

  /// How many rows of a table are logged before it is known how large they are.
  private static final int FIRST_ROWS = 16;

  private static final int ROW_IDS_AT_ONCE = CHUNK_BYTES / Long.BYTES;

  private final CommitLog log;
  private final Readers readers;
  private final OpenTransactions open;
  private final LogVolume volume;
  private final WriteSet writes;
  private final GrowingBytes buffer = new GrowingBytes();
  private long transactionId;
  private long waitingBytes;
  private int bytesPerRow = 1;

  /// Whether anybody will ever read the log.
  enum Readers {
    SOME,
    /// Of a database in memory; then nothing is written but the commits' places.
    NONE
  }

  TransactionLog(
      CommitLog log, Readers readers, OpenTransactions open, LogVolume volume, WriteSet writes) {
    this.volume = volume;
    this.log = log;
    this.readers = readers;
    this.open = open;
    this.writes = writes;
  }

  /// The transaction's number in the log, given when it first writes there.
  long transactionId() {
    if (transactionId == 0) {
      transactionId = open.newTransactionId();
    }
    return transactionId;
  }

  /// Tells that rows of about so many bytes were added; logs them ahead when that is much.
  void added(long bytes) {
    waitingBytes += bytes;
    if (waitingBytes >= CHUNK_BYTES && readers == Readers.SOME) {
      MutationCodec.begin(buffer);
      for (Overlay overlay : writes.overlays()) {
        // All of them, so that a row's number in the log is its ordinal.
        logRows(overlay, Selection.ALL);
        overlay.loggedRows(overlay.rows().map(MutableSegment::size).orElse(0));
      }
      flush();
      waitingBytes = 0;
    }
  }

  /// Which of the rows that are not logged yet.
  private enum Selection {
    ALL,
    LIVE
  }

  private void logRows(Overlay overlay, Selection selection) {
    if (overlay.rows().isEmpty()) {
      return;
    }
    MutableSegment rows = overlay.rows().get();
    int[] ordinals =
        IntStream.range(overlay.loggedRows(), rows.size())
            .filter(ordinal -> selection == Selection.ALL || rows.isLive(ordinal))
            .toArray();
    int at = 0;
    while (at < ordinals.length) {
      // By the average; what few large rows make of it is only a larger chunk.
      long average = Math.max(16, waitingBytes / Math.max(1, ordinals.length));
      int count = (int) Math.clamp(CHUNK_BYTES / average, 1, ordinals.length - at);
      int[] piece = java.util.Arrays.copyOfRange(ordinals, at, at + count);
      int mark =
          MutationCodec.beginInsertRows(
              buffer,
              overlay.store().oid(),
              overlay.store().generation(),
              count,
              rows.columnCount());
      rows.encode(buffer, piece, count);
      MutationCodec.endInsertRows(buffer, mark);
      at += count;
      flushIfLarge();
    }
  }

  /// Logs what is left, but for the last part, which is to be the commit.
  ///
  /// @param latest the committed definitions
  ByteBuffer finish(Catalog latest) {
    MutationCodec.begin(buffer);
    if (readers == Readers.NONE) {
      return buffer.content();
    }
    for (CatalogChange change : writes.changes()) {
      MutationCodec.putCatalogChange(buffer, change);
    }
    for (Mutation.DeleteRows deletion : writes.deletions(latest)) {
      long[] ids = deletion.rowIds();
      for (int at = 0; at < ids.length; at += ROW_IDS_AT_ONCE) {
        int to = Math.min(ids.length, at + ROW_IDS_AT_ONCE);
        MutationCodec.putDeleteRows(buffer, deletion.tableOid(), ids, at, to);
        flushIfLarge();
      }
    }
    for (Overlay overlay : writes.overlays()) {
      if (writes.isCurrent(overlay, latest)) {
        logDiscarded(overlay);
        logRows(overlay, Selection.LIVE);
      }
    }
    return buffer.content();
  }

  /// Logs ahead the live rows of a table that the transaction makes of segments that are there.
  void logContents(TableStore store) {
    if (readers == Readers.NONE) {
      return;
    }
    for (Segment segment : store.segments()) {
      int[] ordinals =
          IntStream.range(0, segment.size())
              .filter(ordinal -> segment.deleted(ordinal) == Segment.NEVER)
              .toArray();
      int at = 0;
      while (at < ordinals.length) {
        // A few rows first, which tell how large they are.
        int count = Math.min(at == 0 ? FIRST_ROWS : rowsOf(CHUNK_BYTES), ordinals.length - at);
        int[] piece = java.util.Arrays.copyOfRange(ordinals, at, at + count);
        MutationCodec.begin(buffer);
        int mark =
            MutationCodec.beginInsertRows(
                buffer, store.oid(), store.generation(), count, segment.columnCount());
        segment.encode(buffer, piece, count);
        MutationCodec.endInsertRows(buffer, mark);
        bytesPerRow = Math.max(1, buffer.size() / count);
        flush();
        at += count;
      }
    }
  }

  private int rowsOf(int bytes) {
    return Math.max(1, bytes / bytesPerRow);
  }

  private void logDiscarded(Overlay overlay) {
    if (overlay.rows().isEmpty()) {
      return;
    }
    MutableSegment rows = overlay.rows().get();
    int[] numbers =
        IntStream.range(0, overlay.loggedRows()).filter(ordinal -> !rows.isLive(ordinal)).toArray();
    for (int at = 0; at < numbers.length; at += ROW_IDS_AT_ONCE) {
      int to = Math.min(numbers.length, at + ROW_IDS_AT_ONCE);
      MutationCodec.putDiscardRows(
          buffer, overlay.store().oid(), overlay.store().generation(), numbers, at, to);
      flushIfLarge();
    }
  }

  private void flushIfLarge() {
    if (buffer.size() >= CHUNK_BYTES) {
      flush();
      MutationCodec.begin(buffer);
    }
  }

  private void flush() {
    if (MutationCodec.isEmpty(buffer)) {
      return;
    }
    long id = transactionId();
    open.beforeChunk(id, log.lastLsn() + 1);
    try {
      long ignored = log.appendChunk(id, buffer.content());
      volume.add(buffer.size());
    } catch (IOException e) {
      throw new DatabaseException(
          SqlState.IO_ERROR, "could not write to the commit log: " + e.getMessage(), e);
    }
  }

  /// Whether anything is in the log before the commit.
  boolean hasLogged() {
    return transactionId != 0 && open.hasChunks(transactionId);
  }

  /// Tells the log that the transaction will not commit.
  void abort() {
    if (hasLogged()) {
      try {
        log.appendAbort(transactionId);
      } catch (IOException | DatabaseException e) {
        // Without it the chunks are forgotten all the same, only later: when the log is dropped.
        org.slf4j.LoggerFactory.getLogger(TransactionLog.class)
            .debug("the end of a transaction was not logged", e);
      }
    }
  }

  /// Tells that nothing of the transaction is needed in the log to finish it.
  void close() {
    if (transactionId != 0) {
      open.ended(transactionId);
    }
  }

  /// What the committer has to do.
  CommitContents contents(Catalog latest) {
    List<CommitContents.Insertion> insertions =
        writes.overlays().stream()
            .filter(overlay -> overlay.rows().isPresent() && writes.isCurrent(overlay, latest))
            .map(overlay ->
                new CommitContents.Insertion(
                    overlay.store().oid(),
                    overlay.store().generation(),
                    new CommitContents.Rows.Own(overlay.rows().orElseThrow())))
            .toList();
    return new CommitContents(
        List.copyOf(writes.changes()), writes.deletions(latest), insertions, writes.prepared());
  }
}
