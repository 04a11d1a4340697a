package io.alidade.sql.rule;

import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.util.ImmutableBitSet;

/// Which rows of outer queries an expression or a relation depends on.
public final class Correlations {
  private Correlations() {}

  /// The correlation variables that an expression takes from outside, through its sub-queries too.
  public static Set<CorrelationId> of(RexNode expression) {
    Set<CorrelationId> ids = new HashSet<>();
    expression.accept(new Collector(ids));
    return ids;
  }

  /// The correlation variables that a relation takes from outside.
  public static Set<CorrelationId> of(RelNode relation) {
    Set<CorrelationId> ids = new HashSet<>();
    collect(relation, ids);
    return ids;
  }

  private static void collect(RelNode relation, Set<CorrelationId> ids) {
    Set<CorrelationId> own = new HashSet<>();
    Collector collector = new Collector(own);
    visitExpressions(relation, collector);
    relation.getInputs().forEach(input -> collect(input, own));
    own.removeAll(relation.getVariablesSet());
    ids.addAll(own);
  }

  /// The columns of an outer row that a relation reads.
  ///
  /// @param id stands for that row
  public static ImmutableBitSet columns(RelNode relation, CorrelationId id) {
    ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
    new ColumnCollector(id, columns).visit(relation);
    return columns.build();
  }

  /// The columns of the row it is computed in that an expression's sub-queries read.
  ///
  /// @param ids stand for that row
  public static ImmutableBitSet columns(RexNode expression, Set<CorrelationId> ids) {
    ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
    ids.forEach(id -> expression.accept(new ColumnCollector(id, columns)));
    return columns.build();
  }

  private static void visitExpressions(RelNode relation, RexShuttle visitor) {
    switch (relation) {
      case TableRows rows -> rows.filter().ifPresent(filter -> filter.accept(visitor));
      case OrderedRows ordered ->
          ordered.rows().filter().ifPresent(filter -> filter.accept(visitor));
      case NearestRows nearest -> {
        nearest.rows().filter().ifPresent(filter -> filter.accept(visitor));
        nearest.search().query().accept(visitor);
        nearest.search().limit().accept(visitor);
        nearest.search().offset().ifPresent(offset -> offset.accept(visitor));
        nearest.search().bound().ifPresent(bound -> bound.distance().accept(visitor));
      }
      default -> relation.accept(visitor);
    }
  }

  private static final class ColumnCollector extends RexShuttle {
    private final CorrelationId id;
    private final ImmutableBitSet.Builder columns;

    ColumnCollector(CorrelationId id, ImmutableBitSet.Builder columns) {
      this.id = id;
      this.columns = columns;
    }

    void visit(RelNode relation) {
      visitExpressions(relation, this);
      relation.getInputs().forEach(this::visit);
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      if (access.getReferenceExpr() instanceof RexCorrelVariable variable
          && variable.id.equals(id)) {
        columns.set(access.getField().getIndex());
      }
      return access;
    }

    @Override
    public RexNode visitSubQuery(RexSubQuery subQuery) {
      visit(subQuery.rel);
      return super.visitSubQuery(subQuery);
    }
  }

  private static final class Collector extends RexShuttle {
    private final Set<CorrelationId> ids;

    Collector(Set<CorrelationId> ids) {
      this.ids = ids;
    }

    @Override
    public RexNode visitCorrelVariable(RexCorrelVariable variable) {
      ids.add(variable.id);
      return variable;
    }

    @Override
    public RexNode visitSubQuery(RexSubQuery subQuery) {
      collect(subQuery.rel, ids);
      return super.visitSubQuery(subQuery);
    }
  }
}
