package io.alidade.sql.function;

import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.VECTOR;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ScalarOperator.Distance;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.util.Arrays;

/// The functions and operators of pgvector's `vector`, and `embed`.
final class VectorFunctions {
  private VectorFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    distance(builder, Distance.L2, VectorFunctions::l2, "<->", "l2_distance");
    distance(
        builder,
        Distance.NEGATIVE_INNER_PRODUCT,
        (a, b) -> -inner(a, b),
        "<#>",
        "vector_negative_inner_product");
    distance(builder, Distance.COSINE, VectorFunctions::cosine, "<=>", "cosine_distance");
    distance(builder, Distance.L1, VectorFunctions::l1, "<+>", "l1_distance");
    builder.two(
        "inner_product", VECTOR, VECTOR, FLOAT8, (_, a, b) -> inner((float[]) a, (float[]) b));
    builder.one("vector_dims", VECTOR, INT4, (_, v) -> ((float[]) v).length);
    builder.one("vector_norm", VECTOR, FLOAT8, (_, v) -> norm((float[]) v));
    builder.one("l2_norm", VECTOR, FLOAT8, (_, v) -> norm((float[]) v));
    builder.one("l2_normalize", VECTOR, VECTOR, (_, v) -> normalize((float[]) v));
    elementwise(builder, "+", (a, b) -> a + b);
    elementwise(builder, "-", (a, b) -> a - b);
    elementwise(builder, "*", VectorFunctions::multiply);
    builder.two("||", VECTOR, VECTOR, VECTOR, (_, a, b) -> concat((float[]) a, (float[]) b));
    builder.many(
        signature("subvector", VECTOR, VECTOR, INT4, INT4),
        (_, arguments) ->
            subvector((float[]) arguments[0], (Integer) arguments[1], (Integer) arguments[2]));
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

  private static void distance(
      FunctionRegistry.Builder builder, Distance distance, DistanceBody body, String... names) {
    for (String name : names) {
      builder.distance(
          signature(name, FLOAT8, VECTOR, VECTOR),
          distance,
          (_, a, b) -> body.compute((float[]) a, (float[]) b));
    }
  }

  private static void elementwise(FunctionRegistry.Builder builder, String name, ElementBody body) {
    builder.two(
        name,
        VECTOR,
        VECTOR,
        VECTOR,
        (_, l, r) -> {
          float[] a = (float[]) l;
          float[] b = (float[]) r;
          requireSameDimensions(a, b);
          float[] result = new float[a.length];
          for (int i = 0; i < a.length; i++) {
            result[i] = notOverflown(body.compute(a[i], b[i]));
          }
          return result;
        });
  }

  static void requireSameDimensions(float[] left, float[] right) {
    if (left.length != right.length) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION,
          "different vector dimensions " + left.length + " and " + right.length);
    }
  }

  private static float notOverflown(float value) {
    if (Float.isInfinite(value)) {
      throw FloatArithmetic.overflow();
    }
    return value;
  }

  private static float multiply(float left, float right) {
    float product = left * right;
    if (product == 0 && left != 0 && right != 0) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
    }
    return product;
  }

  private static double l2(float[] left, float[] right) {
    requireSameDimensions(left, right);
    float sum = 0;
    for (int i = 0; i < left.length; i++) {
      float difference = left[i] - right[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private static double l1(float[] left, float[] right) {
    requireSameDimensions(left, right);
    float sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += Math.abs(left[i] - right[i]);
    }
    return sum;
  }

  private static double inner(float[] left, float[] right) {
    requireSameDimensions(left, right);
    float sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  private static double cosine(float[] left, float[] right) {
    requireSameDimensions(left, right);
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

  private static float[] normalize(float[] vector) {
    double norm = norm(vector);
    float[] result = new float[vector.length];
    if (norm > 0) {
      for (int i = 0; i < vector.length; i++) {
        result[i] = notOverflown((float) (vector[i] / norm));
      }
    }
    return result;
  }

  private static float[] concat(float[] left, float[] right) {
    requireDimensions(left.length + right.length);
    float[] result = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, result, left.length, right.length);
    return result;
  }

  private static float[] subvector(float[] vector, int start, int count) {
    if (count < 1) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    long from = Math.max(start, 1);
    long to = Math.min((long) start + count, vector.length + 1L);
    if (to <= from) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    return Arrays.copyOfRange(vector, (int) from - 1, (int) to - 1);
  }

  private static void requireDimensions(int dimensions) {
    if (dimensions > ColumnType.MAX_VECTOR_DIMENSIONS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "vector cannot have more than " + ColumnType.MAX_VECTOR_DIMENSIONS + " dimensions");
    }
  }

  /// An element of a vector, which must be a number.
  static float finite(float value) {
    if (Float.isNaN(value)) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "NaN not allowed in vector");
    }
    if (Float.isInfinite(value)) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "infinite value not allowed in vector");
    }
    return value;
  }
}
