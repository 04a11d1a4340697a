package io.alidade.sql.session;

import io.alidade.sql.parse.MaintenanceCommand;

/// CHECKPOINT and VACUUM, and what PostgreSQL has beside it.
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
      case MaintenanceCommand.Unlisten _ -> "UNLISTEN"; // Nobody listens, so nobody needs to stop.
      case MaintenanceCommand.Vacuum vacuum -> new VacuumCommand(session, starter).run(vacuum);
      case MaintenanceCommand.Analyze _ -> throw StatementStarter.unsupported("ANALYZE");
      case MaintenanceCommand.Listen _ -> throw StatementStarter.unsupported("LISTEN");
      case MaintenanceCommand.Notify _ -> throw StatementStarter.unsupported("NOTIFY");
    };
  }
}
