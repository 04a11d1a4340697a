package io.alidade.sql.execute.row;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An order of rows by one or more of their columns.
public final class RowOrder implements Comparator<@Nullable Object[]> {
  private final int[] columns;
  private final Comparator<Object>[] orders;
  private final boolean[] nullsFirst;

  /// One sort key.
  ///
  /// @param column the position in the row
  /// @param order the order of its values, already reversed for a descending key
  /// @param nulls where SQL NULL goes, whatever the direction
  public record Key(int column, Comparator<Object> order, Nulls nulls) {}

  /// Where NULLs go.
  public enum Nulls {
    FIRST,
    LAST
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic arrays.
  public RowOrder(List<Key> keys) {
    columns = keys.stream().mapToInt(Key::column).toArray();
    orders = keys.stream().map(Key::order).toArray(Comparator[]::new);
    nullsFirst = new boolean[columns.length];
    for (int i = 0; i < columns.length; i++) {
      nullsFirst[i] = keys.get(i).nulls() == Nulls.FIRST;
    }
  }

  @Override
  public int compare(@Nullable Object[] left, @Nullable Object[] right) {
    for (int i = 0; i < columns.length; i++) {
      @Nullable Object a = left[columns[i]];
      @Nullable Object b = right[columns[i]];
      int result;
      if (a == null || b == null) {
        if (a == b) {
          continue;
        }
        result = (a == null) == nullsFirst[i] ? -1 : 1;
      } else {
        result = orders[i].compare(a, b);
      }
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }
}
