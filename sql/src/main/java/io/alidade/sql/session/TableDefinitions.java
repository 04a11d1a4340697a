package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.Analyzer;
import io.alidade.sql.parse.TableDefinition.Column;
import io.alidade.sql.parse.TableDefinition.ColumnConstraint;
import io.alidade.sql.parse.TableDefinition.ConstraintAttributes;
import io.alidade.sql.parse.TableDefinition.CreateTable;
import io.alidade.sql.parse.TableDefinition.NullsEqual;
import io.alidade.sql.parse.TableDefinition.Persistence;
import io.alidade.sql.parse.TableDefinition.TableConstraint;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.ColumnDefinition.Nullability;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.IndexDefinition.Uniqueness;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the definition of one new table from its CREATE TABLE.
final class TableDefinitions {

  private final StatementScope scope;
  private final String schema;
  private final List<Key> keys = new ArrayList<>();

  TableDefinitions(StatementScope scope, String schema) {
    this.scope = scope;
    this.schema = schema;
  }

  /// A primary key or unique constraint, before its index has a name and an OID; [#indexes] keeps
  /// their order.
  private record Key(
      @Nullable String name,
      List<String> columns,
      Uniqueness uniqueness,
      ConstraintAttributes attributes,
      int position) {}

  TableDefinition define(CreateTable create) {
    if (create.persistence() == Persistence.TEMPORARY) {
      throw unsupported("temporary tables", create.position());
    }
    requireDifferentNames(create.columns());
    create.columns().forEach(this::gatherKeys);
    create.constraints().forEach(this::gatherKeys);
    requireOnePrimaryKey(create.name().name());
    List<ColumnDefinition> columns = create.columns().stream().map(this::define).toList();
    if (columns.size() > TableDefinition.MAX_COLUMNS) {
      throw new DatabaseException(
          SqlState.TOO_MANY_COLUMNS,
          "tables can have at most " + TableDefinition.MAX_COLUMNS + " columns");
    }
    int oid = scope.transaction().allocateOid();
    String name = create.name().name();
    List<ConstraintDefinition> constraints = new ArrayList<>();
    ConstraintNames names = new ConstraintNames(scope.transaction().catalog(), schema, name);
    List<IndexDefinition> noIndexes = List.of();
    addChecks(create, table(oid, name, columns, noIndexes, constraints), names, constraints);
    List<IndexDefinition> indexes = indexes(oid, name, columns);
    addKeys(indexes, names, constraints);
    addForeignKeys(create, table(oid, name, columns, indexes, constraints), names, constraints);
    return table(oid, name, columns, indexes, constraints);
  }

  private TableDefinition table(
      int oid,
      String name,
      List<ColumnDefinition> columns,
      List<IndexDefinition> indexes,
      List<ConstraintDefinition> constraints) {
    return new TableDefinition(
        oid, schema, name, TableDefinition.FIRST_GENERATION, columns, indexes, constraints);
  }

  private void addChecks(
      CreateTable create,
      TableDefinition table,
      ConstraintNames names,
      List<ConstraintDefinition> constraints) {
    ConstraintDefinitions definitions = new ConstraintDefinitions(scope, names);
    for (Column column : create.columns()) {
      for (ColumnConstraint constraint : column.constraints()) {
        if (constraint instanceof ColumnConstraint.Check check) {
          constraints.add(
              definitions.check(
                  table,
                  check.name(),
                  check.condition(),
                  check.text(),
                  ConstraintDefinitions.inheritance(check.attributes()),
                  Validity.VALIDATED));
        }
      }
    }
    for (TableConstraint constraint : create.constraints()) {
      if (constraint instanceof TableConstraint.Check check) {
        constraints.add(
            definitions.check(
                table,
                check.name(),
                check.condition(),
                check.text(),
                ConstraintDefinitions.inheritance(check.attributes()),
                Validity.VALIDATED));
      }
    }
  }

  private void addKeys(
      List<IndexDefinition> indexes,
      ConstraintNames names,
      List<ConstraintDefinition> constraints) {
    for (int i = 0; i < indexes.size(); i++) {
      IndexDefinition index = indexes.get(i);
      constraints.add(
          new ConstraintDefinition.Key(
              scope.transaction().allocateOid(),
              names.choose(index.name(), List.of(), "key"),
              index.oid(),
              ConstraintDefinitions.deferral(keys.get(i).attributes)));
    }
  }

  private void addForeignKeys(
      CreateTable create,
      TableDefinition table,
      ConstraintNames names,
      List<ConstraintDefinition> constraints) {
    ForeignKeyDefinitions definitions = new ForeignKeyDefinitions(scope, names);
    for (Column column : create.columns()) {
      for (ColumnConstraint constraint : column.constraints()) {
        if (constraint instanceof ColumnConstraint.References key) {
          constraints.add(
              definitions.define(
                  table,
                  key.name(),
                  List.of(column.name()),
                  key.target(),
                  ConstraintDefinitions.deferral(key.attributes()),
                  Validity.VALIDATED));
        }
      }
    }
    for (TableConstraint constraint : create.constraints()) {
      if (constraint instanceof TableConstraint.ForeignKey key) {
        constraints.add(
            definitions.define(
                table,
                key.name(),
                key.columns(),
                key.target(),
                ConstraintDefinitions.deferral(key.attributes()),
                Validity.VALIDATED));
      }
    }
  }

