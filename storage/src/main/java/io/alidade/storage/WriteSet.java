package io.alidade.storage;

import com.carrotsearch.hppc.LongArrayList;
import io.alidade.storage.CommitContents.BuiltIndex;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.table.Overlay;
import io.alidade.storage.table.TableStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Everything a transaction did, in order, so that any end of it can be undone. For one thread.
final class WriteSet {
  private final Map<Contents, Overlay> overlays = new LinkedHashMap<>();
  private final Map<Contents, TableStore> ownStores = new LinkedHashMap<>();
  private final Map<Integer, List<BuiltIndex>> builtIndexes = new HashMap<>();
  private final List<CatalogChange> changes = new ArrayList<>();
  private final Set<Contents> undoneStores = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();
  private int sealedSteps;
  private Optional<Catalog> catalog = Optional.empty();
  private long statement;

  /// One generation of one table.
  private record Contents(int oid, int generation) {
    static Contents of(TableDefinition table) {
      return new Contents(table.oid(), table.generation());
    }

    static Contents of(TableStore store) {
      return new Contents(store.oid(), store.generation());
    }
  }

  /// One thing that was done to rows.
  private static final class Step {
    final Overlay overlay;
    final Kind kind;
    final long segment;
    final int ordinal;
    final long rowId;
    int count;

    Step(Overlay overlay, Kind kind, long segment, int ordinal, long rowId, int count) {
      this.overlay = overlay;
      this.kind = kind;
      this.segment = segment;
      this.ordinal = ordinal;
      this.rowId = rowId;
      this.count = count;
    }
  }

  private enum Kind {
    /// Own rows were added, one after the other.
    INSERTED,
    /// An own row was deleted.
    ENDED,
    /// A row of a shared segment was deleted.
    HIDDEN
  }

  /// The number of the running statement, by which own changes are told apart.
  long statement() {
    return statement;
  }

  void beginStatement() {
    statement++;
  }

  Optional<Catalog> catalog() {
    return catalog;
  }

  void change(Catalog next, CatalogChange change) {
    catalog = Optional.of(next);
    changes.add(change);
  }

  void addOwnStore(TableStore store) {
    undoneStores.remove(Contents.of(store));
    TableStore before = ownStores.put(Contents.of(store), store);
    if (before != null) { // Made before a rollback to a savepoint.
      before.close();
    }
  }

  Optional<TableStore> ownStore(TableDefinition table) {
    return Optional.ofNullable(ownStores.get(Contents.of(table)));
  }

  void addBuiltIndex(int oid, BuiltIndex index) {
    builtIndexes.computeIfAbsent(oid, _ -> new ArrayList<>()).add(index);
  }

  List<BuiltIndex> builtIndex(int oid) {
    return builtIndexes.getOrDefault(oid, List.of());
  }

  @Nullable Overlay overlay(TableDefinition table) {
    return overlays.get(Contents.of(table));
  }

  Overlay overlay(TableDefinition table, TableStore store) {
    return overlays.computeIfAbsent(Contents.of(table), _ -> new Overlay(store));
  }

  Collection<Overlay> overlays() {
    return overlays.values();
  }

  /// Adds an own row.
  void insert(Overlay overlay, MutableSegment rows, long rowId, @Nullable Object[] values) {
    int ordinal = rows.append(rowId, statement, values);
    if (steps.size() > sealedSteps) {
      Step last = steps.getLast();
      if (last.kind == Kind.INSERTED
          && last.overlay == overlay
          && last.ordinal + last.count == ordinal) {
        last.count++;
        return;
      }
    }
    add(new Step(overlay, Kind.INSERTED, Overlay.OWN_SEGMENT, ordinal, rowId, 1));
  }

  /// Deletes an own row.
  void end(Overlay overlay, int ordinal) {
    MutableSegment rows = overlay.rows().orElseThrow();
    rows.delete(ordinal, statement);
    add(new Step(overlay, Kind.ENDED, Overlay.OWN_SEGMENT, ordinal, rows.rowId(ordinal), 1));
  }

  /// Deletes a row of a shared segment.
  void hide(Overlay overlay, long segment, int ordinal, long rowId) {
    overlay.hide(segment, ordinal, rowId, statement);
    add(new Step(overlay, Kind.HIDDEN, segment, ordinal, rowId, 1));
  }

