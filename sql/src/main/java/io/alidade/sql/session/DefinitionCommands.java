package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.ObjectDefinition;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.TableDefinition;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ExtensionDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.SchemaDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// CREATE, ALTER, DROP and TRUNCATE: turns them into changes of the catalog within the transaction.
///
/// New definitions are made by [TableDefinitions] and [IndexDefinitions].
final class DefinitionCommands {

  /// The extensions that can be created, with the versions that clients are told.
  private static final Map<String, String> EXTENSIONS = Map.of("vector", "0.8.0", "plpgsql", "1.0");

  private final StatementScope scope;
  private final StatementStarter starter;

  DefinitionCommands(StatementScope scope, StatementStarter starter) {
    this.scope = scope;
    this.starter = starter;
  }

  /// @return the command tag
  String run(TableDefinition command) {
    return switch (command) {
      case TableDefinition.CreateTable create -> createTable(create);
      case TableDefinition.CreateIndex create -> createIndex(create);
      case TableDefinition.AlterIndex alter -> alterIndex(alter);
      case TableDefinition.AlterTable alter -> alterTable(alter);
      case TableDefinition.DropTable drop -> dropTables(drop);
      case TableDefinition.DropIndex drop -> dropIndexes(drop);
      case TableDefinition.Truncate truncate -> truncate(truncate);
    };
  }

  /// @return the command tag
  String run(ObjectDefinition command) {
    return switch (command) {
      case ObjectDefinition.CreateExtension create -> createExtension(create);
      case ObjectDefinition.DropExtension drop -> dropExtensions(drop);
      case ObjectDefinition.CreateSchema create -> createSchema(create);
      case ObjectDefinition.DropSchema drop -> dropSchemas(drop);
    };
  }

  private Transaction transaction() {
    return scope.transaction();
  }

  private String createTable(TableDefinition.CreateTable create) {
    String schema = creationSchema(create.name());
    if (transaction().catalog().table(schema, create.name().name()).isPresent()
        && create.ifNotExists()) {
      notice(
          SqlState.DUPLICATE_TABLE,
          "relation \"" + create.name().name() + "\" already exists, skipping");
      return "CREATE TABLE";
    }
    requireFreeName(schema, create.name().name());
    transaction()
        .apply(new CatalogChange.CreateTable(new TableDefinitions(scope, schema).define(create)));
    return "CREATE TABLE";
  }

  private String createIndex(TableDefinition.CreateIndex create) {
    io.alidade.storage.catalog.TableDefinition table = table(create.table(), "relation");
    String name = create.name();
    if (name != null && nameIsTaken(table.schema(), name)) {
      if (create.ifNotExists()) {
        notice(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
        return "CREATE INDEX";
      }
      throw alreadyExists(name);
    }
    transaction()
        .apply(new CatalogChange.CreateIndex(new IndexDefinitions(scope, table).define(create)));
    return "CREATE INDEX";
  }

  private String alterIndex(TableDefinition.AlterIndex alter) {
    Optional<IndexDefinition> index = findIndex(alter.name());
    if (index.isPresent()) {
      new AlterIndexCommand(transaction()).run(index.get(), alter.changes());
    } else if (find(alter.name()).isPresent()) {
      throw new DatabaseException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + alter.name().name() + "\" is not an index");
    } else {
      missing(alter.ifExists(), "relation", alter.name(), SqlState.UNDEFINED_TABLE);
    }
    return "ALTER INDEX";
  }

  private String alterTable(TableDefinition.AlterTable alter) {
    find(alter.name())
        .ifPresentOrElse(
            table -> new AlterTableCommand(scope, starter, table).run(alter.changes()),
            () -> missing(alter.ifExists(), "relation", alter.name(), SqlState.UNDEFINED_TABLE));
    return "ALTER TABLE";
  }

