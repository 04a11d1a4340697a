package io.alidade.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// The program `alidade`: reads the command line and runs one command.
///
/// It ends with status 0 when all went well, 1 when a command failed, and 2 when it was called
/// wrongly. What fails is told in one sentence on standard error.
@Command(
    name = "alidade",
    description = "A vector database that speaks PostgreSQL's protocol and SQL.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      SqlCommand.class,
      CheckCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class,
      AbsentCommands.Promote.class,
      AbsentCommands.Status.class
    })
public final class Main implements Runnable {
  /// The status after a command that was called wrongly.
  static final int USAGE = CommandLine.ExitCode.USAGE;

  /// The status after a command that could not do what it was asked.
  static final int FAILURE = CommandLine.ExitCode.SOFTWARE;

  @Spec private CommandSpec spec;

  /// Called by picocli, which fills in `spec`.
  @SuppressWarnings("NullAway.Init")
  Main() {}

  /// Runs one command and ends the JVM.
  public static void main(String[] args) {
    // Read once, when the Vector API is first used. Kernels check their bounds themselves.
    System.setProperty("jdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK", "0");
    System.exit(commandLine().execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    addHelp(line);
    line.getSubcommands().values().forEach(Main::addHelp);
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(Main::calledWrongly);
    line.setExecutionExceptionHandler(Main::failed);
    return line;
  }

  /// Has a command take `--help`, which `alidade help` does by itself.
  private static void addHelp(CommandLine line) {
    if (!(line.getCommand() instanceof CommandLine.HelpCommand)) {
      line.getCommandSpec()
          .addOption(
              OptionSpec.builder("-h", "--help").usageHelp(true).description("shows this").build());
    }
  }

  private static int calledWrongly(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String name = line.getCommandSpec().name();
    String help = name.equals("alidade") ? "alidade help" : "alidade help " + name;
    line.getErr().println("alidade: " + sentence(e) + "; see '" + help + "'");
    return USAGE;
  }

  private static int failed(Exception e, CommandLine line, ParseResult parsed) {
    line.getOut().flush();
    line.getErr().println("alidade: " + sentence(e));
    if (!isExplained(e)) {
      e.printStackTrace(line.getErr());
    }
    line.getErr().flush();
    return FAILURE;
  }

  /// Whether the message says all that the user can make use of.
  private static boolean isExplained(Exception e) {
    return e instanceof StartupException || e instanceof SQLException || e instanceof IOException;
  }

  private static String sentence(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    String first = message.lines().findFirst().orElse(message);
    return e instanceof IOException ? e.getClass().getSimpleName() + ": " + first : first;
  }
}
