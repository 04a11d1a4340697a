package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.Portal;
import io.alidade.sql.ResultColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A bound statement of a session. It starts to run at its first fetch, is closed when it fails,
/// and answers with its last step again when it is fetched after its end.
final class ClientPortal implements Portal, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClientPortal.class);

  private final ClientSession session;
  private final Compiled compiled;
  private final BoundValues values;
  private State state = State.NEW;
  private Run run = CompletedRun.of("");
  private @Nullable Step end;

  private enum State {
    NEW,
    RUNNING,
    CLOSED
  }

  ClientPortal(ClientSession session, Compiled compiled, BoundValues values) {
    this.session = session;
    this.compiled = compiled;
    this.values = values;
  }

  @Override
  public List<ResultColumn> columns() {
    return compiled.columns();
  }

  /// Whether it has begun and will go on.
  boolean isRunning() {
    return state == State.RUNNING;
  }

  @Override
  public Step fetch(int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("maxRows " + maxRows);
    }
    if (end != null) {
      return end;
    }
    try {
      session.beginWork();
      if (state == State.NEW) {
        state = State.RUNNING;
        run = session.start(compiled, values);
      }
      Step step = run.next(maxRows);
      if (step instanceof Step.Complete || step instanceof Step.Empty) {
        end = step;
        close();
        session.interruption().end();
      }
      session.reportSettings();
      return step;
    } catch (DatabaseException e) {
      close();
      throw e;
    } catch (StackOverflowError e) {
      close();
      throw new DatabaseException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", e);
    } catch (RuntimeException e) {
      close();
      LOG.error("A statement failed by a fault of the server's own", e);
      throw new DatabaseException(SqlState.INTERNAL_ERROR, "internal error: " + e, e);
    }
  }

  @Override
  public void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      run.close();
    }
    if (end == null) {
      end = new Step.Complete("");
    }
  }
}
