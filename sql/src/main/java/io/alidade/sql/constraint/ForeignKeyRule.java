package io.alidade.sql.constraint;

import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A foreign key with both of its tables, and its keys as values of either.
///
/// @param from the table with the key
/// @param to the table that it points to
record ForeignKeyRule(
    TableDefinition from, TableDefinition to, ConstraintDefinition.ForeignKey key) {

  static List<@Nullable Object> values(@Nullable Object[] row, List<Integer> columns) {
    List<@Nullable Object> values = new ArrayList<>(columns.size());
    for (int column : columns) {
      values.add(row[column]);
    }
    return values;
  }

  /// The key of a row that may point somewhere.
  List<@Nullable Object> pointer(@Nullable Object[] row) {
    return values(row, key.columns());
  }

  /// The key of a row that others may point to.
  List<@Nullable Object> target(@Nullable Object[] row) {
    return values(row, key.referencedColumns());
  }

  /// Whether a row with this key has to point to something.
  boolean points(List<@Nullable Object> pointer) {
    return key.match() == Match.FULL
        ? pointer.stream().anyMatch(Objects::nonNull)
        : pointer.stream().allMatch(Objects::nonNull);
  }

  /// Whether it is null in part, which MATCH FULL refuses.
  static boolean isMixed(List<@Nullable Object> pointer) {
    return pointer.stream().anyMatch(Objects::isNull)
        && pointer.stream().anyMatch(Objects::nonNull);
  }

  /// A pointer as a key of the index that it is looked up in, in the index's order.
  ///
  /// @return empty when no row can have such a key
  Optional<List<@Nullable Object>> indexKey(List<@Nullable Object> pointer) {
    IndexDefinition index = to.index(key.referencedIndex()).orElseThrow();
    List<@Nullable Object> values = new ArrayList<>(pointer.size());
    for (int column : index.columns()) {
      Object value = pointer.get(key.referencedColumns().indexOf(column));
      Optional<Object> converted =
          value == null ? Optional.empty() : KeyValues.as(value, to.columns().get(column).type());
      if (converted.isEmpty()) {
        return Optional.empty();
      }
      values.add(converted.get());
    }
    return Optional.of(values);
  }

  /// A key that was pointed to as values of the columns that point.
  ///
  /// @return empty when no row can point to it
  Optional<List<@Nullable Object>> pointerTo(List<@Nullable Object> target) {
    List<@Nullable Object> values = new ArrayList<>(target.size());
    for (int i = 0; i < target.size(); i++) {
      Object value = target.get(i);
      Optional<Object> converted =
          value == null
              ? Optional.empty()
              : KeyValues.as(value, from.columns().get(key.columns().get(i)).type());
      if (converted.isEmpty()) {
        return Optional.empty();
      }
      values.add(converted.get());
    }
    return Optional.of(values);
  }

  /// Whether a key of one of the tables stays equal.
  static boolean isSame(
      TableDefinition table,
      List<Integer> columns,
      List<@Nullable Object> left,
      List<@Nullable Object> right) {
    for (int i = 0; i < columns.size(); i++) {
      if (!KeyValues.areEqual(
          left.get(i), right.get(i), table.columns().get(columns.get(i)).type())) {
        return false;
      }
    }
    return true;
  }
}
