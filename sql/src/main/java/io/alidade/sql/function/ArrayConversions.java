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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Conversions of arrays: element by element, and to and from `vector`.
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
    if (from.kind() == Kind.VECTOR && to.equals(ColumnType.arrayOf(ColumnType.FLOAT4))) {
      return Optional.of(
          new Conversion(
              Context.IMPLICIT,
              Optional.of(
                  CastRegistry.operator(
                      from, to, Volatility.IMMUTABLE, (_, value) -> toList((float[]) value)))));
    }
    if (to.kind() != Kind.VECTOR || from.kind() != Kind.ARRAY) {
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
                          ColumnType.VECTOR,
                          Volatility.IMMUTABLE,
                          (_, value) -> toVector(elements(value))))));
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

  private static float[] toVector(List<@Nullable Object> elements) {
    if (elements.isEmpty()) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    if (elements.size() > ColumnType.MAX_VECTOR_DIMENSIONS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "vector cannot have more than " + ColumnType.MAX_VECTOR_DIMENSIONS + " dimensions");
    }
    float[] vector = new float[elements.size()];
    for (int i = 0; i < vector.length; i++) {
      if (!(elements.get(i) instanceof Number number)) {
        throw new DatabaseException(
            SqlState.NULL_VALUE_NOT_ALLOWED, "array must not contain nulls");
      }
      vector[i] = VectorFunctions.finite(number.floatValue());
    }
    return vector;
  }

  /// The elements of an array's value.
  @SuppressWarnings("unchecked") // What the value of an array is.
  static List<@Nullable Object> elements(Object value) {
    return (List<@Nullable Object>) value;
  }
}
