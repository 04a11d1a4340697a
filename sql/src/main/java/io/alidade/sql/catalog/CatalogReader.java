package io.alidade.sql.catalog;

import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One state of the catalog as a session sees it: what its search path finds. Immutable.
public final class CatalogReader {
  private final Catalog catalog;
  private final List<String> searchPath;

  /// @param searchPath the setting's schemas, `"$user"` already replaced; those that do not exist
  ///   are passed over
  public CatalogReader(Catalog catalog, List<String> searchPath) {
    this.catalog = catalog;
    this.searchPath =
        searchPath.stream().filter(name -> schemaExists(catalog, name)).distinct().toList();
  }

  private static boolean schemaExists(Catalog catalog, String name) {
    return catalog.schema(name).isPresent() || name.equals(SystemRelations.INFORMATION_SCHEMA);
  }

  /// The definitions it reads.
  public Catalog catalog() {
    return catalog;
  }

  /// The schemas of the search path that exist.
  public List<String> searchPath() {
    return searchPath;
  }

  /// The schemas that are searched, `pg_catalog` first unless the path names it.
  public List<String> searchedSchemas() {
    if (searchPath.contains(Catalog.PG_CATALOG)) {
      return searchPath;
    }
    List<String> all = new ArrayList<>(searchPath.size() + 1);
    all.add(Catalog.PG_CATALOG);
    all.addAll(searchPath);
    return all;
  }

  /// Whether there is such a schema.
  public boolean hasSchema(String name) {
    return schemaExists(catalog, name);
  }

  /// The relation with a name.
  ///
  /// @param schema null to search
  public Optional<Relation> relation(@Nullable String schema, String name) {
    List<String> schemas = schema == null ? searchedSchemas() : List.of(schema);
    for (String candidate : schemas) {
      Optional<SystemRelation> system = SystemRelations.find(candidate, name);
      if (system.isPresent()) {
        return Optional.of(new Relation.System(system.get()));
      }
      Optional<TableDefinition> table = catalog.table(candidate, name);
      if (table.isPresent()) {
        return Optional.of(new Relation.Stored(table.get()));
      }
    }
    return Optional.empty();
  }
}
