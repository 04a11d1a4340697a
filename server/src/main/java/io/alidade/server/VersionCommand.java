package io.alidade.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `alidade version`: says which Alidade this is, and what it runs on.
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  VersionCommand() {}

  @Override
  public void run() {
    spec.commandLine().getOut().println("alidade " + version() + ", Java " + Runtime.version());
  }

  static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }
}
