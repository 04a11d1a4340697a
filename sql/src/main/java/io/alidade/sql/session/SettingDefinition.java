package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A setting that the server knows: its name as PostgreSQL shows it, its default, and what it
/// takes.
///
/// @param name as `SHOW` heads its column
/// @param defaultValue the value of a session that did not ask for another
/// @param access whether `SET` may change it
/// @param reporting whether clients are told of its value
/// @param canonical turns what the user wrote into the value that `SHOW` gives (throws 22023 if it
///   cannot be)
/// @param description one sentence for `pg_settings`
record SettingDefinition(
    String name,
    String defaultValue,
    Access access,
    Reporting reporting,
    UnaryOperator<String> canonical,
    String description) {

  /// Whether `SET` may change a setting.
  enum Access {
    USER,
    /// For the whole server, from its start to its end; PostgreSQL refuses to change such (55P02).
    SERVER,
    /// Accepted only when it says what is so already.
    FIXED,
    /// PostgreSQL refuses to change it (55P02).
    INTERNAL
  }

  /// Whether clients are told of a setting's value, at start-up and whenever it changes.
  enum Reporting {
    REPORTED,
    SILENT
  }

  /// The key under which it is looked up: names are not case-sensitive.
  String key() {
    return name.toLowerCase(Locale.ROOT);
  }

  /// The value to keep for what the user wrote.
  String check(String written) {
    return switch (access) {
      case USER -> canonical.apply(written);
      case FIXED -> {
        String value = canonical.apply(written);
        if (!value.equalsIgnoreCase(defaultValue)) {
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "parameter \"%s\" cannot be \"%s\": only \"%s\" is supported"
                  .formatted(name, written, defaultValue));
        }
        yield defaultValue;
      }
      case SERVER ->
          throw new DatabaseException(
              SqlState.CANT_CHANGE_RUNTIME_PARAM,
              "parameter \"%s\" cannot be changed without restarting the server".formatted(name));
      case INTERNAL ->
          throw new DatabaseException(
              SqlState.CANT_CHANGE_RUNTIME_PARAM, "parameter \"" + name + "\" cannot be changed");
    };
  }

  /// The value to keep for what the server's configuration says.
  String checkConfigured(String written) {
    return access == Access.SERVER ? canonical.apply(written) : check(written);
  }

  /// The same setting with another default.
  SettingDefinition withDefault(String value) {
    return new SettingDefinition(name, value, access, reporting, canonical, description);
  }

  static DatabaseException invalid(String name, String written) {
    return invalid(name, written, Optional.empty());
  }

  static DatabaseException invalid(String name, String written, Optional<String> hint) {
    DatabaseException error =
        new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE,
            "invalid value for parameter \"%s\": \"%s\"".formatted(name, written));
    return hint.map(error::withHint).orElse(error);
  }
}
