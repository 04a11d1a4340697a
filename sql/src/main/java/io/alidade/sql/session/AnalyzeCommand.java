package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.parse.MaintenanceCommand.Analyze;
import io.alidade.sql.parse.MaintenanceCommand.Subject;
import io.alidade.storage.Database;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.statistics.ColumnSummarizer;
import io.alidade.storage.statistics.TableProfile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// ANALYZE: gathers what is known of the values of tables. Of committed rows: what the own
/// transaction has written is not among them yet.
final class AnalyzeCommand {

  private final ClientSession session;
  private final StatementStarter starter;

  AnalyzeCommand(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  /// Tables of a command, with the indexes of the columns that it names; all if it names none.
  record Selected(TableDefinition table, Set<Integer> columns) {}

  /// Whether what is done is told.
  enum Telling {
    VERBOSE,
    QUIET
  }

  /// @return the command tag
  String run(Analyze analyze) {
    Telling telling = Telling.QUIET;
    for (Explain.Option option : analyze.options()) {
      switch (option.name()) {
        case "verbose" ->
            telling = MaintenanceOptions.isOn(option) ? Telling.VERBOSE : Telling.QUIET;
        case "skip_locked" -> {
          // Nothing is locked.
        }
        default -> throw MaintenanceOptions.unrecognized("ANALYZE", option);
      }
    }
    run(selected(analyze.subjects()), telling);
    return "ANALYZE";
  }

  void run(List<Selected> tables, Telling telling) {
    Database database = session.engine().database();
    for (Selected selected : tables) {
      if (telling == Telling.VERBOSE) {
        tell("analyzing \"%s.%s\"".formatted(selected.table().schema(), selected.table().name()));
      }
      Optional<TableProfile> profile =
          database.analyze(selected.table().oid(), selected.columns(), session.interruption());
      if (telling == Telling.VERBOSE && profile.isPresent()) {
        tell(database, selected.table(), Math.round(profile.get().rows()));
      }
    }
  }

  private void tell(Database database, TableDefinition table, long rows) {
    database
        .tableStatistics(table.oid())
        .ifPresent(now ->
            tell(
                ("\"%s\": scanned %d of %d segments, containing %d live rows and %d dead rows; "
                        + "%d rows in sample, %d estimated total rows")
                    .formatted(
                        table.name(),
                        now.segments(),
                        now.segments(),
                        now.liveRows(),
                        now.rowVersions() - now.liveRows(),
                        Math.min(rows, ColumnSummarizer.SAMPLE),
                        rows)));
  }

  private void tell(String message) {
    session
        .listener()
        .notice(
            SessionListener.Severity.INFO,
            new DatabaseException(SqlState.SUCCESSFUL_COMPLETION, message));
  }

  /// The tables that a command names, or all.
  List<Selected> selected(List<Subject> subjects) {
    StatementScope scope = starter.scope();
    if (subjects.isEmpty()) {
      return scope.transaction().catalog().tables().stream()
          .map(table -> new Selected(table, Set.of()))
          .toList();
    }
    List<Selected> selected = new ArrayList<>();
    for (Subject subject : subjects) {
      Relation relation =
          scope
              .catalog()
              .relation(subject.table().schema(), subject.table().name())
              .orElseThrow(() ->
                  new DatabaseException(
                      SqlState.UNDEFINED_TABLE,
                      "relation \"" + subject.table() + "\" does not exist"));
      if (relation instanceof Relation.Stored(var table)) {
        selected.add(new Selected(table, columns(table, subject.columns())));
      }
    }
    return selected;
  }

  private static Set<Integer> columns(TableDefinition table, List<String> names) {
    Set<Integer> columns = new LinkedHashSet<>();
    for (String name : names) {
      int index =
          java.util.stream.IntStream.range(0, table.columns().size())
              .filter(i -> table.columns().get(i).name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new DatabaseException(
                      SqlState.UNDEFINED_COLUMN,
                      "column \"%s\" of relation \"%s\" does not exist"
                          .formatted(name, table.name())));
      if (!columns.add(index)) {
        throw new DatabaseException(
            SqlState.DUPLICATE_COLUMN,
            "column \"%s\" of relation \"%s\" appears more than once"
                .formatted(name, table.name()));
      }
    }
    return columns;
  }
}
