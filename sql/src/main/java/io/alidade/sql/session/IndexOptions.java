package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.TableDefinition.StorageOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The options of an index by name, as they were written, changed as PostgreSQL does: what is set
/// goes to the end. What they mean is not looked at here.
record IndexOptions(Map<String, String> all) {
  /// What an option without a value says.
  private static final String BARE = "true";

  IndexOptions {
    all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  /// @throws DatabaseException 22023 when an option is there twice
  IndexOptions set(List<StorageOption> written) {
    Map<String, String> changed = new LinkedHashMap<>(all);
    written.forEach(option -> changed.remove(option.name()));
    for (StorageOption option : written) {
      String value = option.value();
      if (changed.putIfAbsent(option.name(), value == null ? BARE : value) != null) {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE,
            "parameter \"" + option.name() + "\" specified more than once");
      }
    }
    return new IndexOptions(changed);
  }

  /// @throws DatabaseException 42601 when a value is given
  IndexOptions reset(List<StorageOption> written) {
    Map<String, String> changed = new LinkedHashMap<>(all);
    for (StorageOption option : written) {
      if (option.value() != null) {
        throw new DatabaseException(
            SqlState.SYNTAX_ERROR, "RESET must not include values for parameters");
      }
      changed.remove(option.name());
    }
    return new IndexOptions(changed);
  }
}
