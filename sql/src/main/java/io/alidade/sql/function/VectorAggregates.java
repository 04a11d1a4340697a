package io.alidade.sql.function;

import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.Half;
import io.alidade.model.SqlState;
import io.alidade.sql.function.AggregateOperator.Accumulator;
import io.alidade.sql.function.AggregateOperator.NullInput;
import org.jspecify.annotations.Nullable;

/// `sum` and `avg` of `vector` and `halfvec`, as pgvector adds them up.
final class VectorAggregates {
  private VectorAggregates() {}

  static void register(FunctionRegistry.Builder builder) {
    for (Kind kind : new Kind[] {Kind.VECTOR, Kind.HALFVEC}) {
      ColumnType type = ColumnType.of(kind);
      builder.aggregate(signature("sum", type, type), NullInput.SKIPPED, () -> new Sum(kind));
      builder.aggregate(signature("avg", type, type), NullInput.SKIPPED, () -> new Mean(kind));
    }
  }

  /// The sum, rounded to an element of the type at each step.
  private static final class Sum implements Accumulator {
    private final Kind kind;
    private float @Nullable [] sums;

    Sum(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (!(arguments[0] instanceof float[] vector)) {
        return;
      }
      if (sums == null) {
        sums = vector.clone();
        return;
      }
      VectorFunctions.requireSameDimensions(sums, vector, kind);
      for (int i = 0; i < vector.length; i++) {
        float sum = sums[i] + vector[i];
        sums[i] = VectorFunctions.notOverflown(kind == Kind.HALFVEC ? Half.round(sum) : sum);
      }
    }

    @Override
    public @Nullable Object result() {
      return sums == null ? null : sums.clone();
    }
  }

  /// The mean, of sums in double precision.
  private static final class Mean implements Accumulator {
    private final Kind kind;
    private double @Nullable [] sums;
    private long count;

    Mean(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (!(arguments[0] instanceof float[] vector)) {
        return;
      }
      if (sums == null) {
        sums = new double[vector.length];
      }
      if (sums.length != vector.length) {
        throw new DatabaseException(
            SqlState.DATA_EXCEPTION,
            "expected " + sums.length + " dimensions, not " + vector.length);
      }
      for (int i = 0; i < vector.length; i++) {
        sums[i] += vector[i];
      }
      count++;
    }

    @Override
    public @Nullable Object result() {
      if (sums == null) {
        return null;
      }
      float[] result = new float[sums.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = VectorFunctions.element((float) (sums[i] / count), kind);
      }
      return result;
    }
  }
}
