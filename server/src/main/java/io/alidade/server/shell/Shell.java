package io.alidade.server.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Runs statements on a connection and prints what comes back.
public final class Shell {
  private static final String HELP =
      """
      Statements end with a semicolon and may take many lines.
      \\d  lists the tables    \\?  shows this    \\q  quits (as does Ctrl-D)\
      """;
  private static final String LIST_TABLES =
      "SELECT c.relname AS \"table\" FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY c.relname";

  private final Connection connection;
  private final PrintWriter out;
  private final PrintWriter err;

  /// Whether somebody types at a terminal.
  public enum Prompt {
    SHOWN,
    NONE
  }

  /// What came of a run.
  public enum Outcome {
    SUCCEEDED,
    /// At least one statement ended in an error.
    FAILED
  }

  private enum Line {
    CONTINUES,
    QUITS,
    FAILS
  }

  public Shell(Connection connection, PrintWriter out, PrintWriter err) {
    this.connection = connection;
    this.out = out;
    this.err = err;
  }

  /// Runs a text of one or more statements and prints all their results.
  public Outcome run(String statements) {
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(statements);
      do {
        if (rows) {
          printRows(statement);
        } else if (statement.getUpdateCount() >= 0) {
          out.println("ok, " + counted(statement.getUpdateCount()));
        }
        rows = statement.getMoreResults();
      } while (rows || statement.getUpdateCount() != -1);
      printWarnings(statement);
      out.flush();
      return Outcome.SUCCEEDED;
    } catch (SQLException e) {
      out.flush();
      printError(e);
      return Outcome.FAILED;
    }
  }

  /// Reads statements to the end of the input or to `\q`; an error does not end it.
  public Outcome read(BufferedReader in, Prompt prompt) throws IOException {
    StatementSplitter splitter = new StatementSplitter();
    Outcome outcome = Outcome.SUCCEEDED;
    while (true) {
      prompt(prompt, splitter);
      String line = in.readLine();
      if (line == null) {
        break;
      }
      boolean command = splitter.isEmpty() && line.strip().startsWith("\\");
      Line result = command ? command(line.strip()) : statements(line, splitter);
      if (result == Line.QUITS) {
        return outcome;
      }
      outcome = result == Line.FAILS ? Outcome.FAILED : outcome;
    }
    String rest = splitter.rest();
    if (!rest.isEmpty() && run(rest) == Outcome.FAILED) {
      return Outcome.FAILED;
    }
    return outcome;
  }

  private Line statements(String line, StatementSplitter splitter) {
    splitter.add(line);
    Line result = Line.CONTINUES;
    for (Optional<String> next = splitter.next(); next.isPresent(); next = splitter.next()) {
      if (run(next.get()) == Outcome.FAILED) {
        result = Line.FAILS;
      }
    }
    return result;
  }

  private Line command(String command) {
    switch (command) {
      case "\\q" -> {
        return Line.QUITS;
      }
      case "\\?", "\\h", "\\help" -> out.println(HELP);
      case "\\d", "\\dt" -> {
        return run(LIST_TABLES) == Outcome.FAILED ? Line.FAILS : Line.CONTINUES;
      }
      default -> {
        err.println("there is no command " + command + "; \\? shows those that are");
        err.flush();
        return Line.FAILS;
      }
    }
    out.flush();
    return Line.CONTINUES;
  }

  private void prompt(Prompt prompt, StatementSplitter splitter) {
    if (prompt == Prompt.SHOWN) {
      out.print(splitter.isEmpty() ? "alidade=> " : "alidade-> ");
      out.flush();
    }
  }

  private void printRows(Statement statement) throws SQLException {
    try (ResultSet results = statement.getResultSet()) {
      TextTable table = TextTable.read(results, TextTable.UNLIMITED);
      table.lines().forEach(out::println);
      out.println("(" + counted(table.rowCount()) + ")");
      out.println();
    }
  }

  private void printWarnings(Statement statement) throws SQLException {
    for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
      err.println("NOTICE:  " + w.getMessage());
    }
    err.flush();
  }

  private void printError(SQLException e) {
    ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    if (server == null) {
      err.println("ERROR:  " + e.getMessage());
    } else {
      err.println(server.getSeverity() + ":  " + server.getSQLState() + ": " + server.getMessage());
      printIfPresent("DETAIL", server.getDetail());
      printIfPresent("HINT", server.getHint());
    }
    err.flush();
  }

  private void printIfPresent(String label, @Nullable String text) {
    if (text != null) {
      err.println(label + ":  " + text);
    }
  }

  private static String counted(long rows) {
    return String.format(Locale.ROOT, rows == 1 ? "%d row" : "%d rows", rows);
  }
}
