package io.alidade.sql.analyze;

import io.alidade.sql.catalog.Relation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a qualifier in an expression can name: an item of FROM.
///
/// @param name its alias, or the table's name
/// @param schema the table's schema where it has no alias, else null
/// @param relation the relation it is, if it is one
record ScopeRange(
    String name, @Nullable String schema, Optional<Relation> relation, List<ScopeColumn> columns) {
  ScopeRange {
    columns = List.copyOf(columns);
  }

  boolean isNamed(List<String> qualifier) {
    if (!qualifier.getLast().equals(name)) {
      return false;
    }
    return qualifier.size() == 1 || qualifier.get(qualifier.size() - 2).equals(schema);
  }
}
