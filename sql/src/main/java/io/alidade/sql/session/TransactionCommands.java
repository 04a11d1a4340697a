package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.parse.TransactionCommand;

/// BEGIN, COMMIT, ROLLBACK and the savepoints.
final class TransactionCommands {

  private final ClientSession session;

  TransactionCommands(ClientSession session) {
    this.session = session;
  }

  /// @return the command tag
  String run(TransactionCommand command) {
    return switch (command) {
      case TransactionCommand.Begin begin -> begin(begin);
      case TransactionCommand.Commit(var chain) -> commit(chain);
      case TransactionCommand.Rollback(var chain) -> rollback(chain);
      case TransactionCommand.Savepoint(var name) -> {
        session.transactions().requireNotFailed();
        session.transactions().savepoint(name);
        yield "SAVEPOINT";
      }
      case TransactionCommand.ReleaseSavepoint(var name) -> {
        session.transactions().requireNotFailed();
        session.transactions().release(name);
        yield "RELEASE";
      }
      case TransactionCommand.RollbackTo(var name) -> {
        session.transactions().rollbackTo(name);
        yield "ROLLBACK";
      }
      case TransactionCommand.SetModes modes -> setModes(modes);
      case TransactionCommand.SetConstraints set -> setConstraints(set);
    };
  }

  private String begin(TransactionCommand.Begin begin) {
    session.transactions().requireNotFailed();
    if (session.transactions().begin(begin.modes())) {
      warn(SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
    }
    return switch (begin.form()) {
      case BEGIN -> "BEGIN";
      case START_TRANSACTION -> "START TRANSACTION";
    };
  }

  private String commit(TransactionCommand.Chain chain) {
    requireNoChain(chain);
    if (!session.transactions().inBlock()) {
      warn(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
    }
    return session.transactions().commitBlock() ? "COMMIT" : "ROLLBACK";
  }

  private String rollback(TransactionCommand.Chain chain) {
    requireNoChain(chain);
    if (!session.transactions().inBlock()) {
      warn(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
    }
    session.transactions().rollbackBlock();
    return "ROLLBACK";
  }

  private static void requireNoChain(TransactionCommand.Chain chain) {
    if (chain == TransactionCommand.Chain.CHAIN) {
      throw StatementStarter.unsupported("AND CHAIN");
    }
  }

  private String setModes(TransactionCommand.SetModes set) {
    session.transactions().requireNotFailed();
    switch (set.scope()) {
      case TRANSACTION -> {
        if (!session.transactions().inBlock()) {
          warn(
              SqlState.NO_ACTIVE_SQL_TRANSACTION,
              "SET TRANSACTION can only be used in transaction blocks");
        } else {
          session.transactions().setModes(set.modes());
        }
      }
      case SESSION -> setDefaults(set.modes());
    }
    return "SET";
  }

  private String setConstraints(TransactionCommand.SetConstraints set) {
    session.transactions().requireNotFailed();
    if (!session.transactions().inBlock()) {
      warn(
          SqlState.NO_ACTIVE_SQL_TRANSACTION,
          "SET CONSTRAINTS can only be used in transaction blocks");
    }
    new ConstraintTimings(session).set(set.names(), set.timing());
    return "SET CONSTRAINTS";
  }

  private void setDefaults(TransactionCommand.Modes modes) {
    TransactionCommand.Isolation isolation = modes.isolation();
    if (isolation != null) {
      session
          .settings()
          .set(ServerSettings.DEFAULT_ISOLATION, TransactionControl.nameOf(isolation));
    }
    TransactionCommand.Access access = modes.access();
    if (access != null) {
      session.settings().set(ServerSettings.DEFAULT_READ_ONLY, TransactionControl.nameOf(access));
    }
  }

  private void warn(SqlState state, String message) {
    session
        .listener()
        .notice(SessionListener.Severity.WARNING, new DatabaseException(state, message));
  }
}
