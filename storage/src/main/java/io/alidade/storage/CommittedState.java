package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.CommitContents.BuiltIndex;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What is committed: the definitions, the tables, and up to which LSN.
///
/// Changed by one thread at a time: recovery, then the committer. Read by any.
final class CommittedState {
  private final Map<Integer, TableStore> stores = new ConcurrentHashMap<>();
  private final AtomicInteger nextOid;
  private final AtomicLong nextSegmentId;
  private final IndexBuilder builder;
  private final PinnedMemory pinned;
  private volatile Catalog catalog;
  private volatile long lastCommitted;

  CommittedState(
      Catalog catalog, long lsn, long nextSegmentId, IndexBuilder builder, PinnedMemory pinned) {
    this.catalog = catalog;
    this.lastCommitted = lsn;
    this.nextOid = new AtomicInteger(catalog.nextOid());
    this.nextSegmentId = new AtomicLong(nextSegmentId);
    this.builder = builder;
    this.pinned = pinned;
  }

  PinnedMemory pinned() {
    return pinned;
  }

  Catalog catalog() {
    return catalog;
  }

  long lastCommitted() {
    return lastCommitted;
  }

  Optional<TableStore> store(int oid) {
    return Optional.ofNullable(stores.get(oid));
  }

  Collection<TableStore> stores() {
    return stores.values();
  }

  /// Whether a table has these contents now: not if it was dropped or truncated.
  boolean isCurrent(TableStore store) {
    return stores.get(store.oid()) == store;
  }

  int allocateOid() {
    int oid = nextOid.getAndIncrement();
    if (oid < 0) {
      throw new DatabaseException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of OIDs");
    }
    return oid;
  }

  long allocateSegmentId() {
    return nextSegmentId.getAndIncrement();
  }

  long nextSegmentId() {
    return nextSegmentId.get();
  }

  /// Puts a table there that a manifest told of.
  void restore(TableStore store) {
    stores.put(store.oid(), store);
  }

  /// Does what a commit does. Nobody sees it before [#publish].
  ///
  /// @throws MalformedBytesException when it does not fit, which only bytes of a log can bring
  ///   about
  void apply(CommitContents contents, long lsn) throws MalformedBytesException {
    for (CatalogChange change : contents.changes()) {
      apply(change, contents.prepared());
    }
    for (Mutation.DeleteRows deletion : contents.deletions()) {
      existing(deletion.tableOid()).delete(deletion.rowIds(), lsn);
    }
    for (CommitContents.Insertion insertion : contents.insertions()) {
      TableStore store = stores.get(insertion.tableOid());
      if (store != null && store.generation() == insertion.generation()) {
        switch (insertion.rows()) {
          case CommitContents.Rows.Own(var segment) -> store.insert(segment, lsn);
          case CommitContents.Rows.Logged(var block) -> store.insert(block, lsn);
        }
        builder.notice(store);
      }
    }
    for (Mutation.DeleteRows deletion : contents.deletions()) {
      existing(deletion.tableOid()).endCommit();
    }
  }

  /// Makes everything up to an LSN visible.
  void publish(long lsn) {
    lastCommitted = lsn;
  }

  private TableStore existing(int oid) throws MalformedBytesException {
    TableStore store = stores.get(oid);
    if (store == null) {
      throw new MalformedBytesException("table " + oid + " is not there");
    }
    return store;
  }

