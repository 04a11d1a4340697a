package io.alidade.pgwire;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.Portal;
import io.alidade.sql.Portal.CopyFormat;
import io.alidade.sql.Portal.CopyReceiver;
import io.alidade.sql.Portal.Step;
import io.alidade.sql.PreparedStatement;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.ScriptStatement;
import io.alidade.sql.Session;
import io.alidade.sql.SessionListener;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.parse.ParsedStatement;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// A session that understands: `rows N`, `wide N BYTES`, `echo` (its parameters), `begin`,
/// `commit`, `rollback`, `fail`, `fail at commit`, `later` and `fail later` (whose commit's outcome
/// comes later), `bug`, `sleep`, `notice`, `zone NAME`, `copy in`, `copy out N`.
final class FakeSession implements Session {

  private static final int LATER_MILLIS = 100;

  final List<String> calls = new CopyOnWriteArrayList<>();
  final CountDownLatch closed = new CountDownLatch(1);
  final CountDownLatch sleeping = new CountDownLatch(1);
  final AtomicLong fetchedRows = new AtomicLong();
  final ByteArrayOutputStream copied = new ByteArrayOutputStream();
  final SessionRequest request;
  private final AtomicBoolean alone = new AtomicBoolean();
  private final SessionListener listener;
  private final int processId;
  private final Semaphore cancels = new Semaphore(0);
  private final Map<String, Statement> statements = new HashMap<>();
  private final Map<String, FakePortal> portals = new HashMap<>();
  private TransactionStatus status = TransactionStatus.IDLE;
  private boolean failAtCommit;

  /// Whether the outcome of the commit is known only some time after it was begun.
  private boolean later;

  private volatile boolean known;

  record Statement(String text, List<ColumnType> parameterTypes) implements PreparedStatement {
    @Override
    public List<ResultColumn> columns() {
      return switch (text.split(" ")[0]) {
        case "rows" -> List.of(column("n", ColumnType.INT4), column("t", ColumnType.varchar(20)));
        case "wide" -> List.of(column("w", ColumnType.TEXT));
        case "echo" -> {
          List<ResultColumn> columns = new ArrayList<>();
          for (int i = 0; i < parameterTypes.size(); i++) {
            columns.add(column("p" + (i + 1), parameterTypes.get(i)));
          }
          yield columns;
        }
        default -> List.of();
      };
    }

    private static ResultColumn column(String name, ColumnType type) {
      return new ResultColumn(name, type, 0, (short) 0);
    }
  }

  FakeSession(SessionRequest request, SessionListener listener, int processId) {
    this.request = request;
    this.listener = listener;
    this.processId = processId;
  }

  private void call(String name) {
    if (!alone.compareAndSet(false, true)) {
      throw new AssertionError("two threads in one session");
    }
    calls.add(name);
    alone.set(false);
  }

  @Override
  public List<ScriptStatement> parseScript(String script) {
    call("parseScript");
    int bad = script.indexOf("syntax error");
    if (bad >= 0) {
      throw new DatabaseException(SqlState.SYNTAX_ERROR, "syntax error").at(bad);
    }
    List<ScriptStatement> found = new ArrayList<>();
    int offset = 0;
    for (String part : script.split(";", -1)) {
      int start = offset + part.length() - part.stripLeading().length();
      if (!part.isBlank()) {
        found.add(new ScriptStatement(new ParsedStatement(null, part.strip(), start, false)));
      }
      offset += part.length() + 1;
    }
    return found;
  }

  @Override
  public Portal open(ScriptStatement statement) {
    call("open " + statement.text());
    FakePortal portal = new FakePortal(new Statement(statement.text(), List.of()), List.of());
    portals.put("", portal);
    return portal;
  }

  @Override
  public PreparedStatement prepare(
      String name, String text, List<Optional<ColumnType>> parameterTypes) {
    call("prepare " + name);
    if (!name.isEmpty() && statements.containsKey(name)) {
      throw new DatabaseException(
          SqlState.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"" + name + "\" already exists");
    }
    if (text.equals("bad")) {
      throw new DatabaseException(SqlState.SYNTAX_ERROR, "syntax error at or near \"bad\"").at(0);
    }
    Statement statement =
        new Statement(
            text, parameterTypes.stream().map(type -> type.orElse(ColumnType.TEXT)).toList());
    statements.put(name, statement);
    return statement;
  }

