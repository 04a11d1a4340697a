package io.alidade.storage.catalog;

import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables of a catalog with their indexes, found by OID and by name. Immutable; a change costs
/// as little with thousands of tables as with a few.
final class Relations {
  static final Relations NONE =
      new Relations(SharedTree.empty(), SharedTree.empty(), SharedTree.empty());

  private final SharedTree<Integer, TableDefinition> tables;

  /// The OIDs of the tables that tables and indexes of a name are, or belong to.
  private final SharedTree<Name, Integer> names;

  /// The OIDs of the tables that indexes belong to.
  private final SharedTree<Integer, Integer> indexes;

  private record Name(String schema, String name) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int order = schema.compareTo(other.schema);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  private Relations(
      SharedTree<Integer, TableDefinition> tables,
      SharedTree<Name, Integer> names,
      SharedTree<Integer, Integer> indexes) {
    this.tables = tables;
    this.names = names;
    this.indexes = indexes;
  }

  static Relations of(Collection<TableDefinition> tables) {
    Relations relations = NONE;
    for (TableDefinition table : tables) {
      relations = relations.with(table);
    }
    return relations;
  }

  /// By OID.
  Collection<TableDefinition> values() {
    return tables.values();
  }

  Optional<TableDefinition> table(int oid) {
    return Optional.ofNullable(tables.get(oid));
  }

  Optional<TableDefinition> table(String schema, String name) {
    return owner(schema, name).filter(table -> table.name().equals(name));
  }

  Optional<IndexDefinition> index(int oid) {
    @Nullable Integer table = indexes.get(oid);
    return table == null ? Optional.empty() : table(table).flatMap(it -> it.index(oid));
  }

  Optional<IndexDefinition> index(String schema, String name) {
    return owner(schema, name)
        .flatMap(table ->
            table.indexes().stream().filter(index -> index.name().equals(name)).findFirst());
  }

  private Optional<TableDefinition> owner(String schema, String name) {
    @Nullable Integer oid = names.get(new Name(schema, name));
    return oid == null ? Optional.empty() : table(oid);
  }

  /// With a table, in the place of the one that had its OID.
  Relations with(TableDefinition table) {
    Relations others = table(table.oid()).map(this::without).orElse(this);
    SharedTree<Name, Integer> moreNames =
        others.names.with(new Name(table.schema(), table.name()), table.oid());
    SharedTree<Integer, Integer> moreIndexes = others.indexes;
    for (IndexDefinition index : table.indexes()) {
      moreNames = moreNames.with(new Name(table.schema(), index.name()), table.oid());
      moreIndexes = moreIndexes.with(index.oid(), table.oid());
    }
    return new Relations(others.tables.with(table.oid(), table), moreNames, moreIndexes);
  }

  Relations without(TableDefinition table) {
    SharedTree<Name, Integer> fewerNames = names.without(new Name(table.schema(), table.name()));
    SharedTree<Integer, Integer> fewerIndexes = indexes;
    for (IndexDefinition index : table.indexes()) {
      fewerNames = fewerNames.without(new Name(table.schema(), index.name()));
      fewerIndexes = fewerIndexes.without(index.oid());
    }
    return new Relations(tables.without(table.oid()), fewerNames, fewerIndexes);
  }
}
