package io.alidade.storage.catalog;

import io.alidade.engine.vector.Distance;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An index of a table; a primary key and a unique constraint are indexes too.
///
/// @param oid its OID
/// @param name its name, unique among the relations of its table's schema
/// @param tableOid the table
/// @param method how it is kept
/// @param keys the indexed columns, most significant first
/// @param uniqueness whether two rows may have equal keys
/// @param distance what a vector index orders by; empty for other methods
/// @param options the options that it was given, such as `m` and `quantization`, in the order in
///   which they were written; [VectorIndexOptions] understands those of a vector index
public record IndexDefinition(
    int oid,
    String name,
    int tableOid,
    Method method,
    List<Key> keys,
    Uniqueness uniqueness,
    Optional<Distance> distance,
    Map<String, String> options) {

  public IndexDefinition {
    keys = List.copyOf(keys);
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("index " + name + " has no keys");
    }
    if ((method == Method.HNSW) != distance.isPresent()) {
      throw new IllegalArgumentException(method + " index " + name + " with distance " + distance);
    }
    if (method == Method.HNSW && (keys.size() != 1 || uniqueness != Uniqueness.NOT_UNIQUE)) {
      throw new IllegalArgumentException("HNSW index " + name + " on " + keys + ", " + uniqueness);
    }
  }

  /// How an index is kept.
  public enum Method {
    /// In the order of its keys.
    BTREE,
    /// As a graph of near neighbours.
    HNSW
  }

  /// Whether two rows may have equal keys. Keys with a NULL are never equal.
  public enum Uniqueness {
    NOT_UNIQUE,
    UNIQUE,
    /// Unique, and the table's primary key.
    PRIMARY_KEY
  }

  /// The order in which the definition lists a column; an ordered index can be read both ways.
  public enum Order {
    ASCENDING,
    DESCENDING
  }

  /// An indexed column.
  ///
  /// @param column its index in the table's columns
  public record Key(int column, Order order) {
    /// The column in ascending order.
    public static Key ascending(int column) {
      return new Key(column, Order.ASCENDING);
    }
  }

  /// Whether it is the table's primary key.
  public boolean isPrimaryKey() {
    return uniqueness == Uniqueness.PRIMARY_KEY;
  }

  /// Whether no two rows may have equal keys.
  public boolean isUnique() {
    return uniqueness != Uniqueness.NOT_UNIQUE;
  }

  /// The indexed columns as indexes into the table's columns.
  public List<Integer> columns() {
    return keys.stream().map(Key::column).toList();
  }

  /// The same index with other options.
  public IndexDefinition withOptions(Map<String, String> newOptions) {
    return new IndexDefinition(oid, name, tableOid, method, keys, uniqueness, distance, newOptions);
  }

  /// The same index with its codes and graph mapped, whatever its options say of memory.
  public IndexDefinition inMappedFiles() {
    Map<String, String> rest = new LinkedHashMap<>(options);
    rest.remove(VectorIndexOptions.MEMORY);
    return withOptions(rest);
  }

  /// The same index under another name.
  public IndexDefinition withName(String newName) {
    return new IndexDefinition(oid, newName, tableOid, method, keys, uniqueness, distance, options);
  }

  /// The same index of another table with the same columns.
  public IndexDefinition copyAs(int newOid, String newName, int newTableOid) {
    return new IndexDefinition(
        newOid, newName, newTableOid, method, keys, uniqueness, distance, options);
  }

  /// The options of a vector index, understood.
  public VectorIndexOptions vectorOptions() {
    return VectorIndexOptions.of(options);
  }
}
