package io.alidade.server;

import io.alidade.server.shell.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `alidade sql`: a small shell, for machines without psql.
@Command(
    name = "sql",
    description =
        "Runs SQL on a running server: the statements of -c, or those that are typed or piped in.")
final class SqlCommand implements Callable<Integer> {
  private static final String DEFAULT_URL = "jdbc:postgresql://127.0.0.1:5432/alidade";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = DEFAULT_URL,
      description = "the server, as for JDBC or psql (default: ${DEFAULT-VALUE})")
  private String url;

  @Option(
      names = "-c",
      paramLabel = "STATEMENT",
      description = "a statement to run, or a command such as \\d; may be given many times")
  private List<String> statements = new ArrayList<>();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  SqlCommand() {}

  @Override
  public Integer call() throws SQLException, IOException {
    Terminal.quietLog();
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = DriverManager.getConnection(jdbcUrl(url), user())) {
      Shell shell = new Shell(connection, out, spec.commandLine().getErr());
      Shell.Outcome outcome = statements.isEmpty() ? readAll(shell) : runAll(shell);
      return switch (outcome) {
        case SUCCEEDED -> 0;
        case FAILED -> Main.FAILURE;
      };
    }
  }

  private Shell.Outcome runAll(Shell shell) throws IOException {
    for (String statement : statements) {
      Shell.Outcome outcome =
          statement.startsWith("\\")
              ? shell.read(new BufferedReader(new StringReader(statement)), Shell.Prompt.NONE)
              : shell.run(statement);
      if (outcome == Shell.Outcome.FAILED) {
        return outcome;
      }
    }
    return Shell.Outcome.SUCCEEDED;
  }

  private static Shell.Outcome readAll(Shell shell) throws IOException {
    boolean typed = Terminal.isAttached();
    // Not the console's own reader: it edits lines, which a pipe must not meet.
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    return shell.read(in, typed ? Shell.Prompt.SHOWN : Shell.Prompt.NONE);
  }

  /// Takes psql's form of a URL too.
  static String jdbcUrl(String url) {
    if (url.startsWith("postgresql://")) {
      return "jdbc:" + url;
    }
    return url.startsWith("postgres://")
        ? "jdbc:postgresql://" + url.substring("postgres://".length())
        : url;
  }

  /// What the URL does not say.
  private static Properties user() {
    Properties properties = new Properties();
    properties.setProperty("user", "alidade");
    properties.setProperty("ApplicationName", "alidade sql");
    return properties;
  }
}
