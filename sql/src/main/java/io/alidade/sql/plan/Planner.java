package io.alidade.sql.plan;

import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.rule.Estimates;
import io.alidade.sql.rule.Rules;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// Finds the plan of an analysed statement.
public final class Planner {
  private Planner() {}

  /// The plan of a query.
  public static PhysicalPlan plan(AnalyzedQuery query) {
    return plan(query.rel(), query.slots(), Estimates.NONE);
  }

  /// The plan of a relation.
  ///
  /// @param slots what the dynamic parameters in it stand for
  public static PhysicalPlan plan(RelNode relation, Slots slots) {
    return plan(relation, slots, Estimates.NONE);
  }

  /// The same.
  ///
  /// @param estimates what is known of tables and constants
  public static PhysicalPlan plan(RelNode relation, Slots slots, Estimates estimates) {
    return new PhysicalPlan(
        PlanBuilder.build(relation, rel -> Rules.pushed(rel, estimates), estimates), slots);
  }

  /// Expressions over a row that is at hand, such as a RETURNING list, with their sub-queries
  /// planned.
  public static List<RexNode> expressions(List<? extends RexNode> expressions) {
    return PlanBuilder.expressions(expressions, rel -> Rules.pushed(rel, Estimates.NONE));
  }

  /// The plan of a relation as it is written, with nothing pushed down: the same rows, the slow
  /// way.
  static PhysicalPlan planUnpushed(RelNode relation, Slots slots) {
    return new PhysicalPlan(PlanBuilder.build(relation, Rules::unpushed, Estimates.NONE), slots);
  }
}
