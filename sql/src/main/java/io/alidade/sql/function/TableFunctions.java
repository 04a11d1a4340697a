package io.alidade.sql.function;

import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NUMERIC;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.polymorphic;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.Signature.ResultType;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The functions that return rows.
final class TableFunctions {
  private TableFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    series(builder, INT4, value -> NumberConversions.toInt4(value.longValueExact()));
    series(builder, INT8, BigDecimal::longValueExact);
    series(builder, NUMERIC, value -> value);
    builder.table(
        polymorphic("unnest", new ResultType.ElementOf(0), new ArgumentType.AnyArray()),
        List.of(new TableFunction.Column("unnest", null)),
        (_, arguments) -> unnest(arguments[0]));
    builder.table(
        polymorphic("_pg_expandarray", new ResultType.ElementOf(0), new ArgumentType.AnyArray()),
        List.of(new TableFunction.Column("x", null), new TableFunction.Column("n", INT4)),
        (_, arguments) -> expand(arguments[0]));
    builder.table(
        signature("generate_subscripts", INT4, ColumnType.arrayOf(TEXT), INT4),
        List.of(new TableFunction.Column("generate_subscripts", INT4)),
        (_, arguments) -> subscripts(arguments));
    // No table has partitions; psql asks for those that a table is one of.
    builder.table(
        signature("pg_partition_ancestors", ColumnType.REGCLASS, ColumnType.REGCLASS),
        List.of(new TableFunction.Column("relid", ColumnType.REGCLASS)),
        (_, _) -> List.<@Nullable Object[]>of().iterator());
    JsonFunctions.registerRows(builder);
  }

  private static void series(
      FunctionRegistry.Builder builder, ColumnType type, Function<BigDecimal, Object> box) {
    List<TableFunction.Column> columns = List.of(new TableFunction.Column("generate_series", type));
    TableFunction.Rows rows =
        (context, arguments) -> {
          Object step = arguments.length > 2 ? arguments[2] : (Object) 1L;
          return arguments[0] == null || arguments[1] == null || step == null
              ? List.<@Nullable Object[]>of().iterator()
              : new Series(
                  context, decimal(arguments[0]), decimal(arguments[1]), decimal(step), box);
        };
    builder.table(signature("generate_series", type, type, type), columns, rows);
    builder.table(signature("generate_series", type, type, type, type), columns, rows);
  }

  private static BigDecimal decimal(Object value) {
    return value instanceof BigDecimal decimal
        ? decimal
        : BigDecimal.valueOf(((Number) value).longValue());
  }

  /// The numbers from one to another by a step.
  private static final class Series implements Iterator<@Nullable Object[]> {
    private static final int CHECKPOINT_INTERVAL = 4096;

    private final EvaluationContext context;
    private final BigDecimal end;
    private final BigDecimal step;
    private final Function<BigDecimal, Object> box;
    private BigDecimal next;
    private int count;

    Series(
        EvaluationContext context,
        BigDecimal start,
        BigDecimal end,
        BigDecimal step,
        Function<BigDecimal, Object> box) {
      if (step.signum() == 0) {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
      }
      this.context = context;
      this.end = end;
      this.step = step;
      this.box = box;
      this.next = start;
    }

    @Override
    public boolean hasNext() {
      int order = next.compareTo(end);
      return step.signum() > 0 ? order <= 0 : order >= 0;
    }

    @Override
    public @Nullable Object[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (++count % CHECKPOINT_INTERVAL == 0) {
        context.checkpoint();
      }
      Object value = box.apply(next);
      next = next.add(step);
      return new @Nullable Object[] {value};
    }
  }

  private static Iterator<@Nullable Object[]> unnest(@Nullable Object array) {
    return array == null
        ? List.<@Nullable Object[]>of().iterator()
        : ArrayConversions.elements(array).stream()
            .<@Nullable Object[]>map(element -> new @Nullable Object[] {element})
            .iterator();
  }

  private static Iterator<@Nullable Object[]> expand(@Nullable Object array) {
    if (array == null) {
      return List.<@Nullable Object[]>of().iterator();
    }
    List<@Nullable Object> elements = ArrayConversions.elements(array);
    return java.util.stream.IntStream.range(0, elements.size())
        .<@Nullable Object[]>mapToObj(i -> new @Nullable Object[] {elements.get(i), i + 1})
        .iterator();
  }

  private static Iterator<@Nullable Object[]> subscripts(@Nullable Object[] arguments) {
    if (arguments[0] == null || !Integer.valueOf(1).equals(arguments[1])) {
      return List.<@Nullable Object[]>of().iterator();
    }
    int size = ArrayConversions.elements(arguments[0]).size();
    return java.util.stream.IntStream.rangeClosed(1, size)
        .<@Nullable Object[]>mapToObj(i -> new @Nullable Object[] {i})
        .iterator();
  }
}
