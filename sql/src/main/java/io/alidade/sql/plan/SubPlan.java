package io.alidade.sql.plan;

import java.util.List;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.ReturnTypes;

/// A sub-query in an expression of a plan: the operator of a call whose operands are what the
/// sub-query's rows are compared with.
///
/// One that depends on no outer row is run once an execution at most, when its value is first asked
/// for; any other each time.
public final class SubPlan extends SqlFunction {
  private final int number;
  private final Kind kind;
  private final SqlKind comparison;
  private final PlanNode plan;
  private final List<Integer> boundHere;
  private final Dependence dependence;

  /// What the value is.
  public enum Kind {
    /// The only value of the only row, NULL without a row.
    SCALAR,
    /// Whether there is a row.
    EXISTS,
    /// Whether the comparison is true for some row, in three-valued logic.
    SOME,
    /// The array of the only column's values.
    ARRAY
  }

  /// Whether the rows depend on outer rows.
  public enum Dependence {
    NONE,
    OUTER_ROWS
  }

  /// @param number counts the sub-plans of a plan from 1
  /// @param comparison of [Kind#SOME]; else [SqlKind#OTHER]
  /// @param boundHere the correlations that stand for the row in which the value is computed
  SubPlan(
      int number,
      Kind kind,
      SqlKind comparison,
      PlanNode plan,
      List<Integer> boundHere,
      Dependence dependence) {
    super(
        (dependence == Dependence.NONE ? "InitPlan " : "SubPlan ") + number,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN_NULLABLE,
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.number = number;
    this.kind = kind;
    this.comparison = comparison;
    this.plan = plan;
    this.boundHere = List.copyOf(boundHere);
    this.dependence = dependence;
  }

  public int number() {
    return number;
  }

  public Kind kind() {
    return kind;
  }

  /// How operands and rows are compared by [Kind#SOME].
  public SqlKind comparison() {
    return comparison;
  }

  public PlanNode plan() {
    return plan;
  }

  /// The correlations to be set to the current row before the plan runs.
  public List<Integer> boundHere() {
    return boundHere;
  }

  public Dependence dependence() {
    return dependence;
  }
}
