package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.manifest.Manifest;
import io.alidade.storage.manifest.Manifest.SegmentEntry;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.SegmentTransplant;
import io.alidade.storage.table.TableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a table of an open database from one in a snapshot, with new OIDs.
///
/// The files of its segments are copied, graphs and codes as they are. The rows go through the log
/// as well, as those of a load do: a crash before the next checkpoint, a follower, and a restore
/// from the archive have the rows from there, and build the indexes. For one thread, used once.
final class TableRestore {
  private final Path snapshot;
  private final Checkpointer checkpointer;
  private final OpenTransaction.Services services;
  private final Checkpoint cancel;
  private final List<Long> spared = new ArrayList<>();

  /// @param snapshot a directory laid out as a data directory, which stays meanwhile
  TableRestore(
      Path snapshot,
      Checkpointer checkpointer,
      OpenTransaction.Services services,
      Checkpoint cancel) {
    this.snapshot = snapshot;
    this.checkpointer = checkpointer;
    this.services = services;
    this.cancel = cancel;
  }

  /// Which table, and what it is to be called.
  ///
  /// @param source the schema and name in the snapshot
  record Names(String sourceSchema, String source, String schema, String name) {}

  /// Restores it, in a transaction of its own.
  ///
  /// @return its OID
  /// @throws DatabaseException 42P01 if the snapshot has no such table, 42P07 if the name is taken
  int run(Names names) throws IOException, CorruptFileException {
    Manifest manifest = Manifest.read(snapshot).orElseThrow();
    TableDefinition source =
        manifest
            .catalog()
            .table(names.sourceSchema(), names.source())
            .orElseThrow(() ->
                new DatabaseException(
                    SqlState.UNDEFINED_TABLE,
                    "relation \"" + names.source() + "\" does not exist in the snapshot"));
    Catalog catalog = services.state().catalog();
    if (catalog.table(names.schema(), names.name()).isPresent()
        || catalog.index(names.schema(), names.name()).isPresent()) {
      throw new DatabaseException(
          SqlState.DUPLICATE_TABLE, "relation \"" + names.name() + "\" already exists");
    }
    TableDefinition table = define(source, names, catalog);
    boolean done = false;
    try (OpenTransaction transaction =
        new OpenTransaction(services, IsolationLevel.READ_COMMITTED, cancel)) {
      transaction.beginStatement();
      TableStore store = copy(manifest, source, table);
      boolean adopted = false;
      try {
        transaction.adopt(store);
        adopted = true;
      } finally {
        if (!adopted) {
          store.close();
        }
      }
      transaction.commit(Durability.FORCED);
      done = true;
    } finally {
      if (!done) {
        spared.forEach(checkpointer::discard);
      }
    }
    checkpointer.run(); // Names the files, so that no start has to build what was copied.
    return table.oid();
  }

  private TableDefinition define(TableDefinition source, Names names, Catalog catalog) {
    CommittedState state = services.state();
    int oid = state.allocateOid();
    Set<String> taken = new HashSet<>(Set.of(names.name()));
    List<IndexDefinition> indexes = new ArrayList<>();
    for (IndexDefinition index : source.indexes()) {
      String wanted =
          index.name().startsWith(source.name())
              ? names.name() + index.name().substring(source.name().length())
              : index.name();
      String name = wanted;
      for (int i = 1; isTaken(catalog, names.schema(), name) || taken.contains(name); i++) {
        name = wanted + i; // As PostgreSQL chooses names.
      }
      taken.add(name);
      indexes.add(index.copyAs(state.allocateOid(), name, oid));
    }
    return source.copyAs(oid, names.schema(), names.name(), indexes, state::allocateOid);
  }

  private static boolean isTaken(Catalog catalog, String schema, String name) {
    return catalog.table(schema, name).isPresent() || catalog.index(schema, name).isPresent();
  }

  /// Copies the segments.
  private TableStore copy(Manifest manifest, TableDefinition source, TableDefinition table)
      throws IOException, CorruptFileException {
    Manifest.TableFiles files =
        manifest.tables().stream()
            .filter(it -> it.oid() == source.oid())
            .findFirst()
            .orElseThrow(() ->
                new CorruptFileException(Manifest.path(snapshot), 0, "the table has no entry"));
    long time = services.state().lastCommitted();
    List<SealedSegment> originals = new ArrayList<>();
    List<SealedSegment> sealed = new ArrayList<>();
    List<Segment> segments = new ArrayList<>();
    boolean whole = false;
    try {
      for (SegmentEntry entry : files.segments()) {
        originals.add(original(entry, source));
      }
      SealedSegment.restoreHeapOnly(originals);
      List<BitSet> heapOnly = SegmentTransplant.heapOnly(originals);
      for (int i = 0; i < originals.size(); i++) {
        cancel.pass();
        SegmentTransplant transplant = transplant(originals.get(i));
        transplant.copyRows(table, heapOnly.get(i), time);
        sealed.add(copy(transplant, files.segments().get(i), source, table));
        segments.add(sealed.getLast());
      }
      SealedSegment.restoreHeapOnly(sealed);
      DirectorySync.sync(checkpointer.files());
      segments.add(MutableSegment.create(services.state().allocateSegmentId(), table));
      whole = true;
      return new TableStore(table, files.nextRowId(), segments);
    } finally {
      originals.forEach(Segment::release);
      if (!whole) {
        segments.forEach(Segment::release);
      }
    }
  }

  private SealedSegment original(SegmentEntry entry, TableDefinition source)
      throws IOException, CorruptFileException {
    SegmentEntry rowsOnly = new SegmentEntry(entry.id(), entry.tombstonesLsn(), List.of());
    return Checkpointer.open(
        snapshot.resolve(SegmentFiles.DIRECTORY), source, rowsOnly, new PinnedMemory(0));
  }

  private SegmentTransplant transplant(SealedSegment original) {
    long id = services.state().allocateSegmentId();
    checkpointer.spare(id);
    spared.add(id);
    return new SegmentTransplant(
        snapshot.resolve(SegmentFiles.DIRECTORY), checkpointer.files(), original, id);
  }

  private SealedSegment copy(
      SegmentTransplant transplant,
      SegmentEntry entry,
      TableDefinition source,
      TableDefinition table)
      throws IOException, CorruptFileException {
    Map<Integer, IndexDefinition> copies = new HashMap<>();
    for (int i = 0; i < source.indexes().size(); i++) {
      copies.put(source.indexes().get(i).oid(), table.indexes().get(i));
    }
    List<Integer> saved = new ArrayList<>();
    for (int oid : entry.indexes()) {
      if (copies.containsKey(oid)) {
        IndexDefinition copy = copies.get(oid);
        transplant.copyIndex(source.index(oid).orElseThrow(), copy.oid());
        saved.add(copy.oid());
      }
    }
    SealedSegment copy =
        Checkpointer.open(
            checkpointer.files(),
            table,
            new SegmentEntry(transplant.id(), 0, saved),
            services.state().pinned());
    for (IndexDefinition index : table.indexes()) {
      if (!saved.contains(index.oid())) {
        CommittedState.addIndex(copy, index); // A file that was not there yet.
      }
    }
    return copy;
  }
}