  private static void requireDifferentNames(List<Column> columns) {
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new DatabaseException(
            SqlState.DUPLICATE_COLUMN, "column \"" + column.name() + "\" specified more than once");
      }
    }
  }

  private void gatherKeys(Column column) {
    for (ColumnConstraint constraint : column.constraints()) {
      switch (constraint) {
        case ColumnConstraint.PrimaryKey key ->
            keys.add(
                new Key(
                    key.name(),
                    List.of(column.name()),
                    Uniqueness.PRIMARY_KEY,
                    key.attributes(),
                    key.position()));
        case ColumnConstraint.Unique key -> {
          requireNullsDistinct(key.nulls(), key.position());
          keys.add(
              new Key(
                  key.name(),
                  List.of(column.name()),
                  Uniqueness.UNIQUE,
                  key.attributes(),
                  key.position()));
        }
        case ColumnConstraint.Generated generated ->
            throw unsupported("generated columns", generated.position());
        case ColumnConstraint.Identity identity ->
            throw unsupported("identity columns", identity.position());
        case ColumnConstraint.NotNull _,
            ColumnConstraint.Nullability _,
            ColumnConstraint.DefaultValue _,
            ColumnConstraint.Check _,
            ColumnConstraint.References _ -> {}
      }
    }
  }

  private void gatherKeys(TableConstraint constraint) {
    switch (constraint) {
      case TableConstraint.PrimaryKey key ->
          keys.add(
              new Key(
                  key.name(),
                  key.columns(),
                  Uniqueness.PRIMARY_KEY,
                  key.attributes(),
                  key.position()));
      case TableConstraint.Unique key -> {
        requireNullsDistinct(key.nulls(), key.position());
        keys.add(
            new Key(
                key.name(), key.columns(), Uniqueness.UNIQUE, key.attributes(), key.position()));
      }
      case TableConstraint.Check _, TableConstraint.ForeignKey _ -> {}
    }
  }

  private static void requireNullsDistinct(NullsEqual nulls, int position) {
    if (nulls == NullsEqual.NOT_DISTINCT) {
      throw unsupported("NULLS NOT DISTINCT", position);
    }
  }

  private void requireOnePrimaryKey(String table) {
    List<Key> primary =
        keys.stream().filter(key -> key.uniqueness == Uniqueness.PRIMARY_KEY).toList();
    if (primary.size() > 1) {
      throw new DatabaseException(
              SqlState.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + table + "\" are not allowed")
          .at(primary.get(1).position);
    }
  }

  private ColumnDefinition define(Column column) {
    ColumnType type = scope.columnType(column.type());
    boolean notNull = isInPrimaryKey(column.name());
    Optional<String> defaultText = Optional.empty();
    for (ColumnConstraint constraint : column.constraints()) {
      if (constraint instanceof ColumnConstraint.NotNull) {
        notNull = true;
      } else if (constraint instanceof ColumnConstraint.DefaultValue value) {
        // A default that cannot be of the column's type is refused now, not at the first INSERT.
        Analyzer.analyzeScalar(
            value.value(), Optional.empty(), Optional.of(type), scope.analysisContext());
        defaultText = Optional.of(value.text());
      }
    }
    return new ColumnDefinition(
        column.name(), type, notNull ? Nullability.NOT_NULL : Nullability.NULLABLE, defaultText);
  }

  private boolean isInPrimaryKey(String column) {
    return keys.stream()
        .anyMatch(key -> key.uniqueness == Uniqueness.PRIMARY_KEY && key.columns.contains(column));
  }

  private List<IndexDefinition> indexes(
      int tableOid, String table, List<ColumnDefinition> columns) {
    List<IndexDefinition> indexes = new ArrayList<>();
    RelationNames names = new RelationNames(scope.transaction().catalog(), schema);
    names.take(table);
    for (Key key : keys) {
      List<IndexDefinition.Key> indexed =
          key.columns.stream()
              .map(name -> IndexDefinition.Key.ascending(indexOf(name, columns, key.position)))
              .toList();
      String name =
          key.name != null
              ? names.requireFree(key.name)
              : names.choose(
                  key.uniqueness == Uniqueness.PRIMARY_KEY
                      ? List.of(table)
                      : RelationNames.parts(table, key.columns),
                  key.uniqueness == Uniqueness.PRIMARY_KEY ? "pkey" : "key");
      indexes.add(
          new IndexDefinition(
              scope.transaction().allocateOid(),
              name,
              tableOid,
              IndexDefinition.Method.BTREE,
              indexed,
              key.uniqueness,
              Optional.empty(),
              Map.of()));
    }
    return indexes;
  }

  private static int indexOf(String name, List<ColumnDefinition> columns, int position) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        IndexDefinitions.requireOrdered(columns.get(i).type(), position);
        return i;
      }
    }
    throw new DatabaseException(
            SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" named in key does not exist")
        .at(position);
  }

  private static DatabaseException unsupported(String what, int position) {
    return new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, what + " are not supported")
        .at(position);
  }
}
