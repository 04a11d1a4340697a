package io.alidade.storage.catalog;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One immutable state of all definitions.
///
/// OIDs below [#FIRST_USER_OID] are not given to what users create: those below 16384 are
/// PostgreSQL's own, those from 16384 are kept for the types of extensions.
public final class Catalog {

  /// The schema that names without a schema are created in.
  public static final String PUBLIC = "public";

  /// PostgreSQL's system schema.
  public static final String PG_CATALOG = "pg_catalog";

  /// The OID of schema `pg_catalog`, PostgreSQL's.
  public static final int PG_CATALOG_OID = 11;

  /// The OID of schema `public`, PostgreSQL's.
  public static final int PUBLIC_OID = 2200;

  /// The first OID kept for the types of extensions.
  public static final int FIRST_EXTENSION_OID = 16384;

  /// The first OID of what users create.
  public static final int FIRST_USER_OID = 17000;

  /// The catalog of a new database.
  public static final Catalog INITIAL = initial();

  private final long version;
  private final int nextOid;
  private final Map<String, SchemaDefinition> schemas;
  private final Relations tables;
  private final Map<String, ExtensionDefinition> extensions;

  /// By the table that is pointed to; made when first asked for.
  private volatile @Nullable Map<Integer, List<Reference>> references;

  Catalog(
      long version,
      int nextOid,
      Map<String, SchemaDefinition> schemas,
      Relations tables,
      Map<String, ExtensionDefinition> extensions) {
    this.version = version;
    this.nextOid = nextOid;
    this.schemas = Collections.unmodifiableMap(schemas);
    this.tables = tables;
    this.extensions = Collections.unmodifiableMap(extensions);
  }

  private static Catalog initial() {
    Map<String, SchemaDefinition> schemas = new TreeMap<>();
    schemas.put(PG_CATALOG, new SchemaDefinition(PG_CATALOG_OID, PG_CATALOG));
    schemas.put(PUBLIC, new SchemaDefinition(PUBLIC_OID, PUBLIC));
    return new Catalog(1, FIRST_USER_OID, schemas, Relations.NONE, Map.of());
  }

  /// Grows with every change, so plans can tell whether they are stale. A transaction's own catalog
  /// and the committed one may share a version while that transaction is open.
  public long version() {
    return version;
  }

  /// The least OID above all that are in use or were; a new one comes from the transaction.
  public int nextOid() {
    return nextOid;
  }

  public Collection<SchemaDefinition> schemas() {
    return schemas.values();
  }

  public Optional<SchemaDefinition> schema(String name) {
    return Optional.ofNullable(schemas.get(name));
  }

  /// All tables, by OID.
  public Collection<TableDefinition> tables() {
    return tables.values();
  }

  public Optional<TableDefinition> table(int oid) {
    return tables.table(oid);
  }

  public Optional<TableDefinition> table(String schema, String name) {
    return tables.table(schema, name);
  }

  public Optional<IndexDefinition> index(int oid) {
    return tables.index(oid);
  }

  public Optional<IndexDefinition> index(String schema, String name) {
    return tables.index(schema, name);
  }

  /// A foreign key with its table.
  public record Reference(TableDefinition from, ConstraintDefinition.ForeignKey key) {}

  /// The foreign keys that point to a table, by their OIDs; its own among them.
  public List<Reference> references(int tableOid) {
    Map<Integer, List<Reference>> known = references;
    if (known == null) {
      known = new HashMap<>();
      for (TableDefinition table : tables()) {
        for (ConstraintDefinition constraint : table.constraints()) {
          if (constraint instanceof ConstraintDefinition.ForeignKey key) {
            known
                .computeIfAbsent(key.referencedTable(), _ -> new ArrayList<>())
                .add(new Reference(table, key));
          }
        }
      }
      known.values().forEach(keys -> keys.sort(Comparator.comparingInt(it -> it.key().oid())));
      references = known;
    }
    return Collections.unmodifiableList(known.getOrDefault(tableOid, List.of()));
  }

  public Collection<ExtensionDefinition> extensions() {
    return extensions.values();
  }

  public Optional<ExtensionDefinition> extension(String name) {
    return Optional.ofNullable(extensions.get(name));
  }

  /// The state after a change.
  ///
  /// @throws DatabaseException as PostgreSQL would refuse it: 42P07, 42P06, 42710, 42P01, 42704,
  ///   3F000, 2BP01
  public Catalog with(CatalogChange change) {
    return switch (change) {
      case CatalogChange.CreateSchema(var schema) -> withSchema(schema);
      case CatalogChange.DropSchema(var name) -> withoutSchema(name);
      case CatalogChange.CreateTable(var table) -> withTable(table);
      case CatalogChange.DropTable(var oid) -> withoutTable(oid);
      case CatalogChange.CreateIndex(var index) -> withIndex(index);
      case CatalogChange.DropIndex(var oid) -> withoutIndex(oid);
      case CatalogChange.CreateExtension(var extension) -> withExtension(extension);
      case CatalogChange.DropExtension(var name) -> withoutExtension(name);
      case CatalogChange.Truncate(var oid, var generation) ->
          replacing(existing(oid).withGeneration(generation));
      case CatalogChange.SetIndexOptions(var oid, var options) ->
          withReplaced(existingIndex(oid).withOptions(options));
      case CatalogChange.RenameIndex(var oid, var name) -> withRenamed(existingIndex(oid), name);
      case CatalogChange.AddConstraint(var oid, var constraint) ->
          withConstraint(existing(oid), constraint);
      case CatalogChange.DropConstraint(var oid, var constraint) ->
          replacing(existing(oid).withoutConstraint(constraint));
      case CatalogChange.ReplaceConstraint(var oid, var constraint) ->
          replacing(existing(oid).withReplaced(constraint));
    };
  }

