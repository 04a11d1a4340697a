package io.alidade.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// The commands whose names are taken and which are not there yet: they say so.
abstract sealed class AbsentCommands implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// Whatever they will take one day.
  @SuppressWarnings("unused")
  @Unmatched
  private List<String> arguments = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private AbsentCommands() {}

  @Override
  public Integer call() {
    spec.commandLine().getErr().println("alidade: '" + spec.name() + "' is not there yet");
    return Main.USAGE;
  }

  @Command(name = "promote", description = "Is not there yet: will make a follower the leader.")
  static final class Promote extends AbsentCommands {}

  @Command(name = "status", description = "Is not there yet: will show a server's state.")
  static final class Status extends AbsentCommands {}
}
