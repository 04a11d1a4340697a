package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.BackupReader;
import io.alidade.storage.backup.BackupStream;
import io.alidade.storage.backup.History;
import io.alidade.storage.backup.SnapshotStore;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.SchemaDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.manifest.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Consistent copies of an open database or of one of its tables, taken while it is read and
/// written.
///
/// A snapshot is what a checkpoint wrote: everything that was committed up to its LSN and nothing
/// else, graphs and codes as they are. It is made of links to files that never change, so it takes
/// the time of a checkpoint and hardly any space at first. Thread-safe.
public final class Snapshots {
  private final Path data;
  private final History history;
  private final Checkpointer checkpointer;
  private final OpenTransaction.Services services;
  private final SnapshotStore store;

  Snapshots(
      Path data, History history, Checkpointer checkpointer, OpenTransaction.Services services) {
    this.data = data;
    this.history = history;
    this.checkpointer = checkpointer;
    this.services = services;
    this.store = new SnapshotStore(data);
  }

  /// Which database this is, and which branch of its history.
  public History history() {
    return history;
  }

  /// Takes a snapshot only to read it as a stream; it goes when the stream is closed.
  ///
  /// @param tableOid the one table to take; all if empty
  public BackupStream open(OptionalInt tableOid) {
    List<BackupStream> opened = new ArrayList<>();
    take(tableOid, content -> opened.add(store.openOnce(content)));
    return opened.getFirst();
  }

  /// Takes a snapshot and keeps it.
  ///
  /// @param tableOid the one table to take; all if empty
  /// @throws DatabaseException 42710 if there is one of that name
  public SnapshotStore.Stored create(String name, OptionalInt tableOid) {
    List<SnapshotStore.Stored> created = new ArrayList<>();
    reading(() -> {
      store.requireFree(name); // Before the work.
      return name;
    });
    take(tableOid, content -> created.add(store.create(name, content)));
    return created.getFirst();
  }

  /// All that are kept, by name.
  public List<SnapshotStore.Stored> list() {
    return reading(store::list);
  }

  /// The bytes of one that is kept.
  ///
  /// @throws DatabaseException 42704 if there is none of that name
  public BackupStream open(String name) {
    return reading(() -> store.open(name));
  }

  /// Lets go of one that is kept; streams of it that are open go on.
  ///
  /// @throws DatabaseException 42704 if there is none of that name
  public void drop(String name) {
    String ignored =
        reading(() -> {
          store.drop(name);
          return name;
        });
  }

  /// Keeps a backup that comes from elsewhere, after checking every byte of it.
  ///
  /// @throws DatabaseException XX001 if it is not what was written; nothing is kept then
  public SnapshotStore.Stored receive(String name, InputStream backup) {
    return reading(() -> store.receive(name, new BackupReader(backup, Path.of(name))));
  }

  /// Makes a table here of one in a snapshot, in a transaction of its own; graphs and codes are
  /// those of the snapshot.
  ///
  /// @param table the schema and name in the snapshot; that of its only table if empty
  /// @param newTable the schema and name to give it
  /// @return its OID
  /// @throws DatabaseException 42704 if there is no such snapshot, 42P01 if it has no such table,
  ///   42P07 if the name is taken
  public int restoreTable(
      String snapshot, Optional<TableName> table, Optional<TableName> newTable, Checkpoint cancel) {
    return reading(() -> {
      try (SnapshotStore.Held held = store.hold(snapshot)) {
        TableName source = table.isPresent() ? table.get() : onlyTable(snapshot, held.header());
        TableName target = newTable.orElse(source);
        TableRestore restore = new TableRestore(held.path(), checkpointer, services, cancel);
        return restore.run(
            new TableRestore.Names(source.schema(), source.name(), target.schema(), target.name()));
      }
    });
  }

