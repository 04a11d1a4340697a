package io.alidade.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A commit log on the heap, for databases that end with their process.
///
/// What it retains is bounded by its caller's [#dropBefore] alone, or not retained at all.
final class InMemoryCommitLog implements CommitLog {
  private final Retention retention;
  private final List<Retained> entries = new ArrayList<>();
  private long dropped; // How many entries were taken off the front of the list.
  private long keptFrom = 1;
  private long lastLsn = NO_LSN;
  private long lastForced = NO_LSN;
  private long forcedEntries;
  private boolean closed;

  InMemoryCommitLog(Retention retention) {
    this.retention = retention;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public synchronized long append(long transactionId, ByteBuffer payload) throws IOException {
    requireOpen();
    lastLsn++;
    retain(lastLsn, new Entry.Commit(lastLsn, transactionId, copy(payload)));
    return lastLsn;
  }

  @Override
  public synchronized long appendChunk(long transactionId, ByteBuffer payload) throws IOException {
    requireOpen();
    long position = lastLsn + 1;
    retain(position, new Entry.Chunk(position, transactionId, copy(payload)));
    return position;
  }

  @Override
  public synchronized void appendAbort(long transactionId) throws IOException {
    requireOpen();
    retain(lastLsn + 1, new Entry.Abort(lastLsn + 1, transactionId));
  }

  @Override
  public synchronized long force() throws IOException {
    requireOpen();
    lastForced = lastLsn;
    forcedEntries = dropped + entries.size();
    return lastForced;
  }

  @Override
  public synchronized long lastLsn() {
    return lastLsn;
  }

  @Override
  public synchronized long durableLsn() {
    return lastForced;
  }

  @Override
  public synchronized LogCursor read(long fromLsn) {
    if (fromLsn < keptFrom || (retention == Retention.NOTHING && fromLsn <= lastLsn)) {
      throw new IllegalArgumentException(
          "the log before LSN " + keptFrom + " was dropped, asked for " + fromLsn);
    }
    return new Cursor(fromLsn, dropped);
  }

  @Override
  public synchronized void dropBefore(long oldestNeeded) {
    int count = 0;
    while (count < entries.size()
        && dropped + count < forcedEntries
        && entries.get(count).position() < oldestNeeded) {
      count++;
    }
    entries.subList(0, count).clear();
    dropped += count;
    keptFrom = Math.max(keptFrom, Math.min(oldestNeeded, lastForced + 1));
  }

  @Override
  public synchronized void close() {
    closed = true;
    entries.clear();
  }

  private void retain(long position, Entry entry) {
    if (retention == Retention.UNTIL_DROPPED) {
      entries.add(new Retained(position, entry));
    }
  }

  private ByteBuffer copy(ByteBuffer payload) {
    if (retention == Retention.NOTHING) {
      return ByteBuffer.allocate(0);
    }
    return ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the commit log is closed");
    }
  }

  private synchronized Optional<Entry> entryAfter(Cursor cursor) throws IOException {
    requireOpen();
    if (cursor.nextEntry < dropped) {
      throw new IOException("the log was dropped before it was read");
    }
    while (cursor.nextEntry < forcedEntries && cursor.nextEntry - dropped < entries.size()) {
      Retained retained = entries.get((int) (cursor.nextEntry - dropped));
      cursor.nextEntry++;
      if (retained.position() >= cursor.fromLsn) {
        return Optional.of(forReader(retained.entry()));
      }
    }
    return Optional.empty();
  }

  private static Entry forReader(Entry entry) {
    return switch (entry) {
      case Entry.Chunk(var position, var transaction, var payload) ->
          new Entry.Chunk(position, transaction, payload.duplicate());
      case Entry.Commit(var lsn, var transaction, var payload) ->
          new Entry.Commit(lsn, transaction, payload.duplicate());
      case Entry.Abort abort -> abort;
    };
  }

  private record Retained(long position, Entry entry) {}

  private final class Cursor implements LogCursor {
    private final long fromLsn;
    private long nextEntry;

    Cursor(long fromLsn, long nextEntry) {
      this.fromLsn = fromLsn;
      this.nextEntry = nextEntry;
    }

    @Override
    public Optional<Entry> next() throws IOException {
      return entryAfter(this);
    }

    @Override
    public void close() {}
  }
}