  private String dropTables(TableDefinition.DropTable drop) {
    List<io.alidade.storage.catalog.TableDefinition> found = new ArrayList<>();
    for (QualifiedName name : drop.names()) {
      find(name)
          .ifPresentOrElse(
              found::add, () -> missing(drop.ifExists(), "table", name, SqlState.UNDEFINED_TABLE));
    }
    new DependentKeys(scope).dropTables(found, drop.behavior());
    return "DROP TABLE";
  }

  private String dropIndexes(TableDefinition.DropIndex drop) {
    List<IndexDefinition> found = new ArrayList<>();
    for (QualifiedName name : drop.names()) {
      findIndex(name)
          .ifPresentOrElse(
              found::add, () -> missing(drop.ifExists(), "index", name, SqlState.UNDEFINED_OBJECT));
    }
    for (IndexDefinition index : found) {
      if (isOfConstraint(index)) {
        throw new DatabaseException(
                SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                "cannot drop index %s because constraint %s on table %s requires it"
                    .formatted(index.name(), index.name(), tableName(index.tableOid())))
            .withHint(
                "You can drop constraint %s on table %s instead."
                    .formatted(index.name(), tableName(index.tableOid())));
      }
      new DependentKeys(scope).release(index, "index " + index.name(), drop.behavior());
      transaction().apply(new CatalogChange.DropIndex(index.oid()));
    }
    return "DROP INDEX";
  }

  private String truncate(TableDefinition.Truncate truncate) {
    new DependentKeys(scope)
        .truncate(
            truncate.names().stream().map(name -> table(name, "relation")).toList(),
            truncate.behavior());
    return "TRUNCATE TABLE";
  }

