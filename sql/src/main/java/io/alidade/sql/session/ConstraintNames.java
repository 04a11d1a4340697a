package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ConstraintDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Names of the CHECK constraints and foreign keys of one table: those that were given, and those
/// that are made up as PostgreSQL does, `table_column_check`, `table_column_fkey`, then
/// `table_column_check1`...
final class ConstraintNames {

  private final String table;
  private final Set<String> ofStatement = new HashSet<>();
  private final Set<String> ofTable = new HashSet<>();
  private final Set<String> ofSchema = new HashSet<>();

  /// @param table its name; it need not be there yet
  ConstraintNames(Catalog catalog, String schema, String table) {
    this.table = table;
    catalog.tables().stream()
        .filter(other -> other.schema().equals(schema))
        .forEach(other -> {
          List<String> names =
              other.constraints().stream().map(ConstraintDefinition::name).toList();
          ofSchema.addAll(names);
          if (other.name().equals(table)) {
            ofTable.addAll(names);
          }
        });
  }

  /// @param given null to make one up
  /// @param columns what a made up name says after the table's
  /// @param suffix `check` or `fkey`
  /// @throws DatabaseException 42710 when the given one is taken
  String choose(@Nullable String given, List<String> columns, String suffix) {
    if (given != null && suffix.equals("check") && ofStatement.contains(given)) {
      throw new DatabaseException(
          SqlState.DUPLICATE_OBJECT, "check constraint \"" + given + "\" already exists");
    }
    String name = given != null ? requireFree(given) : madeUp(columns, suffix);
    ofStatement.add(name);
    ofTable.add(name);
    ofSchema.add(name);
    return name;
  }

  String requireFree(String name) {
    if (ofTable.contains(name)) {
      throw new DatabaseException(
          SqlState.DUPLICATE_OBJECT,
          "constraint \"%s\" for relation \"%s\" already exists".formatted(name, table));
    }
    return name;
  }

  private String madeUp(List<String> columns, String suffix) {
    List<String> parts = RelationNames.parts(table, columns);
    for (int number = 0; ; number++) {
      String name = RelationNames.joined(parts, suffix, number);
      if (!ofSchema.contains(name)) {
        return name;
      }
    }
  }
}
