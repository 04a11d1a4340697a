package io.alidade.sql.rule;

import io.alidade.engine.search.DistanceBound;
import io.alidade.engine.vector.Distance;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// The rows of a table nearest to a vector, nearest first, with the distance as the last column.
public final class NearestRows extends AbstractRelNode {
  private final TableRows rows;
  private final Search search;

  /// What is searched for. The expressions other than the table's filter refer to no columns.
  ///
  /// @param column the vector column's index in the table
  /// @param query the vector to be near to
  /// @param limit how many rows, NULL for all
  /// @param offset how many of the nearest are left out
  /// @param bound how far a row may be
  public record Search(
      int column,
      Distance distance,
      RexNode query,
      RexNode limit,
      Optional<RexNode> offset,
      Optional<Bound> bound) {}

  /// How far a row may be.
  public record Bound(RexNode distance, DistanceBound.Inclusion inclusion) {}

  NearestRows(TableRows rows, RelDataType type, Search search) {
    super(rows.getCluster(), rows.getTraitSet());
    this.rowType = type;
    this.rows = rows;
    this.search = search;
  }

  /// The rows among which the nearest are looked for.
  public TableRows rows() {
    return rows;
  }

  public Search search() {
    return search;
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
    return writer
        .item("column", search.column())
        .item("distance", search.distance())
        .item("query", search.query())
        .item("limit", search.limit())
        .item("offset", search.offset())
        .item("bound", search.bound());
  }
}
