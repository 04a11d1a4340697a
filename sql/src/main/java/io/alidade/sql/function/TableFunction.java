package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/// A function that returns rows: the operator of the call in a `LogicalTableFunctionScan`.
///
/// Its arguments come with exactly the types of its signature. Immutable and thread-safe.
public final class TableFunction extends SqlFunction implements Overload {
  private final Signature signature;
  private final List<Column> columns;
  private final Rows rows;

  TableFunction(Signature signature, List<Column> columns, Rows rows) {
    super(
        signature.name(),
        SqlKind.OTHER_FUNCTION,
        binding -> {
          throw new IllegalStateException(signature.name() + " returns rows, not a value");
        },
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION);
    this.signature = signature;
    this.columns = List.copyOf(columns);
    this.rows = rows;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  /// Its columns; the type of the first is the signature's result.
  public List<Column> columns() {
    return columns;
  }

  /// The rows for some arguments, made as they are asked for.
  public Iterator<@Nullable Object[]> rows(
      EvaluationContext context, @Nullable Object[] arguments) {
    return rows.of(context, arguments);
  }

  /// The same function with a last column that counts the rows.
  public TableFunction withOrdinality() {
    List<Column> more = new ArrayList<>(columns);
    more.add(new Column("ordinality", ColumnType.INT8));
    return new TableFunction(
        signature, more, (context, arguments) -> numbered(rows.of(context, arguments)));
  }

  private static Iterator<@Nullable Object[]> numbered(Iterator<@Nullable Object[]> rows) {
    return new Iterator<>() {
      private long count;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public @Nullable Object[] next() {
        @Nullable Object[] row = rows.next();
        @Nullable Object[] longer = Arrays.copyOf(row, row.length + 1);
        longer[row.length] = ++count;
        return longer;
      }
    };
  }

  /// A column of its rows.
  ///
  /// @param type null for the signature's result type
  public record Column(String name, @Nullable ColumnType type) {}

  /// Rows of which each is large, so that they are taken one at a time, and closed after the last.
  public interface LargeRows extends Iterator<@Nullable Object[]>, AutoCloseable {
    @Override
    void close();
  }

  /// Makes the rows.
  @FunctionalInterface
  public interface Rows {
    Iterator<@Nullable Object[]> of(EvaluationContext context, @Nullable Object[] arguments);
  }
}
