package io.alidade.sql.analyze;

import io.alidade.sql.parse.Query;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The queries of the WITH clauses that are seen from some place, the innermost first. Immutable.
///
/// @param outer those seen before the last one; null if there are none
record CommonTables(Query.@Nullable CommonTable table, @Nullable CommonTables outer) {
  static final CommonTables NONE = new CommonTables(null, null);

  CommonTables with(Query.CommonTable added) {
    return new CommonTables(added, this);
  }

  /// The one of a name, with those that it sees itself.
  Optional<Found> find(String name) {
    for (CommonTables at = this; at != null; at = at.outer) {
      Query.CommonTable here = at.table;
      if (here != null && here.name().equals(name)) {
        return Optional.of(new Found(here, at.outer == null ? NONE : at.outer));
      }
    }
    return Optional.empty();
  }

  /// A query of a WITH clause.
  record Found(Query.CommonTable table, CommonTables seen) {}
}
