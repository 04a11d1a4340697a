package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.MaintenanceCommand;
import java.util.List;

/// CHECKPOINT, VACUUM, ANALYZE, REINDEX and OPTIMIZE TABLE, and what PostgreSQL has beside it.
final class MaintenanceCommands {

  private final ClientSession session;
  private final StatementStarter starter;

  MaintenanceCommands(ClientSession session, StatementStarter starter) {
    this.session = session;
    this.starter = starter;
  }

  /// @return the command tag
  String run(MaintenanceCommand command) {
    return switch (command) {
      case MaintenanceCommand.Checkpoint _ -> {
        session.engine().database().checkpoint();
        yield "CHECKPOINT";
      }
      case MaintenanceCommand.LockTable lock -> new LockTableCommand(session).run(lock);
      case MaintenanceCommand.Unlisten _ -> "UNLISTEN"; // Nobody listens, so nobody needs to stop.
      case MaintenanceCommand.Vacuum vacuum -> new VacuumCommand(session, starter).run(vacuum);
      case MaintenanceCommand.Analyze analyze -> new AnalyzeCommand(session, starter).run(analyze);
      case MaintenanceCommand.Reindex reindex -> new ReindexCommand(session, starter).run(reindex);
      case MaintenanceCommand.Optimize optimize -> optimize(optimize);
      case MaintenanceCommand.Listen _ -> throw StatementStarter.unsupported("LISTEN");
      case MaintenanceCommand.Notify _ -> throw StatementStarter.unsupported("NOTIFY");
    };
  }

  /// Has the policy of merging done at once what it would do in the background.
  private String optimize(MaintenanceCommand.Optimize optimize) {
    if (session.transactions().inBlock() || session.transactions().hasWritten()) {
      throw new DatabaseException(
          SqlState.ACTIVE_SQL_TRANSACTION, "OPTIMIZE TABLE cannot run inside a transaction block");
    }
    List<Integer> tables =
        new AnalyzeCommand(session, starter)
                .selected(
                    optimize.tables().stream()
                        .map(name -> new MaintenanceCommand.Subject(name, List.of()))
                        .toList())
                .stream()
                .map(selected -> selected.table().oid())
                .toList();
    session.engine().database().optimize(tables, session.interruption());
    return "OPTIMIZE TABLE";
  }
}
