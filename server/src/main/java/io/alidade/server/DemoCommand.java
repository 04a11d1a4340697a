package io.alidade.server;

import io.alidade.server.demo.Demo;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `alidade demo`: real data and real questions, on a server inside this process.
@Command(
    name = "demo",
    description =
        "Loads WordNet 3.1 into a data directory and asks it five questions through JDBC. The texts"
            + " are embedded by a model inside this process; a second start finds the data there.")
final class DemoCommand implements Callable<Integer> {
  @Mixin private ServerOptions options;

  @Option(
      names = "--rows",
      paramLabel = "N|all",
      converter = Rows.class,
      defaultValue = "" + Demo.DEFAULT_ROWS,
      description =
          "how many synsets the table is to hold (default: ${DEFAULT-VALUE}; all: 117,791)")
  private int rows;

  @Option(
      names = "--serve",
      description = "take the standard ports, and stay up for other clients until Ctrl-C")
  private boolean staysUp;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    Terminal.quietLog();
    PrintWriter out = spec.commandLine().getOut();
    ServerOptions.Ports ports =
        staysUp ? ServerOptions.Ports.STANDARD : ServerOptions.Ports.EPHEMERAL;
    ServerConfiguration configuration = options.configuration(ports, System.getenv());
    AlidadeServer server = AlidadeServer.start(configuration);
    try {
      out.println("A server is up on " + server.pgAddress() + ", its data in " + server.data());
      new Demo(out, screen()).run(server.jdbcUrl(), server.textEmbedder(), rows);
      out.println();
      if (staysUp) {
        out.println("The server stays up until Ctrl-C; try:");
        printClients(out, server);
        ServeCommand.serve(server, spec);
      }
    } finally {
      server.close();
    }
    out.println("Done. To serve this directory to psql, JDBC and others:");
    out.println("  bin/alidade serve --data " + configuration.data());
    return 0;
  }

  private static void printClients(PrintWriter out, AlidadeServer server) {
    out.println("  psql \"" + server.psqlUrl() + "\"");
    out.println("  bin/alidade sql --url " + server.psqlUrl());
  }

  private static Demo.Screen screen() {
    return Terminal.isAttached() ? Demo.Screen.TERMINAL : Demo.Screen.FILE;
  }

  /// Reads `--rows`.
  static final class Rows implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.equals("all")) {
        return Demo.ALL_ROWS;
      }
      try {
        int rows = Integer.parseInt(text);
        if (rows >= Demo.MIN_ROWS) {
          return rows;
        }
      } catch (NumberFormatException e) {
        // Told below, as a number that is too small is.
      }
      throw new TypeConversionException(
          "'" + text + "' is neither 'all' nor a number from " + Demo.MIN_ROWS + " on");
    }
  }
}