  private static TableName onlyTable(String snapshot, BackupHeader header) {
    if (header.tables().size() != 1) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "snapshot \"" + snapshot + "\" holds " + header.tables().size() + " tables: say which");
    }
    String name = header.tables().getFirst();
    int dot = name.indexOf('.');
    return new TableName(name.substring(0, dot), name.substring(dot + 1));
  }

  /// The full name of a table.
  public record TableName(String schema, String name) {}

  /// Adds bytes to a backup that is being uploaded, which [#receiveUpload] takes over.
  ///
  /// @param at how many bytes came before; 0 begins anew
  /// @return how many there are now
  /// @throws DatabaseException 22023 if there are not so many, with how many there are
  public long upload(String name, long at, byte[] bytes) {
    return reading(() -> store.upload(name, at, bytes));
  }

  /// Keeps what was uploaded under a name as a snapshot, after checking every byte of it; the
  /// upload is gone then in any case.
  public SnapshotStore.Stored receiveUpload(String name) {
    return reading(() -> store.receiveUpload(name));
  }

  /// The time, in microseconds since 1970-01-01 UTC.
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /// Something that reads or writes files of snapshots.
  private interface FileWork<T> {
    T run() throws IOException, CorruptFileException;
  }

  private static <T> T reading(FileWork<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw Checkpointer.failed("could not read or write a snapshot: ", e);
    } catch (CorruptFileException e) {
      throw new DatabaseException(SqlState.DATA_CORRUPTED, String.valueOf(e.getMessage()), e);
    }
  }

  private interface ContentReader {
    void read(SnapshotStore.Content content) throws IOException;
  }

  private void take(OptionalInt tableOid, ContentReader reader) {
    checkpointer.run(manifest -> reader.read(content(tableOid, manifest)));
  }

  private SnapshotStore.Content content(OptionalInt tableOid, Manifest whole) throws IOException {
    Manifest manifest = tableOid.isPresent() ? only(whole, tableOid.getAsInt()) : whole;
    List<SnapshotStore.NamedFile> linked = new ArrayList<>();
    for (Path file : Checkpointer.named(checkpointer.files(), manifest)) {
      if (Files.exists(file)) { // Not tombstones that nobody wrote.
        String name = data.relativize(file).toString().replace('\\', '/');
        linked.add(new SnapshotStore.NamedFile(name, file));
      }
    }
    linked.sort(Comparator.comparing(SnapshotStore.NamedFile::name));
    List<String> tables =
        manifest.catalog().tables().stream()
            .map(table -> table.schema() + "." + table.name())
            .sorted()
            .toList();
    BackupHeader header =
        new BackupHeader(
            history,
            tableOid.isPresent() ? BackupHeader.Scope.TABLE : BackupHeader.Scope.DATABASE,
            manifest.lsn(),
            manifest.replayFrom(),
            services.log().epoch(),
            now(),
            tables,
            0,
            0);
    ByteBuffer definitions = ByteBuffer.wrap(manifest.encode());
    return new SnapshotStore.Content(
        header, List.of(new SnapshotStore.NamedBytes(Manifest.FILE, definitions)), linked);
  }

  /// A manifest of one table alone.
  private static Manifest only(Manifest whole, int tableOid) {
    TableDefinition table =
        whole
            .catalog()
            .table(tableOid)
            .orElseThrow(() ->
                new DatabaseException(
                    SqlState.UNDEFINED_TABLE, "relation with OID " + tableOid + " does not exist"));
    Catalog catalog = Catalog.INITIAL;
    Optional<SchemaDefinition> schema = whole.catalog().schema(table.schema());
    if (schema.isPresent() && catalog.schema(table.schema()).isEmpty()) {
      catalog = catalog.with(new CatalogChange.CreateSchema(schema.get()));
    }
    for (var extension : whole.catalog().extensions()) {
      catalog = catalog.with(new CatalogChange.CreateExtension(extension));
    }
    return new Manifest(
        whole.lsn(),
        whole.lsn() + 1,
        whole.nextSegmentId(),
        catalog.with(new CatalogChange.CreateTable(table.withoutOtherTables())),
        whole.tables().stream().filter(it -> it.oid() == tableOid).toList());
  }
}
