package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.storage.backup.LogArchiver;
import io.alidade.storage.backup.LogArchiving;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.statistics.TableProfile;
import io.alidade.storage.table.TableActivity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A database: its catalog and tables, durable in a data directory or in memory only.
///
/// Thread-safe.
public interface Database extends AutoCloseable {

  /// Opens the database in a data directory, or makes a new one in a directory that is empty or not
  /// there. What was committed is there again when this returns; vector indexes over what was
  /// replayed from the log are completed in the background.
  ///
  /// @throws DatabaseException 55006 when another process has it open
  /// @throws CorruptFileException when a file holds other bytes than were written
  static Database open(Path directory, DatabaseOptions options)
      throws IOException, CorruptFileException {
    return OpenDatabase.open(directory, options, Optional.empty());
  }

  /// Opens the database in a data directory as [#open(Path, DatabaseOptions)] does, and archives
  /// its log from the beginning.
  static Database open(Path directory, DatabaseOptions options, LogArchiving archiving)
      throws IOException, CorruptFileException {
    return OpenDatabase.open(directory, options, Optional.of(archiving));
  }

  /// A database without files, empty, gone when it is closed.
  static Database inMemory(DatabaseOptions options) {
    return OpenDatabase.inMemory(options);
  }

  /// Begins a transaction; close it.
  ///
  /// @param cancel passed again and again by what may take long, such as waiting for a lock
  Transaction begin(IsolationLevel isolation, Checkpoint cancel);

  /// How old a transaction's snapshot may grow from now on; zero, as at first, for without end. An
  /// older one no longer keeps old versions of rows from being left out when segments are written
  /// anew, and if that happens, the transaction's next read ends in 72000. Views that are open stay
  /// as they are.
  void limitSnapshots(Duration age);

  /// What it was opened with.
  DatabaseOptions options();

  /// The latest committed definitions.
  Catalog catalog();

  /// The latest commit that is visible.
  Lsn lastCommitted();

  /// Has somebody told when the database stops for good because nobody knows any more what of its
  /// log is on the disk, as after a failed force: from then on it refuses all work, and only
  /// opening it anew tells what was committed. A server ends itself.
  ///
  /// @param listener called once, before anybody learns of it otherwise, with the first cause
  void whenStopped(Consumer<Throwable> listener);

  /// The data directory, unless the database is in memory only.
  Optional<Path> directory();

  /// Writes what is in memory into files, so that the log before can go. Waits for a checkpoint
  /// that is running already, then makes its own. Without effect in memory.
  void checkpoint();

  /// Writes some tables' files anew without the versions of rows that nobody can see any more, and
  /// what is in memory into files before. Without effect in memory, where they stay.
  ///
  /// @param cancel passed again and again; what is done by then stays
  void vacuum(List<Integer> tableOids, MergePolicy.Extent extent, Checkpoint cancel);

  /// How the archiving of its log goes; empty if it is not archived.
  Optional<LogArchiver.Status> logArchive();

  /// Consistent copies of it, taken while it is used.
  ///
  /// @throws DatabaseException 0A000 in memory
  Snapshots snapshots();

  /// Merges segments of some tables until its policy is content, at once instead of in the
  /// background. Without effect in memory.
  ///
  /// @param cancel passed again and again; what is done by then stays
  void optimize(List<Integer> tableOids, Checkpoint cancel);

  /// Makes indexes anew from the rows, while reads and writes go on.
  ///
  /// @param cancel passed again and again; what is done by then stays
  void reindex(List<Integer> indexOids, Checkpoint cancel);

  /// Gathers what is known of a table's committed rows, and keeps it until the next time.
  ///
  /// @param columns the indexes of the columns to look at; all if it is empty
  /// @return empty when there is no table with that OID
  Optional<TableProfile> analyze(int tableOid, Set<Integer> columns, Checkpoint cancel);

  /// What is known of a table's rows; empty if it was not analysed since its columns changed.
  Optional<TableProfile> profile(int tableOid);

  /// The merges and analyses that are under way, and how far they are.
  List<UpkeepProgress.Snapshot> upkeepProgress();

  /// A number that changes whenever something else is known of some table.
  long profileVersion();

  /// What was done to a table since the database was opened; empty when there is none with that
  /// OID.
  Optional<TableActivity.Counts> activity(int tableOid);

  /// Waits until all vector indexes hold all rows that are there at the call, and are walked on the
  /// codes that are asked for.
  void awaitIndexes(Checkpoint cancel);

  /// Figures about a table, by what is committed; empty when there is none with that OID.
  Optional<TableStatistics> tableStatistics(int tableOid);

  /// Figures about an index; empty when there is none with that OID.
  Optional<IndexStatistics> indexStatistics(int indexOid);

  /// Figures about a vector index: its codes, its memory. Codes that were not measured yet are,
  /// which takes some time. Empty when there is no index with that OID.
  Optional<VectorIndexStatistics> vectorIndexStatistics(int indexOid);

  /// The indexes that are being created now, and how far they are.
  List<IndexBuilder.Progress> indexBuilds();

  /// What takes how much memory, by estimates.
  MemoryUse memoryUse();

  /// The bytes of all files of the data directory; 0 in memory.
  long fileBytes();

  /// Ends it. Transactions still open are rolled back. What was committed stays in the log for the
  /// next opening, which is quick if little was; [#checkpoint] before makes it quicker.
  @Override
  void close();
}
