package io.alidade.storage.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A table: its columns and its indexes.
///
/// @param oid its OID, never used again for another relation
/// @param schema the name of its schema
/// @param name its name, unique among the relations of its schema
/// @param generation which contents: TRUNCATE begins the next generation, with new storage
/// @param columns in the order of `SELECT *`
/// @param indexes in the order in which they were made, the primary key among them
public record TableDefinition(
    int oid,
    String schema,
    String name,
    int generation,
    List<ColumnDefinition> columns,
    List<IndexDefinition> indexes) {

  /// The most columns of a table (PostgreSQL's limit).
  public static final int MAX_COLUMNS = 1600;

  /// The generation of a new table.
  public static final int FIRST_GENERATION = 1;

  public TableDefinition {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
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

  TableDefinition withIndex(IndexDefinition index) {
    List<IndexDefinition> more = new ArrayList<>(indexes);
    more.add(index);
    return new TableDefinition(oid, schema, name, generation, columns, more);
  }

  TableDefinition withoutIndex(int indexOid) {
    List<IndexDefinition> fewer = new ArrayList<>(indexes);
    fewer.removeIf(index -> index.oid() == indexOid);
    return new TableDefinition(oid, schema, name, generation, columns, fewer);
  }

  /// An index in the place of the one with its OID.
  TableDefinition withReplaced(IndexDefinition index) {
    List<IndexDefinition> changed = new ArrayList<>(indexes);
    changed.replaceAll(old -> old.oid() == index.oid() ? index : old);
    return new TableDefinition(oid, schema, name, generation, columns, changed);
  }

  TableDefinition withGeneration(int newGeneration) {
    return new TableDefinition(oid, schema, name, newGeneration, columns, indexes);
  }

  /// A table with the same columns and indexes under other OIDs and names.
  ///
  /// @param newIndexes the indexes, whose columns are the same
  public TableDefinition copyAs(
      int newOid, String newSchema, String newName, List<IndexDefinition> newIndexes) {
    return new TableDefinition(newOid, newSchema, newName, FIRST_GENERATION, columns, newIndexes);
  }
}
