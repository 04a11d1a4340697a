package io.alidade.sql.plan;

import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.rule.Rules;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// Finds the plan of an analysed statement.
public final class Planner {
  private Planner() {}

  /// The plan of a query.
  public static PhysicalPlan plan(AnalyzedQuery query) {
    return plan(query.rel(), query.slots());
  }

  /// The plan of a relation.
  ///
  /// @param slots what the dynamic parameters in it stand for
  public static PhysicalPlan plan(RelNode relation, Slots slots) {
    return new PhysicalPlan(PlanBuilder.build(relation, Rules::pushed), slots);
  }

  /// Expressions over a row that is at hand, such as a RETURNING list, with their sub-queries
  /// planned.
  public static List<RexNode> expressions(List<? extends RexNode> expressions) {
    return PlanBuilder.expressions(expressions, Rules::pushed);
  }

  /// The plan of a relation as it is written, with nothing pushed down: the same rows, the slow
  /// way.
  static PhysicalPlan planUnpushed(RelNode relation, Slots slots) {
    return new PhysicalPlan(PlanBuilder.build(relation, Rules::unpushed), slots);
  }
}
