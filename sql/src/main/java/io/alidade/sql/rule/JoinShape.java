package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// Which inputs of a tree of inner joins are joined with which, and on which side.
sealed interface JoinShape {

  /// An input by its number.
  record Input(int number) implements JoinShape {}

  /// The right side is the one whose rows are gathered before the left ones are read.
  record Pair(JoinShape left, JoinShape right) implements JoinShape {}

  /// Its inputs from left to right.
  default List<Integer> inputs() {
    List<Integer> inputs = new ArrayList<>();
    addTo(inputs);
    return inputs;
  }

  private void addTo(List<Integer> inputs) {
    switch (this) {
      case Input(var number) -> inputs.add(number);
      case Pair(var left, var right) -> {
        left.addTo(inputs);
        right.addTo(inputs);
      }
    }
  }

  /// Inputs one after the other, each at the right of those before.
  static JoinShape inOrder(List<Integer> order) {
    JoinShape shape = new Input(order.getFirst());
    for (int next : order.subList(1, order.size())) {
      shape = new Pair(shape, new Input(next));
    }
    return shape;
  }

  /// The shape that keeps what is joined small, step by step: the smallest input first, then always
  /// the one that leaves the fewest rows; the smaller side is gathered.
  ///
  /// @param conditions over the columns of all inputs, one after the other
  /// @return empty if nothing is known of some input
  static Optional<JoinShape> smallest(
      List<RelNode> inputs, List<RexNode> conditions, Estimates estimates) {
    List<Known> known = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Optional<RelationEstimate> estimate = RelationEstimate.of(inputs.get(i), estimates);
      if (estimate.isEmpty()) {
        return Optional.empty();
      }
      int end = first + inputs.get(i).getRowType().getFieldCount();
      known.add(Known.of(i, first, end, estimate.get(), conditions, estimates));
      first = end;
    }
    return Optional.of(new Search(known, conditions).shape());
  }

  /// What is known of an input.
  ///
  /// @param first where its columns begin
  /// @param rows how many of its rows meet the conditions on it alone
  record Known(
      int number, int first, ImmutableBitSet columns, RelationEstimate estimate, double rows) {
    static Known of(
        int number,
        int first,
        int end,
        RelationEstimate estimate,
        List<RexNode> conditions,
        Estimates estimates) {
      ImmutableBitSet columns = ImmutableBitSet.range(first, end);
      List<RexNode> own = new ArrayList<>();
      for (RexNode condition : conditions) {
        ImmutableBitSet read = Expressions.columns(condition);
        if (!read.isEmpty() && columns.contains(read)) {
          own.add(org.apache.calcite.rex.RexUtil.shift(condition, -first));
        }
      }
      double share = new Selectivity(estimate.profile(), estimates.values()).all(own);
      return new Known(number, first, columns, estimate, Math.max(1, estimate.rows() * share));
    }

    double distinct(int column) {
      return Math.min(rows, estimate.distinct(column - first));
    }
  }

  /// Builds the shape.
  final class Search {
    private final List<Known> inputs;
    private final List<RexNode> conditions;

    private Search(List<Known> inputs, List<RexNode> conditions) {
      this.inputs = inputs;
      this.conditions = conditions;
    }

    private JoinShape shape() {
      List<Known> left = new ArrayList<>(inputs);
      Known start = left.getFirst();
      for (Known input : left) {
        start = input.rows < start.rows ? input : start;
      }
      left.remove(start);
      JoinShape shape = new Input(start.number);
      ImmutableBitSet joined = start.columns;
      double rows = start.rows;
      while (!left.isEmpty()) {
        Known best = left.getFirst();
        double fewest = Double.POSITIVE_INFINITY;
        for (Known candidate : left) {
          double after = rows * candidate.rows * tie(joined, candidate);
          if (after < fewest) {
            fewest = after;
            best = candidate;
          }
        }
        left.remove(best);
        JoinShape next = new Input(best.number);
        shape = best.rows <= rows ? new Pair(shape, next) : new Pair(next, shape);
        joined = joined.union(best.columns);
        rows = Math.max(1, fewest);
      }
      return shape;
    }

    /// Which share of all pairs meets the conditions that tie an input to what is joined.
    private double tie(ImmutableBitSet joined, Known next) {
      ImmutableBitSet together = joined.union(next.columns);
      double share = 1;
      for (RexNode condition : conditions) {
        ImmutableBitSet read = Expressions.columns(condition);
        if (together.contains(read) && read.intersects(joined) && read.intersects(next.columns)) {
          share *= share(condition);
        }
      }
      return share;
    }

    private double share(RexNode condition) {
      if (condition.getKind() != SqlKind.EQUALS) {
        return ColumnSelectivity.RANGE_UNKNOWN;
      }
      double distinct = 1;
      for (RexNode side : ((RexCall) condition).getOperands()) {
        Optional<RexInputRef> column = Expressions.comparedColumn(side);
        if (column.isPresent()) {
          distinct = Math.max(distinct, distinct(column.get().getIndex()));
        }
      }
      return distinct > 1 ? 1 / distinct : ColumnSelectivity.EQUAL_UNKNOWN;
    }

    private double distinct(int column) {
      for (Known input : inputs) {
        if (input.columns.get(column)) {
          return input.distinct(column);
        }
      }
      return 1;
    }
  }
}
