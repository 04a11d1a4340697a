package io.alidade.pgwire.connection;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.pgwire.message.BackendMessage;
import io.alidade.pgwire.message.FrontendMessage;
import io.alidade.pgwire.message.FrontendMessage.Opening;
import io.alidade.sql.Portal;
import io.alidade.sql.ScriptStatement;
import io.alidade.sql.Session;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The protocol's state machine for one client, run by one worker thread at a time.
///
/// ```
///            Startup                      Query: parse the script
///  OPENING ───────────► READY ─────────────────────────────────────► IN SCRIPT
///     │ any error         ▲ │                                     each statement:
///     ▼                   │ │                                     RowDescription, rows, tag
///   FATAL, closed         │ │                                     (last one: commit before its tag)
///                         │ │   ReadyForQuery ◄── sync ◄── end of the script, or an error
///                         │ │
///                         │ │ Parse Bind Describe Execute Close Flush
///                         │ ▼                          error
///            sync,        IN BATCH ────────────────────────────────► SKIPPING
///            ReadyForQuery    │                                         │ all but Sync is dropped
///                         ▲   │ Sync                                    │ Sync
///                         └───┴─────────────────────────────────────────┘
///
///  Within a script or an Execute:  COPY FROM STDIN ─► COPYING IN: CopyData*, CopyDone | CopyFail
///                                  client does not read ─► BLOCKED, resumed when there is room
/// ```
///
/// A message that is not allowed where it comes is an error there (08P01); bytes that are no
/// message end the connection. However the conversation ends, its session is closed, once, which
/// rolls back what is open.
final class Conversation implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private static final int SHORT_KEY_BYTES = 4;
  private static final int LONG_KEY_BYTES = 32;

  private final ServerContext server;
  private final ClientConnection client;
  private final ClientOutput output;

  private volatile @Nullable Session session;
  private @Nullable ExtendedQuery extended;
  private boolean over;

  /// What is run now, of a script or an Execute.
  private @Nullable PortalRun running;

  /// The script whose statements are run, else null.
  private @Nullable Script script;

  /// Whether extended messages came since the last Sync.
  private boolean inBatch;

  /// Whether a commit is on its way; until its outcome is known nothing else is done.
  private boolean committing;

  /// Whether messages are dropped until Sync.
  private boolean skipping;

  private volatile boolean mayHoldLocks;

  /// Until when the client may leave its transaction alone, if it may not do so for ever; else 0.
  private long idleUntil;

  private static final class Script {
    final String text;
    List<ScriptStatement> statements = List.of();
    int next;

    Script(String text) {
      this.text = text;
    }

    /// Where the statement that is run starts in the text.
    int offset() {
      return next == 0 ? 0 : statements.get(next - 1).offset();
    }

    /// Gives up the statements that have not run.
    void abandon() {
      statements = List.of();
      next = 0;
    }

    boolean isAtEnd() {
      return next >= statements.size();
    }
  }

  Conversation(ServerContext server, ClientConnection client, ClientOutput output) {
    this.server = server;
    this.client = client;
    this.output = output;
  }

  /// Cancels what is running, if anything. Called by any thread.
  void cancel() {
    Session current = session;
    if (current != null) {
      current.cancel();
    }
  }

  /// Whether it is in a transaction, while it is not run.
  boolean mayHoldLocks() {
    return mayHoldLocks;
  }

  /// Does what there is to do, until a message is missing or the client does not read.
  @Override
  public void run() {
    try {
      boolean goesOn = !over;
      while (goesOn) {
        goesOn = step();
      }
      Session current = session;
      mayHoldLocks =
          current != null
              && (inBatch
                  || committing
                  || running != null
                  || current.transactionStatus() != Session.TransactionStatus.IDLE);
      limitIdleTime();
    } catch (RuntimeException | Error e) {
      LOG.error("a session is ended because of an error in the server", e);
      end();
      client.close();
    }
  }

  /// Has the client's silence between two messages end, where the session says so.
  private void limitIdleTime() {
    Session current = session;
    boolean waits = !over && !committing && !inBatch && running == null && script == null;
    if (current == null || !waits || idleUntil != 0) {
      return;
    }
    Duration limit = current.idleLimit();
    if (!limit.isZero()) {
      idleUntil = Math.max(1, System.nanoTime() + limit.toNanos());
      client.wakeAfter(limit);
    }
  }

  /// @return whether there may be more to do now
  private boolean step() {
    PortalRun run = running;
    boolean forNobody = client.closed() && run != null && run.givesRows();
    if (client.vanished() || forNobody) {
      end();
      return false;
    }
    if (committing) {
      return goOnAfterCommit(run);
    }
    if (run != null && !run.waitsForCopyData()) {
      return advance(run);
    }
    Script current = script;
    if (run == null && current != null) {
      nextStatement(current);
      return true;
    }
    if (run == null && !inBatch && server.draining()) {
      fatal(
          new DatabaseException(
              SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
      return false;
    }
    FrontendMessage message = client.poll();
    if (message == null) {
      if (client.closed()) {
        end();
      } else if (idleUntil != 0 && System.nanoTime() - idleUntil >= 0) {
        fatal(
            new DatabaseException(
                SqlState.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                "terminating connection due to idle-in-transaction timeout"));
      }
      return false;
    }
    idleUntil = 0;
    handle(message);
    return !over;
  }

  private void handle(FrontendMessage message) {
    try {
      if (session == null) {
        opening(message);
      } else if (message instanceof FrontendMessage.Terminate) {
        end();
        client.close();
      } else if (message instanceof FrontendMessage.Broken(var error)) {
        fatal(error);
      } else if (running != null) {
        whileCopying(running, message);
      } else if (!skipping || message instanceof FrontendMessage.Sync) {
        ready(message);
      }
    } catch (RuntimeException | Error e) {
      error(e);
    }
  }

  private void opening(FrontendMessage message) {
    try {
      switch (message) {
        case Opening.Startup startup -> open(StartupRequest.of(startup));
        case FrontendMessage.Broken(var error) -> fatal(error);
        case FrontendMessage.Terminate() -> {
          end();
          client.close();
        }
        default -> fatal(unexpected("a message before the startup packet"));
      }
    } catch (RuntimeException | Error e) {
      fatal(ServerErrors.asDatabaseException(e));
    }
  }

  private void open(StartupRequest request) {
    if (!server.takeSession()) {
      fatal(
          new DatabaseException(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already"));
      return;
    }
    Session opened;
    try {
      opened = server.engine().openSession(request.session(), output);
    } catch (RuntimeException | Error e) {
      server.giveSessionBack();
      throw e;
    }
    session = opened;
    extended = new ExtendedQuery(opened, output);
    if (request.needsNegotiation()) {
      output.write(
          new BackendMessage.NegotiateProtocolVersion(request.minor(), request.unknownOptions()));
    }
    output.write(new BackendMessage.AuthenticationOk());
    opened
        .reportedParameters()
        .forEach((name, value) -> {
          output.applied(name, value);
          output.write(new BackendMessage.ParameterStatus(name, value));
        });
    int keyBytes =
        request.minor() >= StartupRequest.NEWEST_MINOR ? LONG_KEY_BYTES : SHORT_KEY_BYTES;
    byte[] key = server.cancelKeys().issue(opened.processId(), keyBytes, opened::cancel);
    output.write(new BackendMessage.BackendKeyData(opened.processId(), key));
    output.ready(opened.transactionStatus());
  }

  /// Takes a message when nothing is running.
  private void ready(FrontendMessage message) {
    switch (message) {
      case FrontendMessage.Query(var text) -> query(text);
      case FrontendMessage.Sync() -> sync();
      case FrontendMessage.Flush() -> output.flush();
      case FrontendMessage.Parse parse -> batch().parse(parse);
      case FrontendMessage.Bind bind -> batch().bind(bind);
      case FrontendMessage.Describe describe -> batch().describe(describe);
      case FrontendMessage.Close close -> batch().close(close);
      case FrontendMessage.Execute execute -> running = batch().execute(execute);
      // A client may still be sending for a COPY that has failed.
      case FrontendMessage.CopyData _, FrontendMessage.CopyDone _, FrontendMessage.CopyFail _ -> {}
      case FrontendMessage.FunctionCall() ->
          refuseQuery(
              new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED, "function calls by OID are not supported"));
      case FrontendMessage.Password() -> fatal(unexpected("a password that was not asked for"));
      case FrontendMessage.Unreadable unreadable -> unreadable(unreadable);
      case FrontendMessage.Broken(var error) -> fatal(error);
      case FrontendMessage.Terminate _, Opening _ ->
          throw new IllegalStateException("handled before: " + message);
    }
  }

  private ExtendedQuery batch() {
    inBatch = true;
    ExtendedQuery current = extended;
    if (current == null) {
      throw new IllegalStateException("there is no session");
    }
    return current;
  }

  private void unreadable(FrontendMessage.Unreadable message) {
    switch (message.type()) {
      case 'Q', 'F' -> refuseQuery(message.error());
      case 'd', 'c', 'f' -> {} // As when they can be read.
      case 'S', 'H', 'X' -> fatal(message.error()); // They have no body that could be meant.
      default -> {
        inBatch = true;
        throw message.error();
      }
    }
  }

  /// Answers a message that stands for itself with an error.
  private void refuseQuery(DatabaseException error) {
    script = new Script("");
    throw error;
  }

  /// Takes a message while COPY FROM STDIN waits for data.
  private void whileCopying(PortalRun run, FrontendMessage message) {
    switch (message) {
      case FrontendMessage.CopyData(var data) -> run.copyData(data);
      case FrontendMessage.CopyDone() -> run.copyDone();
      case FrontendMessage.CopyFail(var reason) -> throw PortalRun.copyFailed(reason);
      // Clients of the extended protocol may have sent these before they saw that it is a COPY.
      case FrontendMessage.Flush _, FrontendMessage.Sync _ -> {}
      case FrontendMessage.Unreadable(_, var error) -> throw error;
      default -> throw unexpected("unexpected message type during COPY from stdin");
    }
  }

  private static DatabaseException unexpected(String message) {
    return new DatabaseException(SqlState.PROTOCOL_VIOLATION, message);
  }

  private void query(String text) {
    Script started = new Script(text);
    script = started;
    started.statements = session().parseScript(text);
    if (started.statements.isEmpty()) {
      output.write(new BackendMessage.EmptyQueryResponse());
    }
  }

  private void nextStatement(Script current) {
    if (current.isAtEnd()) {
      script = null;
      sync();
      return;
    }
    try {
      ScriptStatement statement = current.statements.get(current.next++);
      Portal portal = session().open(statement);
      running =
          new PortalRun(
              portal,
              PortalRun.Mode.SIMPLE,
              BindValues.resultFormats(new short[0], portal.columns().size()),
              0,
              output);
    } catch (RuntimeException | Error e) {
      error(e);
    }
  }

  /// @return whether there may be more to do now
  private boolean advance(PortalRun run) {
    try {
      return switch (run.advance()) {
        case GOES_ON, WAITS_FOR_COPY_DATA -> true;
        case BLOCKED -> false;
        case ENDED -> {
          // The client must not be told of success before it is sure.
          if (script != null && script.isAtEnd() && !session().beginSync(client::wake)) {
            committing = true;
          } else {
            running = null;
            output.write(run.end());
          }
          yield true;
        }
      };
    } catch (RuntimeException | Error e) {
      error(e);
      return true;
    }
  }

  /// Ends the implicit transaction and says that the session is ready.
  private void sync() {
    skipping = false;
    inBatch = false;
    try {
      committing = !session().beginSync(client::wake);
    } catch (RuntimeException | Error e) {
      writeError(e);
    }
    if (!committing) {
      synced();
    }
  }

  /// Says what became of a commit, if that is known now.
  ///
  /// @param run the end of a script that was committed; null for a batch
  /// @return whether there may be more to do now
  private boolean goOnAfterCommit(@Nullable PortalRun run) {
    try {
      committing = !session().finishSync();
      if (committing) {
        return false;
      }
      if (run != null) {
        running = null;
        output.write(run.end());
      }
    } catch (RuntimeException | Error e) {
      committing = false;
      if (run != null) {
        error(e);
      } else {
        writeError(e);
      }
    }
    if (run == null) {
      synced();
    }
    return true;
  }

  private void synced() {
    Session current = session();
    if (current.transactionStatus() == Session.TransactionStatus.IDLE && extended != null) {
      extended.forgetPortals();
    }
    output.ready(current.transactionStatus());
  }

  /// Tells the client of an error and skips what depends on what failed.
  private void error(Throwable thrown) {
    writeError(thrown);
    running = null;
    session().failed();
    Script failed = script;
    if (failed != null) {
      failed.abandon(); // It ends with ReadyForQuery.
    } else {
      skipping = true;
    }
  }

  private void writeError(Throwable thrown) {
    DatabaseException error = ServerErrors.asDatabaseException(thrown);
    int position = 0;
    if (error.position() != DatabaseException.NO_POSITION) {
      Script current = script;
      String text = current != null ? current.text : batchText();
      int offset = (current != null ? current.offset() : 0) + error.position();
      // Clients count characters from 1, and a character beyond the basic plane is one.
      position = 1 + (offset <= text.length() ? text.codePointCount(0, offset) : offset);
    }
    output.write(new BackendMessage.ErrorResponse("ERROR", error, position));
  }

  private String batchText() {
    return extended == null ? "" : extended.lastText();
  }

  private Session session() {
    Session current = session;
    if (current == null) {
      throw new IllegalStateException("there is no session");
    }
    return current;
  }

  /// Tells the client why its connection ends, and ends it.
  private void fatal(DatabaseException error) {
    output.write(new BackendMessage.ErrorResponse("FATAL", error, 0));
    output.flushAndClose();
    end();
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    Session ended = session;
    running = null;
    script = null;
    if (ended != null) {
      session = null;
      server.cancelKeys().revoke(ended.processId());
      try {
        ended.close();
      } catch (RuntimeException | Error e) {
        LOG.error("closing a session failed", e);
      }
      server.giveSessionBack();
    }
    client.over();
  }
}