  private String createExtension(ObjectDefinition.CreateExtension create) {
    String version = EXTENSIONS.get(create.name());
    if (version == null) {
      throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "extension \"" + create.name() + "\" is not available")
          .withHint("Available: " + String.join(", ", EXTENSIONS.keySet()) + ".");
    }
    if (transaction().catalog().extension(create.name()).isPresent()) {
      if (create.ifNotExists()) {
        notice(
            SqlState.DUPLICATE_OBJECT,
            "extension \"" + create.name() + "\" already exists, skipping");
        return "CREATE EXTENSION";
      }
      throw new DatabaseException(
          SqlState.DUPLICATE_OBJECT, "extension \"" + create.name() + "\" already exists");
    }
    String schema = create.schema() == null ? Catalog.PUBLIC : create.schema();
    transaction()
        .apply(
            new CatalogChange.CreateExtension(
                new ExtensionDefinition(
                    transaction().allocateOid(), create.name(), schema, version)));
    return "CREATE EXTENSION";
  }

  private String dropExtensions(ObjectDefinition.DropExtension drop) {
    for (String name : drop.names()) {
      if (transaction().catalog().extension(name).isPresent()) {
        transaction().apply(new CatalogChange.DropExtension(name));
      } else if (drop.ifExists()) {
        notice(SqlState.UNDEFINED_OBJECT, "extension \"" + name + "\" does not exist, skipping");
      } else {
        throw new DatabaseException(
            SqlState.UNDEFINED_OBJECT, "extension \"" + name + "\" does not exist");
      }
    }
    return "DROP EXTENSION";
  }

  private String createSchema(ObjectDefinition.CreateSchema create) {
    if (create.ifNotExists() && transaction().catalog().schema(create.name()).isPresent()) {
      notice(
          SqlState.DUPLICATE_SCHEMA, "schema \"" + create.name() + "\" already exists, skipping");
      return "CREATE SCHEMA";
    }
    if (create.name().startsWith("pg_")) {
      throw new DatabaseException(
              SqlState.INVALID_NAME, "unacceptable schema name \"" + create.name() + "\"")
          .withDetail("The prefix \"pg_\" is reserved for system schemas.");
    }
    transaction()
        .apply(
            new CatalogChange.CreateSchema(
                new SchemaDefinition(transaction().allocateOid(), create.name())));
    return "CREATE SCHEMA";
  }

  private String dropSchemas(ObjectDefinition.DropSchema drop) {
    for (String name : drop.names()) {
      if (drop.ifExists() && transaction().catalog().schema(name).isEmpty()) {
        notice(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist, skipping");
        continue;
      }
      if (drop.behavior() == TableDefinition.DropBehavior.CASCADE) {
        new DependentKeys(scope)
            .dropTables(
                transaction().catalog().tables().stream()
                    .filter(table -> table.schema().equals(name))
                    .toList(),
                TableDefinition.DropBehavior.CASCADE);
      }
      transaction().apply(new CatalogChange.DropSchema(name));
    }
    return "DROP SCHEMA";
  }

  private String creationSchema(QualifiedName name) {
    String schema = name.schema();
    if (schema == null) {
      return scope.catalog().searchPath().stream()
          .findFirst()
          .orElseThrow(() ->
              new DatabaseException(
                  SqlState.INVALID_SCHEMA_NAME, "no schema has been selected to create in"));
    }
    if (!scope.catalog().hasSchema(schema)) {
      throw new DatabaseException(
              SqlState.INVALID_SCHEMA_NAME, "schema \"" + schema + "\" does not exist")
          .at(name.position());
    }
    if (transaction().catalog().schema(schema).isEmpty() || schema.equals(Catalog.PG_CATALOG)) {
      throw new DatabaseException(
              SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + schema)
          .at(name.position());
    }
    return schema;
  }

  private void requireFreeName(String schema, String name) {
    if (nameIsTaken(schema, name)) {
      throw alreadyExists(name);
    }
  }

  private boolean nameIsTaken(String schema, String name) {
    Catalog catalog = transaction().catalog();
    return catalog.table(schema, name).isPresent() || catalog.index(schema, name).isPresent();
  }

  private static DatabaseException alreadyExists(String name) {
    return new DatabaseException(
        SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
  }

  private Optional<io.alidade.storage.catalog.TableDefinition> find(QualifiedName name) {
    Optional<Relation> relation = scope.catalog().relation(name.schema(), name.name());
    return relation.map(found ->
        switch (found) {
          case Relation.Stored(var table) -> table;
          case Relation.System _ ->
              throw new DatabaseException(
                  SqlState.INSUFFICIENT_PRIVILEGE,
                  "permission denied: \"" + name.name() + "\" is a system catalog");
        });
  }

  private io.alidade.storage.catalog.TableDefinition table(QualifiedName name, String what) {
    return find(name)
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_TABLE, what + " \"" + name + "\" does not exist"));
  }

  private Optional<IndexDefinition> findIndex(QualifiedName name) {
    CatalogReader catalog = scope.catalog();
    List<String> schemas =
        name.schema() == null ? catalog.searchedSchemas() : List.of(name.schema());
    return schemas.stream()
        .flatMap(schema -> catalog.catalog().index(schema, name.name()).stream())
        .findFirst();
  }

  private boolean isOfConstraint(IndexDefinition index) {
    return transaction()
        .catalog()
        .table(index.tableOid())
        .filter(table -> table.keyConstraint(index.oid()).isPresent())
        .isPresent();
  }

  private String tableName(int oid) {
    return transaction().catalog().table(oid).map(table -> table.name()).orElse("?");
  }

  private void missing(boolean ifExists, String what, QualifiedName name, SqlState state) {
    @Nullable String schema = name.schema();
    if (schema != null && !scope.catalog().hasSchema(schema)) {
      throw new DatabaseException(
          SqlState.INVALID_SCHEMA_NAME, "schema \"" + schema + "\" does not exist");
    }
    String message = what + " \"" + name + "\" does not exist";
    if (!ifExists) {
      throw new DatabaseException(state, message);
    }
    notice(SqlState.SUCCESSFUL_COMPLETION, message + ", skipping");
  }

  private void notice(SqlState state, String message) {
    scope.notice(SessionListener.Severity.NOTICE, new DatabaseException(state, message));
  }
}