  private Catalog withSchema(SchemaDefinition schema) {
    if (schemas.containsKey(schema.name())) {
      throw new DatabaseException(
          SqlState.DUPLICATE_SCHEMA, "schema \"" + schema.name() + "\" already exists");
    }
    Map<String, SchemaDefinition> more = new TreeMap<>(schemas);
    more.put(schema.name(), schema);
    return new Catalog(version + 1, above(schema.oid()), more, tables, extensions);
  }

  private Catalog withoutSchema(String name) {
    if (!schemas.containsKey(name)) {
      throw noSchema(name);
    }
    if (tables.values().stream().anyMatch(table -> table.schema().equals(name))) {
      throw new DatabaseException(
              SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop schema " + name + " because other objects depend on it")
          .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    Map<String, SchemaDefinition> fewer = new TreeMap<>(schemas);
    fewer.remove(name);
    return new Catalog(version + 1, nextOid, fewer, tables, extensions);
  }

  private Catalog withTable(TableDefinition table) {
    if (!schemas.containsKey(table.schema())) {
      throw noSchema(table.schema());
    }
    requireFreeName(table.schema(), table.name());
    int oids = above(table.oid());
    for (IndexDefinition index : table.indexes()) {
      requireFreeName(table.schema(), index.name());
      oids = Math.max(oids, index.oid() + 1);
    }
    for (ConstraintDefinition constraint : table.constraints()) {
      oids = Math.max(oids, constraint.oid() + 1);
    }
    return new Catalog(version + 1, oids, schemas, tables.with(table), extensions);
  }

  private Catalog withoutTable(int oid) {
    return new Catalog(version + 1, nextOid, schemas, tables.without(existing(oid)), extensions);
  }

  private Catalog withIndex(IndexDefinition index) {
    TableDefinition table = existing(index.tableOid());
    requireFreeName(table.schema(), index.name());
    return replacing(table.withIndex(index), above(index.oid()));
  }

  private Catalog withoutIndex(int oid) {
    return replacing(existing(existingIndex(oid).tableOid()).withoutIndex(oid));
  }

  private Catalog withRenamed(IndexDefinition index, String name) {
    TableDefinition table = existing(index.tableOid());
    requireFreeName(table.schema(), name);
    TableDefinition renamed = table.withReplaced(index.withName(name));
    return replacing(
        table
            .keyConstraint(index.oid())
            .map(key -> renamed.withReplaced(key.withName(name)))
            .orElse(renamed));
  }

  private Catalog withReplaced(IndexDefinition index) {
    return replacing(existing(index.tableOid()).withReplaced(index));
  }

  private Catalog withConstraint(TableDefinition table, ConstraintDefinition constraint) {
    if (table.constraint(constraint.name()).isPresent()) {
      throw new DatabaseException(
          SqlState.DUPLICATE_OBJECT,
          "constraint \"%s\" for relation \"%s\" already exists"
              .formatted(constraint.name(), table.name()));
    }
    return replacing(table.withConstraint(constraint), above(constraint.oid()));
  }

  private IndexDefinition existingIndex(int oid) {
    return index(oid)
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_OBJECT, "index with OID " + oid + " does not exist"));
  }

  private Catalog withExtension(ExtensionDefinition extension) {
    if (extensions.containsKey(extension.name())) {
      throw new DatabaseException(
          SqlState.DUPLICATE_OBJECT, "extension \"" + extension.name() + "\" already exists");
    }
    Map<String, ExtensionDefinition> more = new TreeMap<>(extensions);
    more.put(extension.name(), extension);
    return new Catalog(version + 1, above(extension.oid()), schemas, tables, more);
  }

  private Catalog withoutExtension(String name) {
    if (!extensions.containsKey(name)) {
      throw new DatabaseException(
          SqlState.UNDEFINED_OBJECT, "extension \"" + name + "\" does not exist");
    }
    Map<String, ExtensionDefinition> fewer = new TreeMap<>(extensions);
    fewer.remove(name);
    return new Catalog(version + 1, nextOid, schemas, tables, fewer);
  }

  private Catalog replacing(TableDefinition table) {
    return replacing(table, nextOid);
  }

  private Catalog replacing(TableDefinition table, int oids) {
    return new Catalog(version + 1, oids, schemas, tables.with(table), extensions);
  }

  private int above(int oid) {
    return Math.max(nextOid, oid + 1);
  }

  private TableDefinition existing(int oid) {
    return table(oid)
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_TABLE, "relation with OID " + oid + " does not exist"));
  }

  private static DatabaseException noSchema(String name) {
    return new DatabaseException(
        SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
  }

  private void requireFreeName(String schema, String name) {
    if (table(schema, name).isPresent() || index(schema, name).isPresent()) {
      throw new DatabaseException(
          SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
    }
  }
}
