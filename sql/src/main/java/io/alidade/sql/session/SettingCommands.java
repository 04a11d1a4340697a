package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.parse.SettingCommand;
import java.util.Locale;

/// SET, RESET and DISCARD.
final class SettingCommands {

  private static final String ALL = "all";

  private final ClientSession session;

  SettingCommands(ClientSession session) {
    this.session = session;
  }

  /// @return the command tag
  String run(SettingCommand command) {
    return switch (command) {
      case SettingCommand.Set set -> set(set);
      case SettingCommand.Reset reset -> reset(reset);
      case SettingCommand.Discard discard -> discard(discard);
      case SettingCommand.Show _ -> throw new IllegalStateException("SHOW gives rows");
    };
  }

  private String set(SettingCommand.Set set) {
    if (set.values().isEmpty()) {
      session.settings().reset(set.name());
      return "SET";
    }
    String value = value(set);
    if (isOfTransaction(set.name())) {
      session.settings().setLocal(set.name(), value);
      return "SET";
    }
    switch (set.scope()) {
      case SESSION -> session.settings().set(set.name(), value);
      case LOCAL -> {
        if (!session.transactions().inBlock()) {
          session
              .listener()
              .notice(
                  SessionListener.Severity.WARNING,
                  new DatabaseException(
                      SqlState.NO_ACTIVE_SQL_TRANSACTION,
                      "SET LOCAL can only be used in transaction blocks"));
        } else {
          session.settings().setLocal(set.name(), value);
        }
      }
    }
    return "SET";
  }

  private static boolean isOfTransaction(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals(ServerSettings.ISOLATION) || lower.equals(ServerSettings.READ_ONLY);
  }

  /// Only lists take several values; names in them are quoted where they must be.
  private static String value(SettingCommand.Set set) {
    boolean isList =
        set.name().equalsIgnoreCase(ServerSettings.SEARCH_PATH)
            || set.name().equalsIgnoreCase("datestyle");
    if (!isList && set.values().size() > 1) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "SET " + set.name() + " takes only one argument");
    }
    if (!set.name().equalsIgnoreCase(ServerSettings.SEARCH_PATH)) {
      return String.join(", ", set.values());
    }
    return String.join(", ", set.values().stream().map(SettingCommands::quoted).toList());
  }

  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_$]*") || name.contains(",")
        ? name
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  private String reset(SettingCommand.Reset reset) {
    if (reset.name().equals(ALL)) {
      session.settings().resetAll();
    } else {
      session.settings().reset(reset.name());
    }
    return "RESET";
  }

  private String discard(SettingCommand.Discard discard) {
    switch (discard.target()) {
      case ALL -> {
        if (session.transactions().inBlock()) {
          throw new DatabaseException(
              SqlState.ACTIVE_SQL_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
        }
        session.deallocateAll();
        session.settings().resetAll();
      }
      case PLANS, SEQUENCES, TEMP -> {
        // Plans that are stale are made anew by themselves; there are no sequences and no temporary
        // tables to forget.
      }
    }
    return "DISCARD " + discard.target();
  }
}
