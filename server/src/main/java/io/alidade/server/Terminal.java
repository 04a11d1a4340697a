package io.alidade.server;

import java.io.Console;

/// What a command does for a person who sits at a terminal.
final class Terminal {
  private Terminal() {}

  /// Whether both standard input and output are one.
  @SuppressWarnings("SystemConsoleNull") // It is null under -Djdk.console=java.base.
  static boolean isAttached() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// Has the log show warnings only. Has an effect only before the first logger is made.
  static void quietLog() {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
  }
}
