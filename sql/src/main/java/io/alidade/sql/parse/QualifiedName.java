package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The name of a relation, function, type or collation, with the schema before it if written.
///
/// @param parts one to three, folded: `name`, `schema.name`, `database.schema.name`
public record QualifiedName(List<String> parts, int position) {
  public QualifiedName {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a name has at least one part");
    }
  }

  /// A name in `pg_catalog`, as PostgreSQL's grammar makes them for special forms.
  static QualifiedName system(String name, int position) {
    return new QualifiedName(List.of("pg_catalog", name), position);
  }

  /// The last part.
  public String name() {
    return parts.getLast();
  }

  /// The schema, or null if the search path decides.
  public @Nullable String schema() {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2);
  }

  /// The parts with dots between, for messages.
  @Override
  public String toString() {
    return String.join(".", parts);
  }
}
