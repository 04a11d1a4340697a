package io.alidade.sql.rule;

import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// The rows of a table that match a filter.
public final class TableRows extends AbstractRelNode {
  private final TableDefinition table;
  private final RowReferences references;
  private final Optional<RexNode> filter;
  private final Set<CorrelationId> variables;

  /// @param type the table's columns, and the row's reference as the last one if it is shown
  /// @param filter on the row's columns
  /// @param variables the correlation variables of sub-queries in the filter that are these rows
  TableRows(
      RelOptCluster cluster,
      RelDataType type,
      TableDefinition table,
      RowReferences references,
      Optional<RexNode> filter,
      Set<CorrelationId> variables) {
    super(cluster, cluster.traitSet());
    this.rowType = type;
    this.table = table;
    this.references = references;
    this.filter = filter;
    this.variables = Set.copyOf(variables);
  }

  public TableDefinition table() {
    return table;
  }

  /// Whether the last column is where the row is.
  public RowReferences references() {
    return references;
  }

  public Optional<RexNode> filter() {
    return filter;
  }

  @Override
  public Set<CorrelationId> getVariablesSet() {
    return variables;
  }

  /// The same rows with another filter.
  TableRows withFilter(Optional<RexNode> newFilter, Set<CorrelationId> newVariables) {
    return new TableRows(getCluster(), getRowType(), table, references, newFilter, newVariables);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("table", table.name())
        .itemIf("filter", filterOrNull(), filter.isPresent());
  }

  private @Nullable RexNode filterOrNull() {
    return filter.orElse(null);
  }
}
