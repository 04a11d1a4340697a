package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.sql.type.SqlType;
import io.alidade.sql.type.SqlTypeFactory;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/// An aggregate of ours: one overload with its implementation. Immutable and thread-safe.
public final class AggregateOperator extends SqlAggFunction implements Overload {
  private final Signature signature;
  private final NullInput nullInput;
  private final Supplier<Accumulator> accumulators;

  AggregateOperator(Signature signature, NullInput nullInput, Supplier<Accumulator> accumulators) {
    super(
        signature.name(),
        null,
        SqlKind.OTHER_FUNCTION,
        binding -> {
          List<ColumnType> actual =
              binding.collectOperandTypes().stream().map(SqlType::columnTypeOf).toList();
          return ((SqlTypeFactory) binding.getTypeFactory()).nullable(signature.resultFor(actual));
        },
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.OPTIONAL);
    this.signature = signature;
    this.nullInput = nullInput;
    this.accumulators = accumulators;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  /// What a row with a NULL among the arguments means.
  public NullInput nullInput() {
    return nullInput;
  }

  /// A new, empty accumulation.
  public Accumulator accumulator() {
    return accumulators.get();
  }

  /// Whether rows with a NULL argument are given to an [Accumulator].
  public enum NullInput {
    /// They are left out, by the caller.
    SKIPPED,
    KEPT
  }

  /// The state of one group. Used by one thread.
  public interface Accumulator {
    /// Takes one row's arguments; the array is the caller's and may be used again.
    void add(@Nullable Object[] arguments);

    /// The result for the rows so far.
    @Nullable Object result();

    /// Whether it keeps every row's arguments until the result is asked for, so that they count as
    /// memory of the statement.
    default boolean keepsArguments() {
      return false;
    }
  }
}
