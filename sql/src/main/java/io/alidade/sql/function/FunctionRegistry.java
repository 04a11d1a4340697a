package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Distance;
import io.alidade.sql.function.ScalarOperator.Volatility;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.Signature.ResultType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// All functions, operators and aggregates by name; no two of the same name and arguments.
public final class FunctionRegistry {
  /// The functions every session has.
  public static final FunctionRegistry STANDARD = standard();

  private final Map<String, List<ScalarOperator>> scalars;
  private final Map<String, List<AggregateOperator>> aggregates;
  private final Map<String, List<TableFunction>> tableFunctions;

  private FunctionRegistry(Builder builder) {
    scalars = Map.copyOf(builder.scalars);
    aggregates = Map.copyOf(builder.aggregates);
    tableFunctions = Map.copyOf(builder.tableFunctions);
  }

  private static FunctionRegistry standard() {
    Builder builder = new Builder();
    IntegerArithmetic.register(builder);
    FloatArithmetic.register(builder);
    NumericArithmetic.register(builder);
    MathFunctions.register(builder);
    StringFunctions.register(builder);
    StringEditing.register(builder);
    BinaryFunctions.register(builder);
    PatternFunctions.register(builder);
    DateTimeFunctions.register(builder);
    JsonFunctions.register(builder);
    ArrayFunctions.register(builder);
    VectorFunctions.register(builder);
    BitFunctions.register(builder);
    SessionFunctions.register(builder);
    CatalogFunctions.register(builder);
    BackupFunctions.register(builder);
    NumberAggregates.register(builder);
    GeneralAggregates.register(builder);
    TableFunctions.register(builder);
    PolymorphicFunctions.register(builder);
    return new FunctionRegistry(builder);
  }

  /// The scalar functions or operators of a name; empty if there are none.
  public List<ScalarOperator> scalars(String name) {
    return scalars.getOrDefault(name, List.of());
  }

  /// The aggregates of a name but `count`, which is Calcite's.
  public List<AggregateOperator> aggregates(String name) {
    return aggregates.getOrDefault(name, List.of());
  }

  /// The functions of a name that return rows.
  public List<TableFunction> tableFunctions(String name) {
    return tableFunctions.getOrDefault(name, List.of());
  }

  /// Everything, by name, for `pg_proc`.
  public List<Overload> all() {
    List<Overload> all = new ArrayList<>();
    scalars.values().forEach(all::addAll);
    aggregates.values().forEach(all::addAll);
    tableFunctions.values().forEach(all::addAll);
    return all;
  }

  /// Collects what the families register.
  static final class Builder {
    private final Map<String, List<ScalarOperator>> scalars = new LinkedHashMap<>();
    private final Map<String, List<AggregateOperator>> aggregates = new LinkedHashMap<>();
    private final Map<String, List<TableFunction>> tableFunctions = new LinkedHashMap<>();

    void none(String name, ColumnType result, Volatility volatility, Implementation.OfNone body) {
      scalar(signature(name, result), volatility, body);
    }

    void one(String name, ColumnType argument, ColumnType result, Implementation.OfOne body) {
      scalar(signature(name, result, argument), Volatility.IMMUTABLE, body);
    }

    void two(
        String name,
        ColumnType left,
        ColumnType right,
        ColumnType result,
        Implementation.OfTwo body) {
      scalar(signature(name, result, left, right), Volatility.IMMUTABLE, body);
    }

    void many(Signature signature, Implementation.OfMany body) {
      scalar(signature, Volatility.IMMUTABLE, body);
    }

    void scalar(Signature signature, Volatility volatility, Implementation body) {
      add(scalars, new ScalarOperator(signature, volatility, body));
    }

    void distance(Signature signature, Distance distance, Implementation.OfTwo body) {
      add(
          scalars,
          new ScalarOperator(signature, Volatility.IMMUTABLE, body, Optional.of(distance)));
    }

    void aggregate(
        Signature signature,
        AggregateOperator.NullInput nullInput,
        Supplier<AggregateOperator.Accumulator> accumulators) {
      add(aggregates, new AggregateOperator(signature, nullInput, accumulators));
    }

    void table(Signature signature, List<TableFunction.Column> columns, TableFunction.Rows rows) {
      add(tableFunctions, new TableFunction(signature, columns, rows));
    }

    private static <T extends Overload> void add(Map<String, List<T>> map, T overload) {
      List<T> overloads = map.computeIfAbsent(overload.signature().name(), _ -> new ArrayList<>());
      for (T other : overloads) {
        if (other.signature().arguments().equals(overload.signature().arguments())) {
          throw new IllegalStateException("registered twice: " + overload.signature());
        }
      }
      overloads.add(overload);
    }
  }

  static Signature signature(String name, ColumnType result, ColumnType... arguments) {
    return new Signature(
        name,
        Arrays.<ColumnType>stream(arguments).<ArgumentType>map(ArgumentType.Exact::new).toList(),
        false,
        new ResultType.Fixed(result));
  }

  static Signature polymorphic(String name, ResultType result, ArgumentType... arguments) {
    return new Signature(name, List.of(arguments), false, result);
  }

  static Signature variadic(String name, ColumnType result, ArgumentType... arguments) {
    return new Signature(name, List.of(arguments), true, new ResultType.Fixed(result));
  }
}
