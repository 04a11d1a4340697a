package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.Conversion.Context;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Conversions of arrays: element by element, and to and from `vector` and `halfvec`.
final class ArrayConversions {
  private ArrayConversions() {}

  static Conversion ofElements(Conversion element, ColumnType to) {
    if (element.operator().isEmpty()) {
      return element;
    }
    ScalarOperator convert = element.operator().get();
    ColumnType from = ColumnType.arrayOf(exact(convert));
    return new Conversion(
        element.context(),
        Optional.of(
            CastRegistry.operator(
                from,
                to,
                convert.volatility(),
                (context, value) -> {
                  List<@Nullable Object> result = new ArrayList<>();
                  for (Object one : elements(value)) {
                    result.add(convert.apply(context, one));
                  }
                  return Collections.unmodifiableList(result);
                })));
  }

  private static ColumnType exact(ScalarOperator convert) {
    ColumnType wanted = OverloadChoice.wanted(convert.signature(), 0);
    if (wanted == null) {
      throw new IllegalStateException(convert + " converts from no certain type");
    }
    return wanted;
  }

  /// The conversion between a vector and an array of numbers, if it is that.
  static Optional<Conversion> withVector(ColumnType from, ColumnType to) {
    if (isVector(from) && to.equals(ColumnType.arrayOf(ColumnType.FLOAT4))) {
      return Optional.of(
          new Conversion(
              Context.IMPLICIT,
              Optional.of(
                  CastRegistry.operator(
                      from, to, Volatility.IMMUTABLE, (_, value) -> toList((float[]) value)))));
    }
    if (!isVector(to) || from.kind() != Kind.ARRAY) {
      return Optional.empty();
    }
    return switch (from.elementType().kind()) {
      case INT4, FLOAT4, FLOAT8, NUMERIC ->
          Optional.of(
              new Conversion(
                  Context.ASSIGNMENT,
                  Optional.of(
                      CastRegistry.operator(
                          from,
                          to.withoutModifier(),
                          Volatility.IMMUTABLE,
                          (_, value) -> toVector(elements(value), to.kind())))));
      default -> Optional.empty();
    };
  }

  private static List<@Nullable Object> toList(float[] vector) {
    List<@Nullable Object> list = new ArrayList<>(vector.length);
    for (float element : vector) {
      list.add(element);
    }
    return Collections.unmodifiableList(list);
  }

  private static boolean isVector(ColumnType type) {
    return type.kind() == Kind.VECTOR || type.kind() == Kind.HALFVEC;
  }

  private static float[] toVector(List<@Nullable Object> elements, Kind kind) {
    if (elements.contains(null)) {
      throw new DatabaseException(SqlState.NULL_VALUE_NOT_ALLOWED, "array must not contain nulls");
    }
    VectorFunctions.requireDimensions(elements.size(), kind);
    float[] vector = new float[elements.size()];
    for (int i = 0; i < vector.length; i++) {
      float element = ((Number) Objects.requireNonNull(elements.get(i))).floatValue();
      vector[i] = VectorFunctions.element(element, kind);
    }
    return vector;
  }

  /// The elements of an array's value.
  @SuppressWarnings("unchecked") // What the value of an array is.
  static List<@Nullable Object> elements(Object value) {
    return (List<@Nullable Object>) value;
  }
}
