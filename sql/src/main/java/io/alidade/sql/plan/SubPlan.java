package io.alidade.sql.plan;

import java.util.List;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.util.ImmutableBitSet;

/// A sub-query in an expression of a plan: the operator of a call whose operands are what the
/// sub-query's rows are compared with.
///
/// One that depends on no outer row is run once an execution at most, when its value is first asked
/// for; any other each time.
public final class SubPlan extends SqlFunction {
  private final Kind valueKind;
  private final SqlKind comparison;
  private final PlanNode plan;
  private final List<Integer> boundHere;
  private final ImmutableBitSet columnsHere;
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
  /// @param columnsHere the columns of the current row that the plan reads
  /// @param comparison of [Kind#SOME]; else [SqlKind#OTHER]
  /// @param boundHere the correlations that stand for the row in which the value is computed
  SubPlan(
      int number,
      Kind kind,
      SqlKind comparison,
      PlanNode plan,
      List<Integer> boundHere,
      ImmutableBitSet columnsHere,
      Dependence dependence) {
    super(
        (dependence == Dependence.NONE ? "InitPlan " : "SubPlan ") + number,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN_NULLABLE,
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.valueKind = kind;
    this.comparison = comparison;
    this.plan = plan;
    this.boundHere = List.copyOf(boundHere);
    this.columnsHere = columnsHere;
    this.dependence = dependence;
  }

  public Kind valueKind() {
    return valueKind;
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

  /// The columns of the current row that the plan reads.
  public ImmutableBitSet columnsHere() {
    return columnsHere;
  }

  public Dependence dependence() {
    return dependence;
  }
}
