package io.alidade.sql.analyze;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Rows of expressions: `VALUES`. The expressions refer to no input, no outer row and no sub-query.
public final class ComputedValues extends AbstractRelNode {
  private final List<List<RexNode>> rows;

  ComputedValues(RelOptCluster cluster, RelDataType rowType, List<List<RexNode>> rows) {
    super(cluster, cluster.traitSetOf(org.apache.calcite.plan.Convention.NONE));
    this.rowType = rowType;
    this.rows = rows;
  }

  public List<List<RexNode>> rows() {
    return rows;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public RelNode accept(RexShuttle shuttle) {
    List<List<RexNode>> changed = rows.stream().map(shuttle::apply).toList();
    return changed.equals(rows) ? this : new ComputedValues(getCluster(), rowType, changed);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    return rows.size();
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
    return planner.getCostFactory().makeCost(rows.size(), 1, 0);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("rows", rows);
  }
}
