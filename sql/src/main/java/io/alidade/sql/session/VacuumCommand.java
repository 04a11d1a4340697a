package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.parse.MaintenanceCommand.Subject;
import io.alidade.sql.parse.MaintenanceCommand.Vacuum;
import io.alidade.storage.Database;
import io.alidade.storage.TableStatistics;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.merge.MergePolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// VACUUM: gives back what dead versions of rows take.
final class VacuumCommand {

  private final ClientSession session;
  private final StatementStarter starter;

  VacuumCommand(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  /// What the options ask for.
  private record Options(MergePolicy.Extent extent, boolean verbose) {}

  /// @return the command tag
  String run(Vacuum vacuum) {
    if (session.transactions().inBlock() || session.transactions().hasWritten()) {
      throw new DatabaseException(
          SqlState.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    Options options = options(vacuum.options());
    Database database = session.engine().database();
    List<TableDefinition> tables = tables(vacuum.subjects());
    Map<TableDefinition, Long> before = new LinkedHashMap<>();
    for (TableDefinition table : tables) {
      before.put(table, versions(database, table));
    }
    database.vacuum(
        tables.stream().map(TableDefinition::oid).toList(),
        options.extent(),
        session.interruption());
    if (options.verbose()) {
      before.forEach((table, versions) ->
          database.tableStatistics(table.oid()).ifPresent(now -> tell(table, versions, now)));
    }
    return "VACUUM";
  }

  private static long versions(Database database, TableDefinition table) {
    return database.tableStatistics(table.oid()).map(TableStatistics::rowVersions).orElse(0L);
  }

  private static Options options(List<Explain.Option> given) {
    MergePolicy.Extent extent = MergePolicy.Extent.DEAD_VERSIONS;
    boolean verbose = false;
    for (Explain.Option option : given) {
      switch (option.name()) {
        case "full" ->
            extent =
                isOn(option) ? MergePolicy.Extent.EVERYTHING : MergePolicy.Extent.DEAD_VERSIONS;
        case "verbose" -> verbose = isOn(option);
        case "analyze" -> {
          if (isOn(option)) {
            throw StatementStarter.unsupported("VACUUM (ANALYZE)");
          }
        }
        case "freeze",
            "disable_page_skipping",
            "skip_locked",
            "index_cleanup",
            "process_toast",
            "truncate",
            "parallel" -> {
          // About PostgreSQL's pages and locks: there is nothing of the kind to choose.
        }
        default ->
            throw new DatabaseException(
                    SqlState.SYNTAX_ERROR, "unrecognized VACUUM option \"" + option.name() + "\"")
                .at(option.position());
      }
    }
    return new Options(extent, verbose);
  }

  private static boolean isOn(Explain.Option option) {
    String value = option.value();
    if (value == null) {
      return true;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "1" -> true;
      case "off", "false", "0" -> false;
      default ->
          throw new DatabaseException(
              SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
    };
  }

  private List<TableDefinition> tables(List<Subject> subjects) {
    StatementScope scope = starter.scope();
    if (subjects.isEmpty()) {
      return List.copyOf(scope.transaction().catalog().tables());
    }
    List<TableDefinition> tables = new ArrayList<>();
    for (Subject subject : subjects) {
      if (!subject.columns().isEmpty()) {
        throw new DatabaseException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "ANALYZE option must be specified when a column list is provided");
      }
      Relation relation =
          scope
              .catalog()
              .relation(subject.table().schema(), subject.table().name())
              .orElseThrow(() ->
                  new DatabaseException(
                      SqlState.UNDEFINED_TABLE,
                      "relation \"" + subject.table() + "\" does not exist"));
      if (relation instanceof Relation.Stored(var table)) {
        tables.add(table);
      }
    }
    return tables;
  }

  private void tell(TableDefinition table, long versionsBefore, TableStatistics now) {
    session
        .listener()
        .notice(
            SessionListener.Severity.INFO,
            new DatabaseException(
                SqlState.SUCCESSFUL_COMPLETION,
                "table \"%s\": %d dead row versions removed, %d rows in %d segments remain"
                    .formatted(
                        table.name(),
                        Math.max(0, versionsBefore - now.rowVersions()),
                        now.liveRows(),
                        now.segments())));
  }
}
