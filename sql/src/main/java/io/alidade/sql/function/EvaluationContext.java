package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.model.SqlState;
import io.alidade.storage.MemoryUse;
import io.alidade.storage.Snapshots;
import io.alidade.storage.TableStatistics;
import io.alidade.storage.VectorIndexStatistics;
import io.alidade.storage.backup.LogArchiver;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.statistics.TableProfile;
import io.alidade.storage.table.TableActivity;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a running statement knows of its surroundings: the session, the clock, the catalog.
///
/// One statement execution has one; it is used by one thread at a time.
public interface EvaluationContext {

  /// The session's `timezone`.
  ZoneId timeZone();

  /// When the client's message arrived, in microseconds since 1970-01-01 UTC.
  long statementTimestamp();

  /// When the transaction began, in microseconds since 1970-01-01 UTC: what `now()` says.
  long transactionTimestamp();

  /// The time as it runs on, in microseconds since 1970-01-01 UTC.
  long clockTimestamp();

  String currentDatabase();

  String currentUser();

  String sessionUser();

  /// The schemas of `search_path` that exist, without those searched implicitly.
  List<String> searchPath();

  /// The number that `pg_backend_pid()` shows.
  int processId();

  /// A number for the current transaction.
  long transactionId();

  /// What `version()` shows.
  String serverVersion();

  /// A setting's value as text; empty when there is no such setting.
  Optional<String> setting(String name);

  /// Changes a setting, as `SET` or `SET LOCAL` do.
  ///
  /// @return the new value as `SHOW` gives it
  String changeSetting(String name, @Nullable String value, SettingScope scope);

  /// Every setting, ordered by name.
  List<SettingValue> settings();

  /// The names of what is in the catalog.
  ObjectNames objects();

  /// A text's embedding.
  ///
  /// @throws DatabaseException 55000 when no model is configured
  float[] embed(String text);

  /// The source of `random()`.
  RandomGenerator random();

  /// Ends the statement with 57014 or 57P01 if it has been asked to end. To be called once for
  /// every few thousand rows or so, and from every loop that a caller's number bounds.
  void checkpoint();

  /// Waits, as `pg_sleep` does, in the way [#checkpoint] can end.
  void sleep(long micros);

  /// Figures about a committed vector index; empty when there is none with that OID.
  default Optional<VectorIndexStatistics> vectorIndexStatistics(int oid) {
    return Optional.empty();
  }

  /// What ANALYZE has found out about a committed table; empty if it was not analysed.
  default Optional<TableProfile> profile(int tableOid) {
    return Optional.empty();
  }

  /// What was done to a committed table; empty when there is none with that OID.
  default Optional<TableActivity.Counts> activity(int tableOid) {
    return Optional.empty();
  }

  /// Figures about a committed table; empty when there is none with that OID.
  default Optional<TableStatistics> tableStatistics(int tableOid) {
    return Optional.empty();
  }

  /// The merges and analyses that are under way.
  default List<UpkeepProgress.Snapshot> upkeepProgress() {
    return List.of();
  }

  /// What of a table its size counts; of an index both count the same.
  enum SizeOf {
    ROWS,
    INDEXES,
    EVERYTHING
  }

  /// The bytes that a committed table or index takes, in files and in memory that is not in files
  /// yet; empty when there is none with that OID.
  default OptionalLong relationBytes(long oid, SizeOf what) {
    return OptionalLong.empty();
  }

  /// What of the server takes how much memory; empty when nobody knows.
  default Optional<MemoryUse> memoryUse() {
    return Optional.empty();
  }

  /// The indexes that are being created, in any session.
  default List<IndexBuilder.Progress> indexBuilds() {
    return List.of();
  }

  /// The database's snapshots.
  ///
  /// @throws DatabaseException 0A000 when it can have none
  default Snapshots snapshots() {
    throw new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, "snapshots are not supported here");
  }

  /// The last commit of the database.
  default Lsn lastCommitted() {
    return Lsn.ZERO;
  }

  /// How the archiving of the log goes; empty if it is not archived.
  default Optional<LogArchiver.Status> logArchive() {
    return Optional.empty();
  }

  /// How long a change of a setting holds.
  enum SettingScope {
    SESSION,
    TRANSACTION
  }

  /// A setting as `pg_settings` shows it.
  record SettingValue(String name, String value, String description) {}
}
