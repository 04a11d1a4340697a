package io.alidade.sql.execute;

import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.execute.row.ListedRows;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.plan.ScannedTable;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds the one row with a key of a unique index.
final class KeyLookupNode implements ExecutableNode {
  private static final @Nullable Object[] NO_ROW = {};

  private final ScannedTable table;
  private final IndexDefinition index;
  private final List<CompiledExpression> key;
  private final Optional<CompiledExpression> filter;
  private final int[] read;

  /// @param filter what else must hold
  /// @param filterColumns the columns that it reads
  KeyLookupNode(
      ScannedTable table,
      IndexDefinition index,
      List<CompiledExpression> key,
      Optional<CompiledExpression> filter,
      Set<Integer> filterColumns) {
    this.table = table;
    this.index = index;
    this.key = key;
    this.filter = filter;
    Set<Integer> columns = new TreeSet<>(table.read());
    columns.addAll(filterColumns);
    this.read = columns.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    context.checkpoint().pass();
    return new ListedRows(find(context).map(List::<@Nullable Object[]>of).orElse(List.of()));
  }

  private Optional<@Nullable Object[]> find(ExecutionContext context) {
    List<@Nullable Object> values = new ArrayList<>(key.size());
    for (CompiledExpression expression : key) {
      Object value = expression.evaluate(context, NO_ROW);
      if (value == null) {
        return Optional.empty();
      }
      values.add(value);
    }
    TableView view = context.view(table.definition().oid());
    return view.lookup(index, values)
        .map(reference -> row(view, reference))
        .filter(
            row -> filter.isEmpty() || Boolean.TRUE.equals(filter.get().evaluate(context, row)));
  }

  private @Nullable Object[] row(TableView view, RowReference reference) {
    @Nullable Object[] values = view.row(reference, read);
    int tableWidth = table.definition().columns().size();
    boolean shown = table.references() == RowReferences.SHOWN;
    @Nullable Object[] row = new @Nullable Object[shown ? tableWidth + 1 : tableWidth];
    for (int i = 0; i < read.length; i++) {
      row[read[i]] = values[i];
    }
    if (shown) {
      row[tableWidth] = RowLayout.reference(reference.segment(), reference.ordinal());
    }
    return row;
  }
}
