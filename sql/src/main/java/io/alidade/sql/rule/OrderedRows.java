package io.alidade.sql.rule;

import io.alidade.engine.payload.OrderedIndex.Direction;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.CorrelationId;

/// The rows of a table that match a filter, in the order of an index.
public final class OrderedRows extends AbstractRelNode {
  private final TableRows rows;
  private final IndexDefinition index;
  private final Direction direction;

  OrderedRows(TableRows rows, IndexDefinition index, Direction direction) {
    super(rows.getCluster(), rows.getTraitSet());
    this.rowType = rows.getRowType();
    this.rows = rows;
    this.index = index;
    this.direction = direction;
  }

  public TableRows rows() {
    return rows;
  }

  public IndexDefinition index() {
    return index;
  }

  public Direction direction() {
    return direction;
  }

  @Override
  public Set<CorrelationId> getVariablesSet() {
    return rows.getVariablesSet();
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    rows.explainTerms(super.explainTerms(writer));
    return writer.item("index", index.name()).item("direction", direction);
  }
}
