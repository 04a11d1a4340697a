package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.polymorphic;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Volatility;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.Signature.ResultType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Functions and operators of one-dimensional arrays.
final class ArrayFunctions {
  private static final ArgumentType ARRAY = new ArgumentType.AnyArray();
  private static final ArgumentType ELEMENT = new ArgumentType.AnyElement();
  private static final ArgumentType NUMBER = new ArgumentType.Exact(INT4);

  private ArrayFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    two(builder, "[]", new ResultType.ElementOf(0), NUMBER, ArrayFunctions::element);
    builder.scalar(
        polymorphic("[:]", new ResultType.SameAs(0), ARRAY, NUMBER, NUMBER),
        Volatility.IMMUTABLE,
        (Implementation.OfRow) (_, arguments) -> slice(arguments));
    two(builder, "array_length", fixed(INT4), NUMBER, (a, n) -> ofDimension(a, n, a.size()));
    two(builder, "array_upper", fixed(INT4), NUMBER, (a, n) -> ofDimension(a, n, a.size()));
    two(builder, "array_lower", fixed(INT4), NUMBER, (a, n) -> ofDimension(a, n, 1));
    one(builder, "cardinality", fixed(INT4), List::size);
    one(builder, "array_ndims", fixed(INT4), a -> a.isEmpty() ? null : 1);
    builder.scalar(
        polymorphic("array_position", fixed(INT4), ARRAY, ELEMENT),
        Volatility.IMMUTABLE,
        (Implementation.OfRow) (_, arguments) -> position(arguments));
    for (String name : List.of("array_append", "||")) {
      builder.scalar(
          polymorphic(name, new ResultType.SameAs(0), ARRAY, ELEMENT),
          Volatility.IMMUTABLE,
          (Implementation.OfRow)
              (_, arguments) -> joined(list(arguments[0]), single(arguments[1])));
    }
    for (String name : List.of("array_prepend", "||")) {
      builder.scalar(
          polymorphic(name, new ResultType.SameAs(1), ELEMENT, ARRAY),
          Volatility.IMMUTABLE,
          (Implementation.OfRow)
              (_, arguments) -> joined(single(arguments[0]), list(arguments[1])));
    }
    for (String name : List.of("array_cat", "||")) {
      builder.scalar(
          polymorphic(name, new ResultType.SameAs(0), ARRAY, ARRAY),
          Volatility.IMMUTABLE,
          (Implementation.OfRow)
              (_, arguments) ->
                  arguments[0] == null && arguments[1] == null
                      ? null
                      : joined(list(arguments[0]), list(arguments[1])));
    }
    two(builder, "@>", fixed(BOOL), ARRAY, (a, b) -> a.containsAll(ArrayConversions.elements(b)));
    two(builder, "<@", fixed(BOOL), ARRAY, (a, b) -> ArrayConversions.elements(b).containsAll(a));
    two(
        builder,
        "&&",
        fixed(BOOL),
        ARRAY,
        (a, b) -> a.stream().anyMatch(ArrayConversions.elements(b)::contains));
    fromText(builder);
  }

  private static void fromText(FunctionRegistry.Builder builder) {
    ColumnType texts = ColumnType.arrayOf(TEXT);
    builder.two(
        "string_to_array",
        TEXT,
        TEXT,
        texts,
        (_, text, separator) -> split((String) text, (String) separator));
  }

  private static List<@Nullable Object> split(String text, String separator) {
    if (text.isEmpty()) {
      return List.of();
    }
    if (separator.isEmpty()) {
      return List.of(text);
    }
    List<@Nullable Object> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return Collections.unmodifiableList(parts);
  }

  private interface OneBody {
    @Nullable Object compute(List<@Nullable Object> array);
  }

  private interface TwoBody {
    @Nullable Object compute(List<@Nullable Object> array, Object other);
  }

  private static ResultType fixed(ColumnType type) {
    return new ResultType.Fixed(type);
  }

  private static void one(
      FunctionRegistry.Builder builder, String name, ResultType result, OneBody body) {
    builder.scalar(
        polymorphic(name, result, ARRAY),
        Volatility.IMMUTABLE,
        (Implementation.OfOne) (_, array) -> body.compute(ArrayConversions.elements(array)));
  }

  private static void two(
      FunctionRegistry.Builder builder,
      String name,
      ResultType result,
      ArgumentType second,
      TwoBody body) {
    builder.scalar(
        polymorphic(name, result, ARRAY, second),
        Volatility.IMMUTABLE,
        (Implementation.OfTwo)
            (_, array, other) -> body.compute(ArrayConversions.elements(array), other));
  }

  private static @Nullable Object element(List<@Nullable Object> array, Object subscript) {
    int index = (Integer) subscript;
    return index < 1 || index > array.size() ? null : array.get(index - 1);
  }

  private static @Nullable Object slice(@Nullable Object[] arguments) {
    if (arguments[0] == null) {
      return null;
    }
    List<@Nullable Object> array = ArrayConversions.elements(arguments[0]);
    int lower = arguments[1] == null ? 1 : Math.max((Integer) arguments[1], 1);
    int upper =
        arguments[2] == null ? array.size() : Math.min((Integer) arguments[2], array.size());
    return lower > upper ? List.of() : array.subList(lower - 1, upper);
  }

  private static @Nullable Object ofDimension(
      List<@Nullable Object> array, Object dimension, int value) {
    return (Integer) dimension == 1 && !array.isEmpty() ? (Object) value : null;
  }

  private static @Nullable Object position(@Nullable Object[] arguments) {
    if (arguments[0] == null) {
      return null;
    }
    int index = ArrayConversions.elements(arguments[0]).indexOf(arguments[1]);
    return index < 0 ? null : (Object) (index + 1);
  }

  private static List<@Nullable Object> list(@Nullable Object array) {
    return array == null ? List.of() : ArrayConversions.elements(array);
  }

  private static List<@Nullable Object> single(@Nullable Object element) {
    return Collections.singletonList(element);
  }

  private static List<@Nullable Object> joined(
      List<@Nullable Object> left, List<@Nullable Object> right) {
    return Stream.concat(left.stream(), right.stream())
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(ArrayList::new), Collections::unmodifiableList));
  }
}
