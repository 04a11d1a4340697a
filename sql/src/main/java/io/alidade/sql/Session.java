package io.alidade.sql;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One client's conversation: its transaction, settings, prepared statements and portals.
///
/// The calls follow PostgreSQL's protocol. *Simple query:* [#parseScript], then for each statement
/// [#open] and [Portal#fetch] until it is complete, then [#sync]. *Extended query:* any number of
/// [#prepare], [#bind], [Portal#fetch], the `close` calls, then [#sync]. After a
/// [DatabaseException] from any of them the caller calls [#failed] once, skips to the end of the
/// script or to the next sync, and goes on with [#sync].
///
/// A session is used by one thread at a time; only [#cancel] may be called by any thread at any
/// time.
public interface Session extends AutoCloseable {

  /// Splits and parses a text of statements separated by semicolons; an empty one gives an empty
  /// list.
  ///
  /// @throws DatabaseException 42601 with its position when one of them does not parse; none has
  ///   run
  List<ScriptStatement> parseScript(String script);

  /// Analyses and binds one statement of a script as the unnamed portal.
  Portal open(ScriptStatement statement);

  /// Parses and analyses a statement and keeps it under a name; the unnamed one ("") is replaced.
  ///
  /// @param parameterTypes what the client declared for `$1`, `$2`...; missing or empty ones are
  ///   inferred
  /// @throws DatabaseException 42P05 when the name is taken
  PreparedStatement prepare(String name, String text, List<Optional<ColumnType>> parameterTypes);

  /// @throws DatabaseException 26000 when there is no such statement
  PreparedStatement preparedStatement(String name);

  /// Binds a prepared statement's parameters into a portal; the unnamed one ("") is replaced.
  ///
  /// @param parameters one value of its type for each parameter, null for SQL NULL
  /// @throws DatabaseException 42P03 when the portal's name is taken
  Portal bind(String portalName, String statementName, List<@Nullable Object> parameters);

  /// @throws DatabaseException 34000 when there is no such portal
  Portal portal(String name);

  /// Forgets a statement and its portals; one that is not there is no error.
  void closeStatement(String name);

  /// Ends a portal; one that is not there is no error.
  void closePortal(String name);

  /// Ends the implicit transaction, if one is open: commits it, or has it rolled back after
  /// [#failed].
  ///
  /// @throws DatabaseException when the commit is refused; the transaction is then rolled back
  void sync();

  /// What [#sync] does, in two steps, so that no thread has to wait for the disk.
  ///
  /// @param whenKnown called once, by any thread and perhaps before this returns, when
  ///   [#finishSync] has something to do; not called if this returns true. Short; throws nothing
  /// @return whether it is over; else only [#finishSync], [#cancel] and [#close] are allowed
  /// @throws DatabaseException when the commit is refused; the transaction is then rolled back
  default boolean beginSync(Runnable whenKnown) {
    sync();
    return true;
  }

  /// Goes on with what [#beginSync] began.
  ///
  /// @return whether it is over; false means that the outcome is not known yet
  /// @throws DatabaseException when the commit is refused; the transaction is then rolled back
  default boolean finishSync() {
    return true;
  }

  /// Tells that the last call ended in an error: an implicit transaction is rolled back, an
  /// explicit one becomes [TransactionStatus#FAILED].
  void failed();

  TransactionStatus transactionStatus();

  /// How long the session may wait for its client from now on until it is ended (25P03); zero for
  /// without end.
  Duration idleLimit();

  /// The values of the parameters that PostgreSQL reports to its clients at start-up.
  Map<String, String> reportedParameters();

  /// The number that `pg_backend_pid()` shows.
  int processId();

  /// Ends the running statement with 57014 as soon as it reaches a checkpoint. Thread-safe.
  void cancel();

  /// Rolls back what is open and frees everything.
  @Override
  void close();

  /// What a ReadyForQuery message says.
  enum TransactionStatus {
    IDLE,
    IN_TRANSACTION,
    FAILED
  }
}
