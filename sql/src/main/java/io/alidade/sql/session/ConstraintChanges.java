package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.constraint.ConstraintScope;
import io.alidade.sql.constraint.ExistingRows;
import io.alidade.sql.parse.TableChange;
import io.alidade.sql.parse.TableDefinition.ConstraintAttributes;
import io.alidade.sql.parse.TableDefinition.NullsEqual;
import io.alidade.sql.parse.TableDefinition.TableConstraint;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.IndexDefinition.Uniqueness;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What ALTER TABLE does to the constraints of one table.
final class ConstraintChanges {

  private final StatementScope scope;
  private final ConstraintScope rows;
  private final int oid;

  /// @param oid of the table, which is locked
  ConstraintChanges(StatementScope scope, StatementStarter starter, int oid) {
    this.scope = scope;
    this.rows = starter.constraints(scope.transaction());
    this.oid = oid;
  }

  private Transaction transaction() {
    return scope.transaction();
  }

  private TableDefinition table() {
    return transaction().catalog().table(oid).orElseThrow();
  }

  private ConstraintNames names() {
    return new ConstraintNames(transaction().catalog(), table().schema(), table().name());
  }

  void add(TableConstraint constraint) {
    new DependentKeys(scope).requireNothingPending("ALTER TABLE", table());
    switch (constraint) {
      case TableConstraint.Check check -> addCheck(check);
      case TableConstraint.ForeignKey key -> addForeignKey(key);
      case TableConstraint.PrimaryKey key ->
          addKey(
              key.name(),
              key.columns(),
              key.index(),
              Uniqueness.PRIMARY_KEY,
              key.attributes(),
              key.position());
      case TableConstraint.Unique key -> {
        if (key.nulls() == NullsEqual.NOT_DISTINCT) {
          throw new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED, "NULLS NOT DISTINCT are not supported")
              .at(key.position());
        }
        addKey(
            key.name(),
            key.columns(),
            key.index(),
            Uniqueness.UNIQUE,
            key.attributes(),
            key.position());
      }
    }
  }

  private static Validity validity(ConstraintAttributes attributes) {
    return attributes.notValid() ? Validity.NOT_VALID : Validity.VALIDATED;
  }

  private void addCheck(TableConstraint.Check check) {
    ConstraintDefinition.Check made =
        new ConstraintDefinitions(scope, names())
            .check(
                table(),
                check.name(),
                check.condition(),
                check.text(),
                ConstraintDefinitions.inheritance(check.attributes()),
                validity(check.attributes()));
    transaction().apply(new CatalogChange.AddConstraint(oid, made));
    if (made.validity() == Validity.VALIDATED) {
      ExistingRows.require(rows, table(), made);
    }
  }

  private void addForeignKey(TableConstraint.ForeignKey key) {
    ConstraintDefinition.ForeignKey made =
        new ForeignKeyDefinitions(scope, names())
            .define(
                table(),
                key.name(),
                key.columns(),
                key.target(),
                ConstraintDefinitions.deferral(key.attributes()),
                validity(key.attributes()));
    transaction().apply(new CatalogChange.AddConstraint(oid, made));
    if (made.validity() == Validity.VALIDATED) {
      ExistingRows.require(rows, table(), made);
    }
  }

  private void addKey(
      @Nullable String name,
      List<String> columns,
      @Nullable String existing,
      Uniqueness uniqueness,
      ConstraintAttributes attributes,
      int position) {
    if (uniqueness == Uniqueness.PRIMARY_KEY && table().primaryKey().isPresent()) {
      throw new DatabaseException(
          SqlState.INVALID_TABLE_DEFINITION,
          "multiple primary keys for table \"" + table().name() + "\" are not allowed");
    }
    IndexDefinition index =
        existing == null
            ? made(name, columns, uniqueness)
            : renamed(requireUsable(existing, uniqueness, position), name);
    transaction()
        .apply(
            new CatalogChange.AddConstraint(
                oid,
                new ConstraintDefinition.Key(
                    transaction().allocateOid(),
                    names().requireFree(index.name()),
                    index.oid(),
                    ConstraintDefinitions.deferral(attributes))));
  }

  private IndexDefinition made(@Nullable String name, List<String> columns, Uniqueness uniqueness) {
    TableDefinition table = table();
    List<IndexDefinition.Key> keys =
        columns.stream().map(column -> IndexDefinition.Key.ascending(keyColumn(column))).toList();
    if (uniqueness == Uniqueness.PRIMARY_KEY) {
      keys.forEach(key -> setNotNull(key.column()));
    }
    RelationNames names = new RelationNames(transaction().catalog(), table.schema());
    String chosen =
        name != null
            ? names.requireFree(name)
            : uniqueness == Uniqueness.PRIMARY_KEY
                ? names.choose(List.of(table.name()), "pkey")
                : names.choose(RelationNames.parts(table.name(), columns), "key");
    IndexDefinition index =
        new IndexDefinition(
            transaction().allocateOid(),
            chosen,
            oid,
            IndexDefinition.Method.BTREE,
            keys,
            uniqueness,
            Optional.empty(),
            Map.of());
    transaction().apply(new CatalogChange.CreateIndex(index));
    return index;
  }

  private int keyColumn(String name) {
    int column =
        table()
            .column(name)
            .orElseThrow(() ->
                new DatabaseException(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"" + name + "\" named in key does not exist"));
    IndexDefinitions.requireOrdered(
        table().columns().get(column).type(), DatabaseException.NO_POSITION);
    return column;
  }

  private void setNotNull(int column) {
    if (table().columns().get(column).isNullable()) {
      ExistingRows.requireNoNulls(rows, table(), column);
      throw new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, "SET NOT NULL is not supported");
    }
  }

  /// An index that is there, for a constraint.
  private IndexDefinition requireUsable(String existing, Uniqueness uniqueness, int position) {
    IndexDefinition index =
        table().indexes().stream()
            .filter(it -> it.name().equals(existing))
            .findFirst()
            .orElseThrow(() ->
                new DatabaseException(
                        SqlState.UNDEFINED_OBJECT, "index \"" + existing + "\" does not exist")
                    .at(position));
    if (table().keyConstraint(index.oid()).isPresent()) {
      throw new DatabaseException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "index \"" + existing + "\" is already associated with a constraint")
          .at(position);
    }
    if (!index.isUnique()) {
      throw new DatabaseException(
              SqlState.WRONG_OBJECT_TYPE, "\"" + existing + "\" is not a unique index")
          .withDetail("Cannot create a primary key or unique constraint using such an index.")
          .at(position);
    }
    if (uniqueness == Uniqueness.PRIMARY_KEY) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "PRIMARY KEY USING INDEX is not supported");
    }
    return index;
  }

  private IndexDefinition renamed(IndexDefinition index, @Nullable String name) {
    if (name == null || name.equals(index.name())) {
      return index;
    }
    notice(
        "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"%s\" to \"%s\""
            .formatted(index.name(), name));
    transaction().apply(new CatalogChange.RenameIndex(index.oid(), name));
    return index.withName(name);
  }

  void drop(TableChange.DropConstraint drop) {
    Optional<ConstraintDefinition> found = table().constraint(drop.name());
    if (found.isEmpty()) {
      DatabaseException missing = missing(drop.name());
      if (!drop.ifExists()) {
        throw missing;
      }
      notice(missing.message() + ", skipping");
      return;
    }
    drop(found.get(), drop.behavior());
  }

  private void drop(
      ConstraintDefinition constraint, io.alidade.sql.parse.TableDefinition.DropBehavior behavior) {
    if (constraint instanceof ConstraintDefinition.Key key) {
      IndexDefinition index = table().index(key.indexOid()).orElseThrow();
      String what = "constraint %s on table %s".formatted(key.name(), table().name());
      new DependentKeys(scope).release(index, what, behavior);
      transaction().apply(new CatalogChange.DropConstraint(oid, key.oid()));
      transaction().apply(new CatalogChange.DropIndex(index.oid()));
    } else {
      transaction().apply(new CatalogChange.DropConstraint(oid, constraint.oid()));
    }
  }

  void rename(TableChange.RenameConstraint rename) {
    ConstraintDefinition constraint =
        table()
            .constraint(rename.constraint())
            .orElseThrow(() ->
                new DatabaseException(
                    SqlState.UNDEFINED_OBJECT,
                    "constraint \"%s\" for table \"%s\" does not exist"
                        .formatted(rename.constraint(), table().name())));
    if (constraint instanceof ConstraintDefinition.Key key) {
      transaction().apply(new CatalogChange.RenameIndex(key.indexOid(), rename.name()));
    } else {
      String name = names().requireFree(rename.name());
      transaction().apply(new CatalogChange.ReplaceConstraint(oid, constraint.withName(name)));
    }
  }

  void validate(String name) {
    ConstraintDefinition constraint = table().constraint(name).orElseThrow(() -> missing(name));
    switch (constraint) {
      case ConstraintDefinition.Check check -> {
        if (check.validity() == Validity.NOT_VALID) {
          ExistingRows.require(rows, table(), check);
          transaction()
              .apply(
                  new CatalogChange.ReplaceConstraint(oid, check.withValidity(Validity.VALIDATED)));
        }
      }
      case ConstraintDefinition.ForeignKey key -> {
        if (key.validity() == Validity.NOT_VALID) {
          ExistingRows.require(rows, table(), key);
          transaction()
              .apply(
                  new CatalogChange.ReplaceConstraint(oid, key.withValidity(Validity.VALIDATED)));
        }
      }
      case ConstraintDefinition.Key _ ->
          throw new DatabaseException(
              SqlState.WRONG_OBJECT_TYPE,
              "constraint \"%s\" of relation \"%s\" is not a foreign key or check constraint"
                  .formatted(name, table().name()));
    }
  }

  private DatabaseException missing(String name) {
    return new DatabaseException(
        SqlState.UNDEFINED_OBJECT,
        "constraint \"%s\" of relation \"%s\" does not exist".formatted(name, table().name()));
  }

  private void notice(String message) {
    scope.notice(
        SessionListener.Severity.NOTICE,
        new DatabaseException(SqlState.SUCCESSFUL_COMPLETION, message));
  }
}
