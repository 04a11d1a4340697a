package io.alidade.sql.constraint;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the rows that point to keys: by an index of the table if one begins with the key's
/// columns, else all keys in one pass over the table.
final class ReferencingRows {
  private ReferencingRows() {}

  /// A row that was found.
  ///
  /// @param target which of the keys it points to, as an index into them
  record Found(RowReference row, int target) {}

  /// The rows that point to any of some keys.
  ///
  /// @param view of the table with the foreign key
  /// @param targets keys of the table that is pointed to
  /// @param limit how many rows are wanted at most for each key
  static List<Found> of(
      ForeignKeyRule rule,
      TableView view,
      List<List<@Nullable Object>> targets,
      int limit,
      Checkpoint cancel) {
    if (targets.size() == 1 || isIndexed(rule)) {
      List<Found> found = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        Optional<List<@Nullable Object>> pointer = rule.pointerTo(targets.get(i));
        if (pointer.isPresent()) {
          cancel.pass();
          for (RowReference row :
              view.matching(rule.key().columns(), pointer.get(), limit, cancel)) {
            found.add(new Found(row, i));
          }
        }
      }
      return found;
    }
    return scan(rule, view, targets, cancel);
  }

  /// Whether keys are better looked up one by one.
  static boolean isIndexed(ForeignKeyRule rule) {
    return rule.from().indexOn(rule.key().columns()).isPresent();
  }

  private static List<Found> scan(
      ForeignKeyRule rule,
      TableView view,
      List<List<@Nullable Object>> targets,
      Checkpoint cancel) {
    Map<List<@Nullable Object>, Integer> wanted = new HashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      int at = i;
      rule.pointerTo(targets.get(i)).ifPresent(key -> wanted.putIfAbsent(hashable(key), at));
    }
    List<Found> found = new ArrayList<>();
    for (int s = 0; s < view.segments().size(); s++) {
      SegmentView segment = view.segments().get(s);
      List<ColumnReader> readers = rule.key().columns().stream().map(segment::column).toList();
      for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
        if (ordinal % Checkpoint.ROWS_BETWEEN == 0) {
          cancel.pass();
        }
        if (segment.isVisible(ordinal)) {
          List<@Nullable Object> key = new ArrayList<>(readers.size());
          for (ColumnReader reader : readers) {
            key.add(KeyValues.hashable(reader.get(ordinal)));
          }
          Integer target = wanted.get(key);
          if (target != null) {
            found.add(new Found(new RowReference(s, ordinal), target));
          }
        }
      }
    }
    return found;
  }

  private static List<@Nullable Object> hashable(List<@Nullable Object> key) {
    List<@Nullable Object> values = new ArrayList<>(key.size());
    key.forEach(value -> values.add(KeyValues.hashable(value)));
    return values;
  }
}
