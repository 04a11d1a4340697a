package io.alidade.storage;

import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.log.Entry;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.mutation.MutationCodec;
import io.alidade.storage.segment.MutableSegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Does again what the log tells, in its order, each commit at most once. For one thread.
final class LogReplay implements AutoCloseable {
  private final CommittedState state;
  private final Map<Long, Staged> staged = new HashMap<>();
  private long commits;
  private long bytes;

  /// What the chunks of a transaction held so far; nobody knows yet whether it committed.
  private static final class Staged {
    final List<CatalogChange> changes = new ArrayList<>();
    final List<Mutation.DeleteRows> deletions = new ArrayList<>();
    final Map<Long, MutableSegment> rows = new LinkedHashMap<>();

    void add(List<Mutation> mutations) throws MalformedBytesException {
      for (Mutation mutation : mutations) {
        switch (mutation) {
          case Mutation.ChangeCatalog(var change) -> changes.add(change);
          case Mutation.DeleteRows deletion -> deletions.add(deletion);
          case Mutation.InsertRows(var oid, var generation, var block) ->
              insert(oid, generation, block);
          case Mutation.DiscardRows(var oid, var generation, var numbers) ->
              discard(oid, generation, numbers);
        }
      }
    }

    private void insert(int oid, int generation, Mutation.RowBlock block)
        throws MalformedBytesException {
      MutableSegment segment = rows.get(contents(oid, generation));
      if (segment == null) {
        List<ColumnType> types = MutableSegment.storageTypes(block);
        segment = MutableSegment.create(contents(oid, generation), types);
        rows.put(contents(oid, generation), segment);
      }
      segment.append(block, 0, (_, _) -> {});
    }

    private void discard(int oid, int generation, int[] numbers) throws MalformedBytesException {
      MutableSegment segment = rows.get(contents(oid, generation));
      for (int number : numbers) {
        if (segment == null || number < 0 || number >= segment.size()) {
          throw new MalformedBytesException("row " + number + " was never inserted");
        }
        segment.discard(number);
      }
    }

    CommitContents contents() {
      List<CommitContents.Insertion> insertions = new ArrayList<>();
      rows.forEach((contents, segment) ->
          insertions.add(
              new CommitContents.Insertion(
                  (int) (contents >>> Integer.SIZE),
                  contents.intValue(),
                  new CommitContents.Rows.Own(segment))));
      return new CommitContents(changes, deletions, insertions, CommitContents.Prepared.NOTHING);
    }

    void close() {
      rows.values().forEach(MutableSegment::release);
      rows.clear();
    }

    private static long contents(int oid, int generation) {
      return (long) oid << Integer.SIZE | generation;
    }
  }

  LogReplay(CommittedState state) {
    this.state = state;
  }

  /// How many commits were applied.
  long commits() {
    return commits;
  }

  /// How many bytes of payload were read.
  long bytes() {
    return bytes;
  }

  void apply(Entry entry) throws MalformedBytesException {
    switch (entry) {
      case Entry.Chunk(_, var transaction, var payload) -> {
        bytes += payload.remaining();
        staged.computeIfAbsent(transaction, _ -> new Staged()).add(MutationCodec.read(payload));
      }
      case Entry.Abort(_, var transaction) -> forget(transaction);
      case Entry.Commit(var lsn, var transaction, var payload) -> commit(lsn, transaction, payload);
    }
  }

  private void commit(long lsn, long transaction, ByteBuffer payload)
      throws MalformedBytesException {
    if (lsn <= state.lastCommitted()) {
      forget(transaction); // It is in the segments: the log was read from before the checkpoint.
      return;
    }
    if (lsn != state.lastCommitted() + 1) {
      throw new MalformedBytesException(
          "commit " + lsn + " follows commit " + state.lastCommitted());
    }
    List<Mutation> mutations = MutationCodec.read(payload);
    Staged earlier = staged.get(transaction);
    if (earlier == null) {
      state.apply(direct(mutations), lsn);
    } else {
      earlier.add(mutations);
      state.apply(earlier.contents(), lsn);
      forget(transaction);
    }
    state.publish(lsn);
    commits++;
  }

  private static CommitContents direct(List<Mutation> mutations) throws MalformedBytesException {
    List<CatalogChange> changes = new ArrayList<>();
    List<Mutation.DeleteRows> deletions = new ArrayList<>();
    List<CommitContents.Insertion> insertions = new ArrayList<>();
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.ChangeCatalog(var change) -> changes.add(change);
        case Mutation.DeleteRows deletion -> deletions.add(deletion);
        case Mutation.InsertRows(var oid, var generation, var block) ->
            insertions.add(
                new CommitContents.Insertion(
                    oid, generation, new CommitContents.Rows.Logged(block)));
        case Mutation.DiscardRows(var oid, _, _) ->
            throw new MalformedBytesException("rows of table " + oid + " were never inserted");
      }
    }
    return new CommitContents(changes, deletions, insertions, CommitContents.Prepared.NOTHING);
  }

  private void forget(long transaction) {
    Staged forgotten = staged.remove(transaction);
    if (forgotten != null) {
      forgotten.close();
    }
  }

  /// Forgets what never committed.
  @Override
  public void close() {
    staged.values().forEach(Staged::close);
    staged.clear();
  }
}
