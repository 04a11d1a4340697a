package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/// Inner joins under a filter are put in an order in which each is tied to those before it by an
/// equality: `FROM a, b, c WHERE a.x = c.x AND b.y = c.y` joins a with c first, where the order as
/// written would make all pairs of a and b.
///
/// Where ANALYZE has told of all inputs, the order is the one that is expected to keep what is
/// joined small ([JoinShape#smallest]). Otherwise the order as written is kept where it has no such
/// gap.
final class JoinOrderRule implements RewriteRule {
  /// Beyond this many, the order stays as written.
  private static final int MAX_INPUTS = 30;

  private final Estimates estimates;

  JoinOrderRule(Estimates estimates) {
    this.estimates = estimates;
  }

  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (node instanceof Join join && isPlain(join)) {
      return liftedConditions(join);
    }
    if (!(node instanceof Filter filter)
        || !(filter.getInput() instanceof Join join)
        || !isPlain(join)) {
      return Optional.empty();
    }
    List<RelNode> inputs = new ArrayList<>();
    List<RexNode> conditions = new ArrayList<>();
    JoinShape written = collect(join, 0, inputs, conditions);
    List<RexNode> stay = new ArrayList<>();
    for (RexNode condition : Expressions.conjuncts(filter.getCondition())) {
      if (Expressions.isMovable(condition, filter.getVariablesSet())) {
        conditions.add(condition);
      } else {
        stay.add(condition);
      }
    }
    if (inputs.size() > MAX_INPUTS || !stay.isEmpty()) {
      return Optional.empty();
    }
    Optional<JoinShape> smallest = JoinShape.smallest(inputs, conditions, estimates);
    if (smallest.isPresent()) {
      return smallest
          .filter(shape -> !shape.equals(written))
          .map(shape -> joined(node, inputs, conditions, shape));
    }
    List<Integer> order = new Order(inputs, conditions).find();
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i && order.size() > 2) {
        return Optional.of(joined(node, inputs, conditions, JoinShape.inOrder(order)));
      }
    }
    return Optional.empty();
  }

  /// Joins that statistics may put into another order, with all conditions above them: that is how
  /// they are looked at.
  private Optional<RelNode> liftedConditions(Join join) {
    List<RelNode> inputs = new ArrayList<>();
    List<RexNode> conditions = new ArrayList<>();
    JoinShape shape = collect(join, 0, inputs, conditions);
    conditions.removeIf(RexNode::isAlwaysTrue);
    if (conditions.isEmpty()
        || inputs.size() > MAX_INPUTS
        || conditions.stream().anyMatch(it -> !Expressions.isMovable(it, Set.of()))
        || JoinShape.smallest(inputs, conditions, estimates).isEmpty()) {
      return Optional.empty();
    }
    RexBuilder builder = join.getCluster().getRexBuilder();
    RelNode all = joined(shape, inputs, builder);
    return Expressions.conjunction(builder, conditions)
        .map(condition -> LogicalFilter.create(all, condition));
  }

  private static boolean isPlain(Join join) {
    return join.getJoinType() == JoinRelType.INNER && join.getVariablesSet().isEmpty();
  }

  /// @param first where the node's columns begin among all
  /// @return how the inputs are joined as it is written
  private static JoinShape collect(
      RelNode node, int first, List<RelNode> inputs, List<RexNode> conditions) {
    if (node instanceof Join join && isPlain(join)) {
      JoinShape left = collect(join.getLeft(), first, inputs, conditions);
      int leftWidth = join.getLeft().getRowType().getFieldCount();
      JoinShape right = collect(join.getRight(), first + leftWidth, inputs, conditions);
      for (RexNode condition : Expressions.conjuncts(join.getCondition())) {
        conditions.add(RexUtil.shift(condition, first));
      }
      return new JoinShape.Pair(left, right);
    }
    inputs.add(node);
    return new JoinShape.Input(inputs.size() - 1);
  }

  /// Finds an order that leaves no input untied as long as there is one that is tied.
  private static final class Order {
    private final List<ImmutableBitSet> columns = new ArrayList<>();
    private final List<ImmutableBitSet> ties = new ArrayList<>();

    Order(List<RelNode> inputs, List<RexNode> conditions) {
      int first = 0;
      for (RelNode input : inputs) {
        int end = first + input.getRowType().getFieldCount();
        columns.add(ImmutableBitSet.range(first, end));
        first = end;
      }
      conditions.stream()
          .filter(condition -> condition.getKind() == org.apache.calcite.sql.SqlKind.EQUALS)
          .map(Expressions::columns)
          .forEach(ties::add);
    }

    List<Integer> find() {
      List<Integer> order = new ArrayList<>();
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        left.add(i);
      }
      ImmutableBitSet joined = ImmutableBitSet.of();
      while (!left.isEmpty()) {
        ImmutableBitSet before = joined;
        int next = left.stream().filter(i -> isTied(i, before)).findFirst().orElse(left.getFirst());
        left.remove((Integer) next);
        order.add(next);
        joined = joined.union(columns.get(next));
      }
      return order;
    }

    private boolean isTied(int input, ImmutableBitSet joined) {
      ImmutableBitSet together = joined.union(columns.get(input));
      return ties.stream()
          .anyMatch(tie ->
              tie.intersects(columns.get(input))
                  && tie.intersects(joined)
                  && together.contains(tie));
    }
  }

  private static RelNode joined(
      RelNode node, List<RelNode> inputs, List<RexNode> conditions, JoinShape shape) {
    RexBuilder builder = node.getCluster().getRexBuilder();
    int[] starts = new int[inputs.size()];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + inputs.get(i - 1).getRowType().getFieldCount();
    }
    int[] places = new int[node.getRowType().getFieldCount()];
    int width = 0;
    for (int input : shape.inputs()) {
      for (int c = 0; c < inputs.get(input).getRowType().getFieldCount(); c++) {
        places[starts[input] + c] = width++;
      }
    }
    RelNode all = joined(shape, inputs, builder);
    RexShuttle moved =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return builder.makeInputRef(all, places[reference.getIndex()]);
          }
        };
    List<RexNode> movedConditions = conditions.stream().map(c -> c.accept(moved)).toList();
    RelNode filtered =
        Expressions.conjunction(builder, movedConditions)
            .<RelNode>map(condition -> LogicalFilter.create(all, condition))
            .orElse(all);
    List<RexNode> columns = new ArrayList<>();
    for (int place : places) {
      columns.add(builder.makeInputRef(filtered, place));
    }
    return LogicalProject.create(
        filtered, List.of(), columns, node.getRowType().getFieldNames(), Set.of());
  }

  private static RelNode joined(JoinShape shape, List<RelNode> inputs, RexBuilder builder) {
    return switch (shape) {
      case JoinShape.Input(var number) -> inputs.get(number);
      case JoinShape.Pair(var left, var right) ->
          LogicalJoin.create(
              joined(left, inputs, builder),
              joined(right, inputs, builder),
              List.of(),
              builder.makeLiteral(true),
              Set.of(),
              JoinRelType.INNER);
    };
  }
}
