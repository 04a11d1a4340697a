package io.alidade.sql.function;

import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.VECTOR;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.Half;
import io.alidade.model.SqlState;
import io.alidade.model.codec.TextCodec;
import io.alidade.sql.function.ScalarOperator.Distance;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.time.ZoneOffset;
import java.util.Arrays;

/// The functions and operators of pgvector's `vector` and `halfvec`, and `embed`.
///
/// The elements of a `halfvec` are 32-bit floats that 16 bits can hold, so both types share
/// everything but the rounding of results.
final class VectorFunctions {
  private VectorFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    for (Kind kind : new Kind[] {Kind.VECTOR, Kind.HALFVEC}) {
      ColumnType type = ColumnType.of(kind);
      distances(builder, kind);
      builder.two(
          "inner_product",
          type,
          type,
          FLOAT8,
          (_, a, b) -> inner(same((float[]) a, (float[]) b, kind), (float[]) b));
      builder.one("vector_dims", type, INT4, (_, v) -> ((float[]) v).length);
      builder.one("l2_norm", type, FLOAT8, (_, v) -> norm((float[]) v));
      builder.one("l2_normalize", type, type, (_, v) -> normalize((float[]) v, kind));
      builder.one(
          "binary_quantize", type, ColumnType.BIT, (_, v) -> BitString.ofPositive((float[]) v));
      elementwise(builder, "+", kind, (a, b) -> a + b);
      elementwise(builder, "-", kind, (a, b) -> a - b);
      elementwise(builder, "*", kind, (a, b) -> a * b);
      builder.two("||", type, type, type, (_, a, b) -> concat((float[]) a, (float[]) b, kind));
      builder.many(
          signature("subvector", type, type, INT4, INT4),
          (_, arguments) ->
              subvector(
                  (float[]) arguments[0], (Integer) arguments[1], (Integer) arguments[2], kind));
    }
    builder.one("vector_norm", VECTOR, FLOAT8, (_, v) -> norm((float[]) v));
    builder.scalar(
        signature("embed", VECTOR, ColumnType.TEXT),
        Volatility.STABLE,
        (Implementation.OfOne) (context, text) -> context.embed((String) text));
  }

  private interface DistanceBody {
    double compute(float[] left, float[] right);
  }

  private interface ElementBody {
    float compute(float left, float right);
  }

  private static void distances(FunctionRegistry.Builder builder, Kind kind) {
    distance(builder, Distance.L2, kind, VectorFunctions::l2, "<->", "l2_distance");
    distance(
        builder,
        Distance.NEGATIVE_INNER_PRODUCT,
        kind,
        (a, b) -> -inner(a, b),
        "<#>",
        kind.typeName() + "_negative_inner_product");
    distance(builder, Distance.COSINE, kind, VectorFunctions::cosine, "<=>", "cosine_distance");
    distance(builder, Distance.L1, kind, VectorFunctions::l1, "<+>", "l1_distance");
  }

  private static void distance(
      FunctionRegistry.Builder builder,
      Distance distance,
      Kind kind,
      DistanceBody body,
      String... names) {
    ColumnType type = ColumnType.of(kind);
    for (String name : names) {
      builder.distance(
          signature(name, FLOAT8, type, type),
          distance,
          (_, a, b) -> body.compute(same((float[]) a, (float[]) b, kind), (float[]) b));
    }
  }

  private static void elementwise(
      FunctionRegistry.Builder builder, String name, Kind kind, ElementBody body) {
    ColumnType type = ColumnType.of(kind);
    boolean product = name.equals("*");
    builder.two(
        name,
        type,
        type,
        type,
        (_, l, r) -> {
          float[] a = (float[]) l;
          float[] b = (float[]) r;
          requireSameDimensions(a, b, kind);
          float[] result = new float[a.length];
          for (int i = 0; i < a.length; i++) {
            result[i] = notOverflown(rounded(body.compute(a[i], b[i]), kind));
            if (product && result[i] == 0 && a[i] != 0 && b[i] != 0) {
              throw new DatabaseException(
                  SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
            }
          }
          return result;
        });
  }

  private static float rounded(float value, Kind kind) {
    return kind == Kind.HALFVEC ? Half.round(value) : value;
  }

  private static float[] same(float[] left, float[] right, Kind kind) {
    requireSameDimensions(left, right, kind);
    return left;
  }

  static void requireSameDimensions(float[] left, float[] right, Kind kind) {
    if (left.length != right.length) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION,
          "different %s dimensions %d and %d".formatted(kind.sqlName(), left.length, right.length));
    }
  }

  static float notOverflown(float value) {
    if (Float.isInfinite(value)) {
      throw FloatArithmetic.overflow();
    }
    return value;
  }

  private static double l2(float[] left, float[] right) {
    float sum = 0;
    for (int i = 0; i < left.length; i++) {
      float difference = left[i] - right[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private static double l1(float[] left, float[] right) {
    float sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += Math.abs(left[i] - right[i]);
    }
    return sum;
  }

  private static double inner(float[] left, float[] right) {
    float sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  private static double cosine(float[] left, float[] right) {
    float product = 0;
    float leftSquares = 0;
    float rightSquares = 0;
    for (int i = 0; i < left.length; i++) {
      product += left[i] * right[i];
      leftSquares += left[i] * left[i];
      rightSquares += right[i] * right[i];
    }
    double similarity = product / Math.sqrt((double) leftSquares * rightSquares);
    return 1 - (similarity > 1 ? 1 : similarity < -1 ? -1 : similarity);
  }

  private static double norm(float[] vector) {
    double sum = 0;
    for (float element : vector) {
      sum += (double) element * element;
    }
    return Math.sqrt(sum);
  }

  private static float[] normalize(float[] vector, Kind kind) {
    double norm = norm(vector);
    float[] result = new float[vector.length];
    if (norm > 0) {
      for (int i = 0; i < vector.length; i++) {
        result[i] = notOverflown(rounded((float) (vector[i] / norm), kind));
      }
    }
    return result;
  }

  private static float[] concat(float[] left, float[] right, Kind kind) {
    requireDimensions(left.length + right.length, kind);
    float[] result = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, result, left.length, right.length);
    return result;
  }

  private static float[] subvector(float[] vector, int start, int count, Kind kind) {
    long from = Math.max(start, 1);
    long to = Math.min((long) start + count, vector.length + 1L);
    if (count < 1 || to <= from) {
      throw tooFewDimensions(kind);
    }
    return Arrays.copyOfRange(vector, (int) from - 1, (int) to - 1);
  }

  static void requireDimensions(int dimensions, Kind kind) {
    if (dimensions < 1) {
      throw tooFewDimensions(kind);
    }
    if (dimensions > ColumnType.MAX_VECTOR_DIMENSIONS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "%s cannot have more than %d dimensions"
              .formatted(kind.sqlName(), ColumnType.MAX_VECTOR_DIMENSIONS));
    }
  }

  private static DatabaseException tooFewDimensions(Kind kind) {
    return new DatabaseException(
        SqlState.DATA_EXCEPTION, kind.sqlName() + " must have at least 1 dimension");
  }

  /// A vector as a `halfvec`.
  static float[] halves(float[] vector) {
    float[] halves = new float[vector.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = element(vector[i], Kind.HALFVEC);
    }
    return halves;
  }

  /// A number as an element, which must be finite.
  static float element(float value, Kind kind) {
    if (Float.isNaN(value)) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "NaN not allowed in " + kind.sqlName());
    }
    if (Float.isInfinite(value)) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION, "infinite value not allowed in " + kind.sqlName());
    }
    float element = rounded(value, kind);
    if (Float.isInfinite(element)) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"%s\" is out of range for type %s"
              .formatted(
                  TextCodec.format(value, ColumnType.FLOAT4, ZoneOffset.UTC), kind.sqlName()));
    }
    return element;
  }
}
