package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.sql.type.SqlType;
import io.alidade.sql.type.SqlTypeFactory;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.jspecify.annotations.Nullable;

/// A function, operator or cast of ours together with its implementation: one overload.
///
/// Its arguments come with exactly the types of its [Signature] (analysis has cast them), the last
/// one repeated if it is variadic. Immutable and thread-safe.
public final class ScalarOperator extends SqlFunction implements Overload {
  private final Signature signature;
  private final Volatility volatility;
  private final Implementation implementation;
  private final Optional<Distance> distance;

  ScalarOperator(Signature signature, Volatility volatility, Implementation implementation) {
    this(signature, volatility, implementation, Optional.empty());
  }

  ScalarOperator(
      Signature signature,
      Volatility volatility,
      Implementation implementation,
      Optional<Distance> distance) {
    super(
        signature.name(),
        SqlKind.OTHER_FUNCTION,
        binding -> nullable(binding, signature),
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.signature = signature;
    this.volatility = volatility;
    this.implementation = implementation;
    this.distance = distance;
  }

  private static RelDataType nullable(SqlOperatorBinding binding, Signature signature) {
    List<ColumnType> actual =
        binding.collectOperandTypes().stream().map(SqlType::columnTypeOf).toList();
    return ((SqlTypeFactory) binding.getTypeFactory()).nullable(signature.resultFor(actual));
  }

  @Override
  public Signature signature() {
    return signature;
  }

  public Volatility volatility() {
    return volatility;
  }

  public Implementation implementation() {
    return implementation;
  }

  /// Which distance between two vectors it computes, if it does.
  public Optional<Distance> distance() {
    return distance;
  }

  @Override
  public boolean isDeterministic() {
    return volatility != Volatility.VOLATILE;
  }

  /// Whether its result may change from statement to statement, so that it must not be folded into
  /// a plan that is kept.
  @Override
  public boolean isDynamicFunction() {
    return volatility != Volatility.IMMUTABLE;
  }

  /// Computes the result, whatever the implementation's form.
  public @Nullable Object apply(EvaluationContext context, @Nullable Object... arguments) {
    return implementation.apply(context, arguments);
  }

  /// How far a result depends on more than the arguments.
  public enum Volatility {
    /// Not at all.
    IMMUTABLE,
    /// On what does not change within a statement.
    STABLE,
    /// Each call may give another.
    VOLATILE
  }

  /// The distances between vectors, or strings of bits; the smaller the nearer.
  public enum Distance {
    /// `<->`.
    L2,
    /// `<#>`.
    NEGATIVE_INNER_PRODUCT,
    /// `<=>`.
    COSINE,
    /// `<+>`.
    L1,
    /// `<~>`, of bits.
    HAMMING,
    /// `<%>`, of bits.
    JACCARD
  }
}
