package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.constraint.ConstraintScope;
import io.alidade.sql.constraint.DeferredChecks;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.row.MemoryBudget;
import io.alidade.sql.parse.Copy;
import io.alidade.sql.parse.CursorCommand;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Explain;
import io.alidade.sql.parse.MaintenanceCommand;
import io.alidade.sql.parse.ObjectDefinition;
import io.alidade.sql.parse.PreparedCommand;
import io.alidade.sql.parse.Query;
import io.alidade.sql.parse.SettingCommand;
import io.alidade.sql.parse.StatementSyntax;
import io.alidade.sql.parse.TableDefinition;
import io.alidade.sql.parse.TransactionCommand;
import io.alidade.sql.parse.Unsupported;
import io.alidade.storage.Transaction;
import java.util.Optional;

/// Begins to run what was compiled and bound.
final class StatementStarter {

  private final ClientSession session;

  StatementStarter(ClientSession session) {
    this.session = session;
  }

  Run start(Compiled compiled, BoundValues values) {
    return switch (compiled) {
      case Compiled.Rows rows -> startQuery(rows, values);
      case Compiled.Change change -> startChange(change, values);
      case Compiled.Command command -> startCommand(command, values);
      case Compiled.Nothing _ -> _ -> new io.alidade.sql.Portal.Step.Empty();
    };
  }

  Run startQuery(Compiled.Rows rows, BoundValues values) {
    Optional<AnalyzedQuery.Locks> locks = rows.analyzed().locks();
    if (locks.isPresent()) {
      session.transactions().requireWritable(LockingQuery.command(locks.get()));
      return new LockingQuery(this, rows, locks.get(), values).run();
    }
    return new QueryRun(PlanExecutor.open(rows.plan(), execution(rows, values)));
  }

  /// Begins a statement in the transaction, for a plan to run in.
  ExecutionContext execution(Compiled.Rows rows, BoundValues values) {
    Transaction transaction = beginStatement();
    return executionIn(transaction, rows.analyzed().slots(), values);
  }

  ExecutionContext executionIn(Transaction transaction, Slots slots, BoundValues values) {
    SessionSettings.Effective settings = session.settings().effective();
    return new ExecutionContext(
        transaction,
        slots.values(values.parameters(), values.literals(), session.context()),
        session.context(),
        session.interruption(),
        new MemoryBudget(settings.workMemory(), session.engine().statementMemory()),
        settings.search());
  }

  Transaction beginStatement() {
    session.transactions().requireNotFailed();
    return session.transactions().beginStatement();
  }

  private Run startChange(Compiled.Change change, BoundValues values) {
    session.transactions().requireWritable(change.plan().verb());
    return new ChangeExecution(this, change, values).run();
  }

  private Run startCommand(Compiled.Command command, BoundValues values) {
    if (!(command.syntax() instanceof TransactionCommand)) {
      session.transactions().requireNotFailed();
    }
    return switch (command.syntax()) {
      case TransactionCommand transaction ->
          CompletedRun.of(new TransactionCommands(session).run(transaction));
      case SettingCommand.Show show -> ShowCommand.run(show, session);
      case SettingCommand setting -> CompletedRun.of(new SettingCommands(session).run(setting));
      case PreparedCommand.Execute execute -> new PreparedCommands(session, this).execute(execute);
      case PreparedCommand prepared ->
          CompletedRun.of(new PreparedCommands(session, this).run(prepared, command.text()));
      case TableDefinition definition -> CompletedRun.of(definitions("DDL").run(definition));
      case ObjectDefinition definition -> CompletedRun.of(definitions("DDL").run(definition));
      case MaintenanceCommand maintenance ->
          CompletedRun.of(new MaintenanceCommands(session, this).run(maintenance));
      case Explain explain -> new ExplainCommand(session, this).run(explain, command, values);
      case Copy copy -> new CopyCommand(session, this).start(copy);
      case Query _, DataChange _, CursorCommand _, Unsupported _ ->
          throw new IllegalStateException("not a command: " + nameOf(command.syntax()));
    };
  }

  private DefinitionCommands definitions(String command) {
    session.transactions().requireWritable(command);
    return new DefinitionCommands(scope(), this);
  }

  /// Begins a statement for a command.
  StatementScope scope() {
    return new StatementScope(session.context(), beginStatement(), session.listener());
  }

  /// What a writer of rows needs of the session.
  ConstraintScope constraints(Transaction transaction) {
    return new SessionConstraints(this, transaction, session);
  }

  /// What the transaction has put off to its end.
  DeferredChecks deferred() {
    return session.transactions().deferred();
  }

  private static String nameOf(StatementSyntax syntax) {
    return syntax.getClass().getSimpleName();
  }

  static DatabaseException unsupported(String what) {
    return new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, what + " is not supported");
  }
}
