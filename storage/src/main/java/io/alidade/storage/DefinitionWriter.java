package io.alidade.storage;

import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.CommitContents.BuiltIndex;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.catalog.VectorIndexOptions;
import io.alidade.storage.lock.LockKey;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.lock.LockOwner;
import io.alidade.storage.lock.LockTable;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.SegmentSnapshot;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.Overlay;
import io.alidade.storage.table.SnapshotTableView;
import io.alidade.storage.table.TableStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/// Changes definitions within one transaction, and builds new indexes. For one thread.
///
/// One transaction at a time changes definitions: it holds the catalog's lock to its end, so what
/// it checked stays true until its commit is applied.
final class DefinitionWriter {
  private static final long LATEST = Segment.NEVER - 1;

  private final CommittedState state;
  private final LockTable locks;
  private final LockOwner owner;
  private final WriteSet writes;
  private final IndexBuilder builder;
  private final Checkpoint cancel;

  /// How many threads build an index, the calling one among them.
  private int buildThreads;

  DefinitionWriter(
      CommittedState state,
      LockTable locks,
      LockOwner owner,
      WriteSet writes,
      IndexBuilder builder,
      Checkpoint cancel) {
    this.state = state;
    this.locks = locks;
    this.owner = owner;
    this.writes = writes;
    this.builder = builder;
    this.cancel = cancel;
    this.buildThreads = builder.threads();
  }

  void buildWith(int threads) {
    buildThreads = threads;
  }

  void apply(CatalogChange change) {
    locks.acquire(owner, LockKey.CATALOG, LockMode.EXCLUSIVE);
    Catalog before = writes.catalog().orElseGet(state::catalog);
    switch (change) {
      case CatalogChange.DropTable(var oid) -> lockTable(oid);
      case CatalogChange.Truncate(var oid, _) -> lockTable(oid);
      case CatalogChange.CreateIndex(var index) -> lockTable(index.tableOid());
      case CatalogChange.DropIndex(var oid) ->
          before.index(oid).ifPresent(index -> lockTable(index.tableOid()));
      case CatalogChange.CreateTable(var table) -> lockReferenced(table.oid(), table.constraints());
      case CatalogChange.AddConstraint(var oid, var constraint) -> {
        lockTable(oid);
        lockReferenced(oid, List.of(constraint));
      }
      case CatalogChange.DropConstraint(var oid, _) -> lockTable(oid);
      case CatalogChange.ReplaceConstraint _,
          CatalogChange.CreateSchema _,
          CatalogChange.DropSchema _,
          CatalogChange.SetIndexOptions _,
          CatalogChange.RenameIndex _,
          CatalogChange.CreateExtension _,
          CatalogChange.DropExtension _ -> {} // Rows and readers may go on.
    }
    Catalog next = before.with(change);
    switch (change) {
      case CatalogChange.CreateTable(var table) -> begin(table);
      case CatalogChange.Truncate(var oid, _) -> begin(next.table(oid).orElseThrow());
      case CatalogChange.CreateIndex(var index) ->
          build(before.table(index.tableOid()).orElseThrow(), index);
      case CatalogChange.SetIndexOptions(var oid, _) ->
          requirePinnable(next.index(oid).orElseThrow());
      case CatalogChange.DropTable _,
          CatalogChange.DropIndex _,
          CatalogChange.RenameIndex _,
          CatalogChange.AddConstraint _,
          CatalogChange.DropConstraint _,
          CatalogChange.ReplaceConstraint _,
          CatalogChange.CreateSchema _,
          CatalogChange.DropSchema _,
          CatalogChange.CreateExtension _,
          CatalogChange.DropExtension _ -> {}
    }
    writes.change(next, change);
  }

  /// Refuses to pin what is known not to fit. What grows beyond the limit later stays mapped.
  private void requirePinnable(IndexDefinition index) {
    if (index.method() == IndexDefinition.Method.HNSW
        && index.vectorOptions().residence() == VectorIndexOptions.Residence.PINNED) {
      state
          .store(index.tableOid())
          .map(store -> VectorIndexStatistics.bytesToPin(store, index.oid()))
          .ifPresent(bytes -> state.pinned().require(index.name(), bytes));
    }
  }

  private void requirePinnable(IndexDefinition index, VectorIndex graph) {
    if (index.vectorOptions().residence() == VectorIndexOptions.Residence.PINNED) {
      state.pinned().require(index.name(), graph.bytesToPin());
    }
  }

  /// Keeps others from deleting rows that a new foreign key may point to before they know of it.
  private void lockReferenced(int oid, List<ConstraintDefinition> constraints) {
    for (ConstraintDefinition constraint : constraints) {
      if (constraint instanceof ConstraintDefinition.ForeignKey key
          && key.referencedTable() != oid) {
        lockTable(key.referencedTable());
      }
    }
  }

  private void lockTable(int oid) {
    locks.acquire(owner, LockKey.ofTable(oid), LockMode.EXCLUSIVE);
  }

  private void begin(TableDefinition table) {
    writes.addOwnStore(TableStore.empty(table, state.allocateSegmentId()));
  }

