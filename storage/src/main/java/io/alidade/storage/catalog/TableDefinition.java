package io.alidade.storage.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/// A table: its columns and its indexes.
///
/// @param oid its OID, never used again for another relation
/// @param schema the name of its schema
/// @param name its name, unique among the relations of its schema
/// @param generation which contents: TRUNCATE begins the next generation, with new storage
/// @param columns in the order of `SELECT *`
/// @param indexes in the order in which they were made, the primary key among them
/// @param constraints in the order in which they were made
public record TableDefinition(
    int oid,
    String schema,
    String name,
    int generation,
    List<ColumnDefinition> columns,
    List<IndexDefinition> indexes,
    List<ConstraintDefinition> constraints) {

  /// The most columns of a table (PostgreSQL's limit).
  public static final int MAX_COLUMNS = 1600;

  /// The generation of a new table.
  public static final int FIRST_GENERATION = 1;

  public TableDefinition {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    constraints = List.copyOf(constraints);
    if (columns.size() > MAX_COLUMNS) {
      throw new IllegalArgumentException(columns.size() + " columns in table " + name);
    }
    for (IndexDefinition index : indexes) {
      for (IndexDefinition.Key key : index.keys()) {
        if (key.column() < 0 || key.column() >= columns.size()) {
          throw new IllegalArgumentException(
              "index " + index.name() + " is on column " + key.column() + " of " + columns.size());
        }
      }
    }
  }

  /// A table without constraints but its unique indexes.
  public TableDefinition(
      int oid,
      String schema,
      String name,
      int generation,
      List<ColumnDefinition> columns,
      List<IndexDefinition> indexes) {
    this(oid, schema, name, generation, columns, indexes, List.of());
  }

  /// The index in [#columns] of the column with a name.
  public OptionalInt column(String columnName) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(columnName)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /// The primary key, if it has one.
  public Optional<IndexDefinition> primaryKey() {
    return indexes.stream().filter(IndexDefinition::isPrimaryKey).findFirst();
  }

  /// The index with an OID.
  public Optional<IndexDefinition> index(int indexOid) {
    return indexes.stream().filter(index -> index.oid() == indexOid).findFirst();
  }

  /// An ordered index whose first columns are these, in whatever order.
  public Optional<IndexDefinition> indexOn(List<Integer> indexed) {
    return indexes.stream()
        .filter(index -> index.method() == IndexDefinition.Method.BTREE)
        .filter(index -> index.keys().size() >= indexed.size())
        .filter(index ->
            new HashSet<>(index.columns().subList(0, indexed.size()))
                .equals(new HashSet<>(indexed)))
        .findFirst();
  }

  /// The constraint with a name.
  public Optional<ConstraintDefinition> constraint(String constraintName) {
    return constraints.stream().filter(it -> it.name().equals(constraintName)).findFirst();
  }

  /// The primary key or unique constraint that an index was made for.
  public Optional<ConstraintDefinition.Key> keyConstraint(int indexOid) {
    for (ConstraintDefinition constraint : constraints) {
      if (constraint instanceof ConstraintDefinition.Key key && key.indexOid() == indexOid) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /// Whether an index must not have equal keys after each row that is written. A unique index of a
  /// deferrable constraint must not at the end of a statement or transaction only.
  public boolean isUniqueAtOnce(IndexDefinition index) {
    return index.isUnique()
        && (constraints.isEmpty()
            || keyConstraint(index.oid()).filter(key -> key.deferral().isDeferrable()).isEmpty());
  }

  TableDefinition withConstraint(ConstraintDefinition constraint) {
    List<ConstraintDefinition> more = new ArrayList<>(constraints);
    more.add(constraint);
    return withConstraints(more);
  }

  TableDefinition withoutConstraint(int constraintOid) {
    List<ConstraintDefinition> fewer = new ArrayList<>(constraints);
    fewer.removeIf(constraint -> constraint.oid() == constraintOid);
    return withConstraints(fewer);
  }

  /// A constraint in the place of the one with its OID.
  TableDefinition withReplaced(ConstraintDefinition constraint) {
    List<ConstraintDefinition> changed = new ArrayList<>(constraints);
    changed.replaceAll(old -> old.oid() == constraint.oid() ? constraint : old);
    return withConstraints(changed);
  }

  private TableDefinition withConstraints(List<ConstraintDefinition> newConstraints) {
    return new TableDefinition(oid, schema, name, generation, columns, indexes, newConstraints);
  }

  TableDefinition withIndex(IndexDefinition index) {
    List<IndexDefinition> more = new ArrayList<>(indexes);
    more.add(index);
    return new TableDefinition(oid, schema, name, generation, columns, more, constraints);
  }

  TableDefinition withoutIndex(int indexOid) {
    List<IndexDefinition> fewer = new ArrayList<>(indexes);
    fewer.removeIf(index -> index.oid() == indexOid);
    return new TableDefinition(oid, schema, name, generation, columns, fewer, constraints);
  }

  /// An index in the place of the one with its OID.
  TableDefinition withReplaced(IndexDefinition index) {
    List<IndexDefinition> changed = new ArrayList<>(indexes);
    changed.replaceAll(old -> old.oid() == index.oid() ? index : old);
    return new TableDefinition(oid, schema, name, generation, columns, changed, constraints);
  }

  TableDefinition withGeneration(int newGeneration) {
    return new TableDefinition(oid, schema, name, newGeneration, columns, indexes, constraints);
  }

  /// The same table without the foreign keys that point to other tables.
  public TableDefinition withoutOtherTables() {
    return new TableDefinition(
        oid,
        schema,
        name,
        generation,
        columns,
        indexes,
        constraints.stream().filter(this::isAboutItself).toList());
  }

  private boolean isAboutItself(ConstraintDefinition constraint) {
    return !(constraint instanceof ConstraintDefinition.ForeignKey key)
        || key.referencedTable() == oid;
  }

  /// A table with the same columns, indexes and constraints under other OIDs and names; foreign
  /// keys to other tables are left out.
  ///
  /// @param newIndexes one for each index, with the same columns
  /// @param oids gives those of constraints
  public TableDefinition copyAs(
      int newOid,
      String newSchema,
      String newName,
      List<IndexDefinition> newIndexes,
      IntSupplier oids) {
    List<ConstraintDefinition> copies = new ArrayList<>();
    for (ConstraintDefinition constraint : withoutOtherTables().constraints()) {
      copies.add(
          switch (constraint) {
            case ConstraintDefinition.Check check ->
                new ConstraintDefinition.Check(
                    oids.getAsInt(),
                    check.name(),
                    check.condition(),
                    check.shown(),
                    check.pretty(),
                    check.columns(),
                    check.validity(),
                    check.inheritance());
            case ConstraintDefinition.Key key -> {
              IndexDefinition index = newIndexes.get(place(key.indexOid()));
              yield new ConstraintDefinition.Key(
                  oids.getAsInt(), index.name(), index.oid(), key.deferral());
            }
            case ConstraintDefinition.ForeignKey key ->
                new ConstraintDefinition.ForeignKey(
                    oids.getAsInt(),
                    key.name(),
                    key.columns(),
                    newOid,
                    newIndexes.get(place(key.referencedIndex())).oid(),
                    key.referencedColumns(),
                    key.match(),
                    key.onDelete(),
                    key.resetOnDelete(),
                    key.onUpdate(),
                    key.deferral(),
                    key.validity());
          });
    }
    return new TableDefinition(
        newOid, newSchema, newName, FIRST_GENERATION, columns, newIndexes, copies);
  }

  private int place(int indexOid) {
    return indexes.indexOf(index(indexOid).orElseThrow());
  }
}
