package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement about the upkeep of the database, or between its sessions.
public sealed interface MaintenanceCommand extends StatementSyntax {

  record Checkpoint() implements MaintenanceCommand {}

  /// `VACUUM`, over every table if none is named.
  record Vacuum(List<Explain.Option> options, List<Subject> subjects)
      implements MaintenanceCommand {}

  /// `ANALYZE`, over every table if none is named.
  record Analyze(List<Explain.Option> options, List<Subject> subjects)
      implements MaintenanceCommand {}

  /// `REINDEX`.
  ///
  /// @param name of an index, table, schema or database
  record Reindex(List<Explain.Option> options, ReindexTarget target, QualifiedName name)
      implements MaintenanceCommand {}

  /// Whose indexes are made anew.
  enum ReindexTarget {
    INDEX,
    TABLE,
    SCHEMA,
    DATABASE,
    SYSTEM
  }

  /// `OPTIMIZE TABLE`.
  record Optimize(List<QualifiedName> tables) implements MaintenanceCommand {}

  /// `LOCK [TABLE] t, ... [IN mode MODE] [NOWAIT]`.
  record LockTable(List<QualifiedName> tables, TableLock mode, Query.LockWait waiting)
      implements MaintenanceCommand {}

  /// How a {@link LockTable} locks.
  enum TableLock {
    ACCESS_SHARE,
    ROW_SHARE,
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE
  }

  /// A table, and some of its columns if any are named.
  record Subject(QualifiedName table, List<String> columns) {}

  record Listen(String channel) implements MaintenanceCommand {}

  record Notify(String channel, @Nullable String payload) implements MaintenanceCommand {}

  /// `UNLISTEN channel`.
  ///
  /// @param channel null for `*`
  record Unlisten(@Nullable String channel) implements MaintenanceCommand {}
}