  private void build(TableDefinition table, IndexDefinition index) {
    @Nullable Overlay overlay = writes.overlay(table);
    if (overlay != null && overlay.rows().isPresent()) {
      MutableSegment own = overlay.rows().get();
      if (index.method() == IndexDefinition.Method.BTREE) {
        own.createIndex(index);
      }
    }
    TableStore store =
        writes.ownStore(table).or(() -> state.store(table.oid())).orElseThrow(() -> gone(table));
    try (IndexBuilder.Report report = builder.report(index, store, buildThreads)) {
      List<Segment> held = store.holdSegments();
      int built = 0;
      try {
        for (; built < held.size(); built++) {
          // Held to the end of the transaction: the write set lets go of it.
          writes.addBuiltIndex(index.oid(), build(index, held.get(built), report));
        }
      } finally {
        held.subList(built, held.size()).forEach(Segment::release);
      }
    }
    if (index.isUnique()) {
      requireUnique(table, store, overlay, index);
    }
  }

  private static DatabaseException gone(TableDefinition table) {
    return new DatabaseException(
        SqlState.UNDEFINED_TABLE, "relation \"" + table.name() + "\" does not exist");
  }

  private BuiltIndex build(IndexDefinition index, Segment segment, IndexBuilder.Report report) {
    return switch (index.method()) {
      case BTREE -> new BuiltIndex.Ordered(segment, sorted(index, segment));
      case HNSW -> {
        VectorIndex graph = VectorIndex.create(index, segment);
        try {
          builder.complete(segment, graph, report, cancel);
          requirePinnable(index, graph);
        } catch (RuntimeException | Error e) {
          graph.close();
          throw e;
        }
        yield new BuiltIndex.Vectors(segment, graph);
      }
    };
  }

  /// An ordered index with what is there of its rows.
  private record Part(SegmentSnapshot rows, OrderedIndex index) {}

  private void requireUnique(
      TableDefinition table, TableStore store, @Nullable Overlay overlay, IndexDefinition index) {
    List<Part> parts = new ArrayList<>();
    try (SnapshotTableView view = SnapshotTableView.open(table, store, LATEST, overlay, LATEST)) {
      for (var segment : view.segments()) {
        SegmentSnapshot rows = (SegmentSnapshot) segment;
        OrderedIndex ordered = ordered(index, rows.segment());
        Part part = new Part(rows, ordered);
        requireUnique(table, index, part, parts);
        parts.add(part);
      }
    }
  }

  private OrderedIndex ordered(IndexDefinition index, Segment segment) {
    for (BuiltIndex built : writes.builtIndex(index.oid())) {
      if (built instanceof BuiltIndex.Ordered(var of, var ordered) && of == segment) {
        return ordered;
      }
    }
    // Own rows keep the index; a segment that others were merged into meanwhile does not.
    return segment.orderedIndex(index.oid()).orElseGet(() -> sorted(index, segment));
  }

  private static OrderedIndex sorted(IndexDefinition index, Segment segment) {
    return switch (segment) {
      case MutableSegment mutable -> MutableSegment.orderedIndexOf(mutable, index);
      case SealedSegment sealed -> sealed.sortedBy(index);
    };
  }

  private void requireUnique(
      TableDefinition table, IndexDefinition index, Part part, List<Part> others) {
    PrimitiveIterator.OfInt ordinals =
        part.index().range(KeyRange.ALL, OrderedIndex.Direction.ASCENDING);
    @Nullable Object @Nullable [] last = null;
    int rows = 0;
    while (ordinals.hasNext()) {
      int ordinal = ordinals.nextInt();
      if (++rows % Checkpoint.ROWS_BETWEEN == 0) {
        cancel.pass();
      }
      if (ordinal >= part.rows().size() || !part.rows().isVisible(ordinal)) {
        continue;
      }
      @Nullable Object[] key = key(index, part.rows(), ordinal);
      if (Arrays.stream(key).anyMatch(value -> value == null)) {
        continue;
      }
      if ((last != null && isSame(table, index, last, key)) || isIn(others, key)) {
        throw ConstraintErrors.duplicateInNewIndex(table, index, key);
      }
      last = key;
    }
  }

  private static boolean isIn(List<Part> parts, @Nullable Object[] key) {
    for (Part part : parts) {
      PrimitiveIterator.OfInt found =
          part.index()
              .range(KeyRange.equalTo(Arrays.asList(key)), OrderedIndex.Direction.ASCENDING);
      while (found.hasNext()) {
        int ordinal = found.nextInt();
        if (ordinal < part.rows().size() && part.rows().isVisible(ordinal)) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable Object[] key(IndexDefinition index, SegmentSnapshot rows, int ordinal) {
    @Nullable Object[] key = new @Nullable Object[index.keys().size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = rows.column(index.keys().get(i).column()).get(ordinal);
    }
    return key;
  }

  private static boolean isSame(
      TableDefinition table,
      IndexDefinition index,
      @Nullable Object[] left,
      @Nullable Object[] right) {
    for (int i = 0; i < left.length; i++) {
      var type = table.columns().get(index.keys().get(i).column()).type();
      Object one = left[i];
      Object other = right[i];
      if (one == null || other == null || ValueOrder.of(type).compare(one, other) != 0) {
        return false;
      }
    }
    return true;
  }
}
