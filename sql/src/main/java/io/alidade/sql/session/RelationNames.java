package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds free names for indexes and constraints in a schema, as PostgreSQL makes them up:
/// `table_column_idx`, then `table_column_idx1`...
final class RelationNames {

  private static final int MAX_BYTES = 63;

  private final Catalog catalog;
  private final String schema;
  private final Set<String> taken = new HashSet<>();

  RelationNames(Catalog catalog, String schema) {
    this.catalog = catalog;
    this.schema = schema;
  }

  static List<String> parts(String table, List<String> columns) {
    List<String> parts = new ArrayList<>();
    parts.add(table);
    parts.addAll(columns);
    return parts;
  }

  /// Makes a name unavailable to those that follow.
  void take(String name) {
    taken.add(name);
  }

  String requireFree(String name) {
    if (isTaken(name)) {
      throw new DatabaseException(
          SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
    }
    take(name);
    return name;
  }

  /// @param parts the table's name and the columns', which are joined by underscores
  /// @param suffix such as `idx`
  String choose(List<String> parts, String suffix) {
    for (int number = 0; ; number++) {
      String name = joined(parts, suffix, number);
      if (!isTaken(name)) {
        take(name);
        return name;
      }
    }
  }

  /// The name that is tried after `number` others.
  static String joined(List<String> parts, String suffix, int number) {
    String ending = "_" + suffix + (number == 0 ? "" : number);
    return shortened(String.join("_", parts), MAX_BYTES - ending.length()) + ending;
  }

  private boolean isTaken(String name) {
    return taken.contains(name)
        || catalog.table(schema, name).isPresent()
        || catalog.index(schema, name).isPresent();
  }

  private static String shortened(String stem, int bytes) {
    int end = stem.length();
    while (stem.substring(0, end).getBytes(StandardCharsets.UTF_8).length > bytes) {
      end = stem.offsetByCodePoints(end, -1);
    }
    return stem.substring(0, end);
  }
}
