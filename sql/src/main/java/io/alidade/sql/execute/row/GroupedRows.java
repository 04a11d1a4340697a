package io.alidade.sql.execute.row;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// GROUP BY in a hash table: a row a group, the grouping columns followed by the aggregates.
///
/// Without grouping columns there is one group, even of no rows.
public final class GroupedRows implements RowCursor {
  /// What a group takes in the hash table, with its key.
  private static final int GROUP_BYTES = 112;

  private static final int ACCUMULATOR_BYTES = 64;

  private final RowCursor input;
  private final int[] columns;
  private final RowKeys keys;
  private final Supplier<Accumulator[]> accumulators;
  private final MemoryBudget budget;
  private long bytes;
  private @Nullable RowCursor groups;

  private record Group(@Nullable Object[] row, Accumulator[] accumulators) {}

  /// @param columns the grouping columns' positions in the input
  /// @param accumulators makes the aggregates of a new group
  public GroupedRows(
      RowCursor input, int[] columns, Supplier<Accumulator[]> accumulators, MemoryBudget budget) {
    this.input = input;
    this.columns = columns.clone();
    this.keys = RowKeys.of(columns);
    this.accumulators = accumulators;
    this.budget = budget;
  }

  @Override
  public List<@Nullable Object[]> next() {
    if (groups == null) {
      groups = new ListedRows(group());
    }
    return groups.next();
  }

  private List<@Nullable Object[]> group() {
    Map<Object, Group> table = new LinkedHashMap<>();
    if (columns.length == 0) {
      table.put(keys.groupKey(new @Nullable Object[0]), newGroup(new @Nullable Object[0]));
    }
    for (List<@Nullable Object[]> batch = input.next(); !batch.isEmpty(); batch = input.next()) {
      for (@Nullable Object[] row : batch) {
        Object key = keys.groupKey(row);
        Group group = table.get(key);
        if (group == null) {
          group = newGroup(row);
          table.put(key, group);
        }
        for (Accumulator accumulator : group.accumulators()) {
          accumulator.add(row);
        }
      }
    }
    return table.values().stream().map(GroupedRows::finished).toList();
  }

  private Group newGroup(@Nullable Object[] row) {
    Accumulator[] aggregates = accumulators.get();
    @Nullable Object[] grouped = new @Nullable Object[columns.length + aggregates.length];
    for (int i = 0; i < columns.length; i++) {
      grouped[i] = row[columns[i]];
    }
    long overhead = GROUP_BYTES + (long) aggregates.length * ACCUMULATOR_BYTES;
    budget.reserve(overhead);
    bytes += overhead + budget.reserve(grouped);
    return new Group(grouped, aggregates);
  }

  private static @Nullable Object[] finished(Group group) {
    @Nullable Object[] row = group.row();
    int first = row.length - group.accumulators().length;
    for (int i = first; i < row.length; i++) {
      row[i] = group.accumulators()[i - first].result();
    }
    return row;
  }

  @Override
  public void close() {
    input.close();
    budget.release(bytes);
    bytes = 0;
    groups = new ListedRows(List.of());
  }
}
