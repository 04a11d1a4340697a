package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Explain;
import java.util.Locale;

/// The options in parentheses of VACUUM, ANALYZE and REINDEX.
final class MaintenanceOptions {
  private MaintenanceOptions() {}

  /// The value of an option that is on or off; on if none is given.
  static boolean isOn(Explain.Option option) {
    String value = option.value();
    if (value == null) {
      return true;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "1" -> true;
      case "off", "false", "0" -> false;
      default ->
          throw new DatabaseException(
              SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
    };
  }

  /// The refusal of an option that a command does not have.
  static DatabaseException unrecognized(String command, Explain.Option option) {
    return new DatabaseException(
            SqlState.SYNTAX_ERROR, "unrecognized " + command + " option \"" + option.name() + "\"")
        .at(option.position());
  }
}
