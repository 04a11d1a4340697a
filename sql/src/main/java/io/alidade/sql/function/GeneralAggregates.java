package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.polymorphic;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.sql.function.AggregateOperator.Accumulator;
import io.alidade.sql.function.AggregateOperator.NullInput;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.Signature.ResultType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Aggregates that are not of numbers alone.
final class GeneralAggregates {
  private GeneralAggregates() {}

  static void register(FunctionRegistry.Builder builder) {
    for (Kind kind : Kind.values()) {
      switch (kind) {
        case BOOL,
            UUID,
            JSONB,
            VECTOR,
            HALFVEC,
            BIT,
            VARBIT,
            BYTEA,
            CHAR,
            NAME,
            ARRAY,
            VARCHAR,
            REGPROC,
            REGCLASS,
            REGTYPE -> {}
        default -> extremes(builder, ColumnType.of(kind));
      }
    }
    extremes(builder, ColumnType.NAME);
    logical(builder, "bool_and", false);
    logical(builder, "every", false);
    logical(builder, "bool_or", true);
    builder.aggregate(signature("string_agg", TEXT, TEXT, TEXT), NullInput.KEPT, TextJoin::new);
    builder.aggregate(
        polymorphic("array_agg", new ResultType.ArrayOf(0), new ArgumentType.Any()),
        NullInput.KEPT,
        Collected::new);
    builder.aggregate(
        polymorphic("$first", new ResultType.SameAs(0), new ArgumentType.Any()),
        NullInput.KEPT,
        First::new);
    VectorAggregates.register(builder);
  }

  private static void extremes(FunctionRegistry.Builder builder, ColumnType type) {
    Comparator<Object> order = ValueOrder.of(type);
    builder.aggregate(signature("min", type, type), NullInput.SKIPPED, () -> new Extreme(order));
    builder.aggregate(
        signature("max", type, type), NullInput.SKIPPED, () -> new Extreme(order.reversed()));
  }

  private static void logical(FunctionRegistry.Builder builder, String name, boolean decisive) {
    builder.aggregate(signature(name, BOOL, BOOL), NullInput.SKIPPED, () -> new Logical(decisive));
  }

  /// The least value of an order.
  private static final class Extreme implements Accumulator {
    private final Comparator<Object> order;
    private @Nullable Object best;

    Extreme(Comparator<Object> order) {
      this.order = order;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Object value = arguments[0];
      if (value != null && (best == null || order.compare(value, best) < 0)) {
        best = value;
      }
    }

    @Override
    public @Nullable Object result() {
      return best;
    }
  }

  /// AND or OR: a value that decides, or the other.
  private static final class Logical implements Accumulator {
    private final boolean decisive;
    private @Nullable Boolean result;

    Logical(boolean decisive) {
      this.decisive = decisive;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      boolean value = Boolean.TRUE.equals(arguments[0]);
      result = result == null || value == decisive ? value : result;
    }

    @Override
    public @Nullable Object result() {
      return result;
    }
  }

  private static final class TextJoin implements Accumulator {
    private @Nullable StringBuilder text;

    @Override
    public void add(@Nullable Object[] arguments) {
      Object value = arguments[0];
      if (value == null) {
        return;
      }
      if (text == null) {
        text = new StringBuilder();
      } else if (arguments[1] != null) {
        text.append(arguments[1]);
      }
      text.append(value);
    }

    @Override
    public @Nullable Object result() {
      return text == null ? null : text.toString();
    }

    @Override
    public boolean keepsArguments() {
      return true;
    }
  }

  private static final class Collected implements Accumulator {
    private @Nullable List<@Nullable Object> values;

    @Override
    public void add(@Nullable Object[] arguments) {
      if (values == null) {
        values = new ArrayList<>();
      }
      values.add(arguments[0]);
    }

    @Override
    public @Nullable Object result() {
      return values == null ? null : Collections.unmodifiableList(values);
    }

    @Override
    public boolean keepsArguments() {
      return true;
    }
  }

  /// The first value, which may be NULL.
  private static final class First implements Accumulator {
    private boolean any;
    private @Nullable Object value;

    @Override
    public void add(@Nullable Object[] arguments) {
      if (!any) {
        any = true;
        value = arguments[0];
      }
    }

    @Override
    public @Nullable Object result() {
      return value;
    }
  }
}