  private void apply(CatalogChange change, CommitContents.Prepared prepared)
      throws MalformedBytesException {
    Catalog next;
    try {
      next = catalog.with(change);
    } catch (DatabaseException e) {
      throw new MalformedBytesException("a change of definitions does not fit: " + e.message(), e);
    }
    switch (change) {
      case CatalogChange.CreateTable(var table) -> begin(table, prepared);
      case CatalogChange.Truncate(var oid, _) -> {
        TableStore before = existing(oid);
        begin(next.table(oid).orElseThrow(), prepared);
        existing(oid).continueFrom(before);
        before.close();
      }
      case CatalogChange.CreateIndex(var index) -> {
        TableStore store = existing(index.tableOid());
        addIndex(store, index, prepared.indexes().getOrDefault(index.oid(), List.of()));
        store.define(next.table(index.tableOid()).orElseThrow());
        builder.notice(store);
      }
      case CatalogChange.DropIndex(var oid) -> {
        int table = catalog.index(oid).orElseThrow().tableOid();
        existing(table).define(next.table(table).orElseThrow());
      }
      case CatalogChange.SetIndexOptions(var oid, _) -> {
        TableStore store = existing(catalog.index(oid).orElseThrow().tableOid());
        store.define(next.table(store.oid()).orElseThrow());
        builder.notice(store);
      }
      case CatalogChange.RenameIndex(var oid, _) -> {
        TableStore store = existing(catalog.index(oid).orElseThrow().tableOid());
        store.define(next.table(store.oid()).orElseThrow());
      }
      case CatalogChange.AddConstraint(var oid, _) ->
          existing(oid).define(next.table(oid).orElseThrow());
      case CatalogChange.DropConstraint(var oid, _) ->
          existing(oid).define(next.table(oid).orElseThrow());
      case CatalogChange.ReplaceConstraint(var oid, _) ->
          existing(oid).define(next.table(oid).orElseThrow());
      case CatalogChange.DropTable(var oid) -> {
        catalog = next; // First, so that nobody finds a definition without a table.
        TableStore dropped = stores.remove(oid);
        if (dropped != null) {
          dropped.close();
        }
      }
      case CatalogChange.CreateSchema _,
          CatalogChange.DropSchema _,
          CatalogChange.CreateExtension _,
          CatalogChange.DropExtension _ -> {}
    }
    catalog = next;
    nextOid.accumulateAndGet(next.nextOid(), Math::max);
  }

  private void begin(TableDefinition table, CommitContents.Prepared prepared) {
    for (TableStore store : prepared.stores()) {
      if (store.oid() == table.oid() && store.generation() == table.generation()) {
        stores.put(table.oid(), store);
        return;
      }
    }
    stores.put(table.oid(), TableStore.empty(table, allocateSegmentId()));
  }

  /// Has a segment that was just opened keep the indexes that the table has now.
  void adopt(TableStore store, SealedSegment segment) {
    for (int oid : segment.savedIndexes()) {
      if (store.definition().index(oid).isEmpty()) {
        segment.removeIndex(oid); // Dropped meanwhile.
      }
    }
    segment.define(store.definition()); // What was asked meanwhile.
    for (IndexDefinition index : store.definition().indexes()) {
      addIndex(store, index, List.of()); // One that was created meanwhile.
    }
    builder.notice(store);
  }

  /// Has rows that wait for it brought into the vector indexes.
  void noticeRows(TableStore store) {
    builder.notice(store);
  }

  /// Has each segment keep an index that it does not keep yet.
  void addIndex(TableStore store, IndexDefinition index, List<BuiltIndex> built) {
    for (Segment segment : store.segments()) {
      Optional<BuiltIndex> ready = built.stream().filter(it -> it.segment() == segment).findFirst();
      if (segment.orderedIndex(index.oid()).isPresent()
          || segment.vectorIndexes().containsKey(index.oid())) {
        continue;
      }
      if (ready.isPresent()) {
        switch (ready.get()) {
          case BuiltIndex.Ordered(_, var ordered) -> segment.addIndex(index.oid(), ordered);
          case BuiltIndex.Vectors(_, var vectors) -> segment.addIndex(vectors);
        }
      } else {
        addIndex(segment, index);
      }
    }
  }

  /// An ordered index is made at once, for keys depend on it; a graph begins empty.
  static void addIndex(Segment segment, IndexDefinition index) {
    switch (index.method()) {
      case HNSW -> segment.addIndex(VectorIndex.create(index, segment));
      case BTREE ->
          segment.addIndex(
              index.oid(),
              switch (segment) {
                case MutableSegment mutable -> MutableSegment.orderedIndexOf(mutable, index);
                case SealedSegment sealed -> sealed.sortedBy(index);
              });
    }
  }
}
