package io.alidade.sql.rule;

import java.util.List;
import org.apache.calcite.rel.RelNode;

/// The rules in the order in which a statement meets them.
public final class Rules {
  private static final Rewriter PUSH_FILTERS =
      new Rewriter(
          List.of(
              new ScanRule(),
              new MergeFiltersRule(),
              new FilterThroughProjectRule(),
              new OuterToInnerJoinRule(),
              new FilterIntoJoinRule(),
              new JoinConditionRule(),
              new FilterIntoScanRule()));

  private static final Rewriter PUSH_LIMITS = new Rewriter(List.of(new VectorTopKRule()));

  private Rules() {}

  /// The tree with all work pushed as far down as the rules can.
  public static RelNode pushed(RelNode relation) {
    return PUSH_LIMITS.rewrite(PUSH_FILTERS.rewrite(relation));
  }

  /// The tree as it is, with nothing pushed: what a pushed one is compared with in tests.
  public static RelNode unpushed(RelNode relation) {
    return new Rewriter(List.of(new ScanRule())).rewrite(relation);
  }
}
