package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.parse.MaintenanceCommand.Vacuum;
import io.alidade.storage.Database;
import io.alidade.storage.TableStatistics;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.merge.MergePolicy;
import java.util.LinkedHashMap;
import java.util.List;
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
  private record Options(MergePolicy.Extent extent, boolean verbose, boolean analyze) {}

  /// @return the command tag
  String run(Vacuum vacuum) {
    if (session.transactions().inBlock() || session.transactions().hasWritten()) {
      throw new DatabaseException(
          SqlState.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    Options options = options(vacuum.options());
    Database database = session.engine().database();
    if (!options.analyze()
        && vacuum.subjects().stream().anyMatch(subject -> !subject.columns().isEmpty())) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "ANALYZE option must be specified when a column list is provided");
    }
    AnalyzeCommand analyze = new AnalyzeCommand(session, starter);
    List<AnalyzeCommand.Selected> selected = analyze.selected(vacuum.subjects());
    List<TableDefinition> tables = selected.stream().map(AnalyzeCommand.Selected::table).toList();
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
    if (options.analyze()) {
      analyze.run(
          selected,
          options.verbose() ? AnalyzeCommand.Telling.VERBOSE : AnalyzeCommand.Telling.QUIET);
    }
    return "VACUUM";
  }

  private static long versions(Database database, TableDefinition table) {
    return database.tableStatistics(table.oid()).map(TableStatistics::rowVersions).orElse(0L);
  }

  private static Options options(List<Explain.Option> given) {
    MergePolicy.Extent extent = MergePolicy.Extent.DEAD_VERSIONS;
    boolean verbose = false;
    boolean analyze = false;
    for (Explain.Option option : given) {
      switch (option.name()) {
        case "full" ->
            extent =
                MaintenanceOptions.isOn(option)
                    ? MergePolicy.Extent.EVERYTHING
                    : MergePolicy.Extent.DEAD_VERSIONS;
        case "verbose" -> verbose = MaintenanceOptions.isOn(option);
        case "analyze" -> analyze = MaintenanceOptions.isOn(option);
        case "freeze",
            "disable_page_skipping",
            "skip_locked",
            "index_cleanup",
            "process_toast",
            "truncate",
            "parallel" -> {
          // About PostgreSQL's pages and locks: there is nothing of the kind to choose.
        }
        default -> throw MaintenanceOptions.unrecognized("VACUUM", option);
      }
    }
    return new Options(extent, verbose, analyze);
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