  @Override
  public PreparedStatement preparedStatement(String name) {
    Statement statement = statements.get(name);
    if (statement == null) {
      throw new DatabaseException(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  @Override
  public Portal bind(String portalName, String statementName, List<Object> parameters) {
    call("bind " + portalName);
    FakePortal portal = new FakePortal((Statement) preparedStatement(statementName), parameters);
    portals.put(portalName, portal);
    return portal;
  }

  @Override
  public Portal portal(String name) {
    FakePortal portal = portals.get(name);
    if (portal == null) {
      throw new DatabaseException(
          SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }

  @Override
  public void closeStatement(String name) {
    statements.remove(name);
  }

  @Override
  public void closePortal(String name) {
    portals.remove(name);
  }

  @Override
  public boolean beginSync(Runnable whenKnown) {
    if (!later) {
      sync();
      return true;
    }
    call("beginSync");
    later = false;
    CompletableFuture.delayedExecutor(LATER_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> {
          known = true;
          whenKnown.run();
        });
    return false;
  }

  @Override
  public boolean finishSync() {
    if (!known) {
      return false;
    }
    known = false;
    sync();
    return true;
  }

  @Override
  public void sync() {
    call("sync");
    if (failAtCommit) {
      failAtCommit = false;
      throw new DatabaseException(SqlState.SERIALIZATION_FAILURE, "commit refused");
    }
    if (status == TransactionStatus.IDLE) {
      portals.clear();
    }
  }

  @Override
  public void failed() {
    call("failed");
    failAtCommit = false;
    if (status == TransactionStatus.IN_TRANSACTION) {
      status = TransactionStatus.FAILED;
    }
  }

  @Override
  public TransactionStatus transactionStatus() {
    return status;
  }

  @Override
  public Duration idleLimit() {
    return Duration.ZERO;
  }

  @Override
  public Map<String, String> reportedParameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("server_version", "15.0");
    parameters.put("client_encoding", "UTF8");
    parameters.put("TimeZone", "UTC");
    return parameters;
  }

  @Override
  public int processId() {
    return processId;
  }

  @Override
  public void cancel() {
    cancels.release();
  }

  @Override
  public void close() {
    call("close");
    closed.countDown();
  }

  /// A running statement.
  private final class FakePortal implements Portal {
    private final Statement statement;
    private final String[] words;
    private final List<Object> parameters;
    private int given;
    private boolean begun;
    private boolean received;

    FakePortal(Statement statement, List<Object> parameters) {
      this.statement = statement;
      this.words = statement.text().split(" ");
      this.parameters = parameters;
    }

    @Override
    public List<ResultColumn> columns() {
      return statement.columns();
    }

    @Override
    public Step fetch(int maxRows) {
      call("fetch " + words[0]);
      return switch (statement.text()) {
        case "" -> new Step.Empty();
        case "begin" -> status(TransactionStatus.IN_TRANSACTION, "BEGIN");
        case "commit" -> status(TransactionStatus.IDLE, "COMMIT");
        case "rollback" -> status(TransactionStatus.IDLE, "ROLLBACK");
        case "fail" ->
            throw new DatabaseException(SqlState.DIVISION_BY_ZERO, "division by zero")
                .at(2)
                .withDetail("a detail")
                .withHint("a hint")
                .with(DatabaseException.Field.TABLE, "t");
        case "fail at commit" -> {
          failAtCommit = true;
          yield new Step.Complete("UPDATE 1");
        }
        case "later" -> {
          later = true;
          yield new Step.Complete("UPDATE 1");
        }
        case "fail later" -> {
          later = true;
          failAtCommit = true;
          yield new Step.Complete("UPDATE 1");
        }
        case "bug" -> throw new IllegalStateException("a bug");
        case "deep" -> throw new StackOverflowError();
        case "sleep" -> sleep();
        case "notice" -> {
          listener.notice(
              SessionListener.Severity.NOTICE,
              new DatabaseException(SqlState.SUCCESSFUL_COMPLETION, "by the way"));
          yield new Step.Complete("DO");
        }
        case "copy in" -> copyIn();
        default -> rows(maxRows);
      };
    }

    private Step rows(int maxRows) {
      switch (words[0]) {
        case "zone" -> {
          listener.parameterChanged("TimeZone", words[1]);
          return new Step.Complete("SET");
        }
        case "copy" -> {
          return copyOut();
        }
        case "rows", "wide", "echo" -> {
          int total = words[0].equals("echo") ? 1 : Integer.parseInt(words[1]);
          if (given == total) {
            return new Step.Complete("SELECT " + given);
          }
          List<Object[]> rows = new ArrayList<>();
          while (rows.size() < maxRows && given < total) {
            given++;
            rows.add(
                switch (words[0]) {
                  case "echo" -> parameters.toArray();
                  case "wide" -> new Object[] {"w".repeat(Integer.parseInt(words[2]))};
                  default -> new Object[] {given, given % 2 == 0 ? null : "t" + given};
                });
          }
          fetchedRows.addAndGet(rows.size());
          return new Step.Rows(rows);
        }
        default -> throw new DatabaseException(SqlState.SYNTAX_ERROR, "not understood");
      }
    }

    private Step copyOut() {
      int total = Integer.parseInt(words[2]);
      if (!begun) {
        begun = true;
        return new Step.CopyOut(CopyFormat.TEXT, 2);
      }
      if (given == total) {
        return new Step.Complete("COPY " + total);
      }
      given++;
      return new Step.CopyData((given + "\tx\n").getBytes(StandardCharsets.UTF_8));
    }

    private Step copyIn() {
      if (received) {
        return new Step.Complete("COPY " + copied.size());
      }
      return new Step.CopyIn(
          new CopyReceiver() {
            @Override
            public CopyFormat format() {
              return CopyFormat.TEXT;
            }

            @Override
            public int columns() {
              return 1;
            }

            @Override
            public void receive(ByteBuffer data) {
              byte[] bytes = new byte[data.remaining()];
              data.get(bytes);
              if (new String(bytes, StandardCharsets.UTF_8).startsWith("bad")) {
                throw new DatabaseException(SqlState.BAD_COPY_FILE_FORMAT, "bad line");
              }
              copied.writeBytes(bytes);
            }

            @Override
            public void finish() {
              received = true;
            }
          });
    }

    private Step status(TransactionStatus next, String tag) {
      status = next;
      return new Step.Complete(tag);
    }

    private Step sleep() {
      sleeping.countDown();
      try {
        if (cancels.tryAcquire(20, TimeUnit.SECONDS)) {
          throw new DatabaseException(
              SqlState.QUERY_CANCELED, "canceling statement due to user request");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Step.Complete("SLEEP");
    }
  }
}
