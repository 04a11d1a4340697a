package io.alidade.sql.plan;

import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.rule.Rules;
import org.apache.calcite.rel.RelNode;

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

  /// The plan of a relation as it is written, with nothing pushed down: the same rows, the slow
  /// way.
  static PhysicalPlan planUnpushed(RelNode relation, Slots slots) {
    return new PhysicalPlan(PlanBuilder.build(relation, Rules::unpushed), slots);
  }
}
