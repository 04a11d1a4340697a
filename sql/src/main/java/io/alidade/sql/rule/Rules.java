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
              new FilterThroughAggregateRule(),
              new FilterThroughUnionRule(),
              new JoinConditionRule(),
              new FilterIntoScanRule()));

  private static final Rewriter SEARCH_VECTORS =
      new Rewriter(
          List.of(new SortBelowSubQueriesRule(), new VectorTopKRule(), new IndexOrderRule()));

  private static final Rewriter JOIN_SUB_QUERIES = new Rewriter(List.of(new ExistsToJoinRule()));

  private Rules() {}

  /// The tree with all work pushed as far down as the rules can.
  ///
  /// Sub-queries stay in a search's filter, where they are asked about the rows that are visited
  /// only; so searches are made before what is left of sub-queries becomes joins.
  ///
  /// @param estimates what is known of tables and constants
  public static RelNode pushed(RelNode relation, Estimates estimates) {
    RelNode ordered =
        new Rewriter(List.of(new MergeFiltersRule(), new JoinOrderRule(estimates)))
            .rewrite(relation);
    RelNode searching = SEARCH_VECTORS.rewrite(PUSH_FILTERS.rewrite(ordered));
    RelNode joining = JOIN_SUB_QUERIES.rewrite(searching);
    RelNode settled = joining == searching ? joining : PUSH_FILTERS.rewrite(joining);
    return new Rewriter(List.of(new LookupJoinRule(estimates))).rewrite(settled);
  }

  /// The tree as it is, with nothing pushed: what a pushed one is compared with in tests.
  public static RelNode unpushed(RelNode relation) {
    return new Rewriter(List.of(new ScanRule())).rewrite(relation);
  }
}
