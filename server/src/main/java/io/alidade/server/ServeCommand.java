package io.alidade.server;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `alidade serve`: a server that runs until it is told to end.
@Command(
    name = "serve",
    description =
        "Serves a data directory until SIGTERM or Ctrl-C. When it is ready it prints one line:"
            + " alidade ready pg=HOST:PORT http=off data=DIR")
final class ServeCommand implements Callable<Integer> {
  @Mixin private ServerOptions options;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  ServeCommand() {}

  @Override
  public Integer call() throws StartupException, InterruptedException {
    ServerConfiguration configuration =
        options.configuration(ServerOptions.Ports.STANDARD, System.getenv());
    AlidadeServer server = AlidadeServer.start(configuration);
    serve(server, spec);
    return 0;
  }

  /// Says that the server is ready, and never returns: a signal ends the JVM with status 0.
  static void serve(AlidadeServer server, CommandSpec spec) throws InterruptedException {
    Thread shutdown = Thread.ofPlatform().name("shutdown").unstarted(() -> shutDown(server));
    Runtime.getRuntime().addShutdownHook(shutdown);
    server.whenStopped(ServeCommand::panic);
    spec.commandLine().getOut().println(server.readyLine());
    spec.commandLine().getOut().flush();
    new CountDownLatch(1).await();
  }

  /// Ends the JVM at once, before anybody is told that something was committed of which nobody
  /// knows whether it is on the disk: the next start finds out.
  private static void panic(Throwable cause) {
    LoggerFactory.getLogger(ServeCommand.class)
        .error("PANIC: the commit log has failed; the server ends, and a start recovers", cause);
    Runtime.getRuntime().halt(Main.FAILURE);
  }

  /// Ends the JVM with a status of our own: else it would be the signal's number plus 128.
  private static void shutDown(AlidadeServer server) {
    int status = Main.FAILURE;
    try {
      server.close();
      status = 0;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(ServeCommand.class).error("the shutdown failed", e);
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }
}