  private void add(Step step) {
    steps.add(step);
    step.overlay.steps(1);
  }

  WriteMark mark() {
    sealedSteps = steps.size();
    return new WriteMark(steps.size(), catalog, changes.size());
  }

  void rollbackTo(WriteMark mark) {
    while (steps.size() > mark.undoSize()) {
      Step last = steps.removeLast();
      undo(last);
      last.overlay.steps(-1);
    }
    sealedSteps = steps.size();
    List<CatalogChange> undone = changes.subList(mark.catalogChanges(), changes.size());
    for (CatalogChange change : undone) {
      if (change instanceof CatalogChange.CreateTable(var table)) {
        undoneStores.add(Contents.of(table));
      } else if (change instanceof CatalogChange.Truncate(var oid, int generation)) {
        undoneStores.add(new Contents(oid, generation));
      }
    }
    undone.clear();
    catalog = mark.catalog();
  }

  /// Forgets about contents that nothing was done to but what is undone: without their locks,
  /// others may give the tables other columns, indexes or rows.
  ///
  /// @return the OIDs of tables that cannot be forgotten, for undone rows of them are in the log.
  ///   They are to stay locked
  Set<Integer> forgetUndone() {
    Set<Integer> logged = new HashSet<>();
    overlays
        .values()
        .removeIf(overlay -> {
          if (overlay.isUndone() && overlay.loggedRows() == 0) {
            overlay.close();
            return true;
          }
          if (overlay.isUndone()) {
            logged.add(overlay.store().oid());
          }
          return false;
        });
    for (Contents contents : undoneStores) {
      if (!logged.contains(contents.oid())) {
        TableStore undone = ownStores.remove(contents);
        if (undone != null) {
          undone.close();
        }
      }
    }
    undoneStores.clear();
    return logged;
  }

  private static void undo(Step step) {
    switch (step.kind) {
      case HIDDEN -> step.overlay.unhide(step.segment, step.ordinal, step.rowId);
      case ENDED -> step.overlay.rows().orElseThrow().undelete(step.ordinal);
      case INSERTED -> {
        MutableSegment rows = step.overlay.rows().orElseThrow();
        for (int i = 0; i < step.count; i++) {
          rows.discard(step.ordinal + i);
        }
      }
    }
  }

  /// Whether there is nothing to commit.
  boolean isEmpty() {
    return steps.isEmpty() && changes.isEmpty();
  }

  List<CatalogChange> changes() {
    return changes;
  }

  /// Whether an overlay's contents are still those of a table, by the transaction's own
  /// definitions.
  boolean isCurrent(Overlay overlay, Catalog latest) {
    return catalog
        .orElse(latest)
        .table(overlay.store().oid())
        .filter(table -> table.generation() == overlay.store().generation())
        .isPresent();
  }

  /// The rows of shared segments that were deleted, of tables that are still there.
  List<Mutation.DeleteRows> deletions(Catalog latest) {
    Map<Overlay, LongArrayList> rowIds = new LinkedHashMap<>();
    for (Step step : steps) {
      if (step.kind == Kind.HIDDEN && isCurrent(step.overlay, latest)) {
        rowIds.computeIfAbsent(step.overlay, _ -> new LongArrayList()).add(step.rowId);
      }
    }
    List<Mutation.DeleteRows> deletions = new ArrayList<>();
    rowIds.forEach((overlay, ids) ->
        deletions.add(new Mutation.DeleteRows(overlay.store().oid(), ids.toArray())));
    return deletions;
  }

  CommitContents.Prepared prepared() {
    return new CommitContents.Prepared(List.copyOf(ownStores.values()), Map.copyOf(builtIndexes));
  }

  /// Frees what nobody took over.
  ///
  /// @param published whether a store is the database's now
  void close(Predicate<TableStore> published) {
    overlays.values().forEach(Overlay::close);
    for (TableStore store : ownStores.values()) {
      if (!published.test(store)) {
        store.close();
      }
    }
    for (List<BuiltIndex> indexes : builtIndexes.values()) {
      for (BuiltIndex index : indexes) {
        if (index instanceof BuiltIndex.Vectors(var segment, var graph)
            && segment.vectorIndexes().get(graph.oid()) != graph) {
          graph.close();
        }
        index.segment().release();
      }
    }
    overlays.clear();
    ownStores.clear();
    builtIndexes.clear();
  }
}
