package io.alidade.sql.rule;

import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.statistics.TableProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// A join of few rows with an indexed column of a table looks each of them up, instead of reading
/// the whole table into a hash table.
///
/// Few are the rows of a nearest-neighbour search, of a limit, those written in the statement, and
/// those that statistics say are few beside the table's.
final class LookupJoinRule implements RewriteRule {
  /// So many are looked up at most where only an estimate says that they are few.
  private static final double MOST_ESTIMATED = 1_000;

  /// And only in a table that has so many rows for each of them.
  private static final double TABLE_ROWS_EACH = 50;

  private final Estimates estimates;

  LookupJoinRule(Estimates estimates) {
    this.estimates = estimates;
  }

  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Join join) || !join.getVariablesSet().isEmpty()) {
      return Optional.empty();
    }
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    int rightWidth = join.getRight().getRowType().getFieldCount();
    if (canLookUp(join.getJoinType())
        && join.getRight() instanceof TableRows rows
        && isFew(join.getLeft(), rows)
        && hasIndexedKey(join.getCondition(), rows, leftWidth, ImmutableBitSet.range(leftWidth))) {
      RelNode lookup =
          lookup(join.getLeft(), rows, join.getCondition(), 0, leftWidth, join.getJoinType());
      return Optional.of(lookup);
    }
    ImmutableBitSet right = ImmutableBitSet.range(leftWidth, leftWidth + rightWidth);
    if (join.getJoinType() == JoinRelType.INNER
        && join.getLeft() instanceof TableRows rows
        && isFew(join.getRight(), rows)
        && hasIndexedKey(join.getCondition(), rows, 0, right)) {
      RelNode swapped =
          lookup(join.getRight(), rows, join.getCondition(), leftWidth, 0, JoinRelType.INNER);
      return Optional.of(swappedBack(join, swapped, leftWidth, rightWidth));
    }
    return Optional.empty();
  }

  private static boolean canLookUp(JoinRelType type) {
    return type == JoinRelType.INNER
        || type == JoinRelType.LEFT
        || type == JoinRelType.SEMI
        || type == JoinRelType.ANTI;
  }

  private boolean isFew(RelNode node, TableRows beside) {
    if (isFew(node)) {
      return true;
    }
    Optional<RelationEstimate> few = RelationEstimate.of(node, estimates);
    Optional<TableProfile> table = estimates.profiles().apply(beside.table().oid());
    return few.isPresent()
        && table.isPresent()
        && few.get().rows() <= MOST_ESTIMATED
        && few.get().rows() * TABLE_ROWS_EACH <= table.get().rows();
  }

  private static boolean isFew(RelNode node) {
    return switch (node) {
      case NearestRows _ -> true;
      case Sort sort -> sort.fetch != null;
      case Values _ -> true;
      case Project project -> isFew(project.getInput());
      case Filter filter -> isFew(filter.getInput());
      default -> false;
    };
  }

  /// Whether some equality says what the first column of an ordered index must be.
  ///
  /// @param first where the table's columns begin among the join's
  /// @param known the join's columns that are known when the table is looked into
  private static boolean hasIndexedKey(
      RexNode condition, TableRows rows, int first, ImmutableBitSet known) {
    return Expressions.conjuncts(condition).stream()
        .filter(c -> c.getKind() == SqlKind.EQUALS)
        .map(c -> ((RexCall) c).getOperands())
        .anyMatch(sides ->
            isKey(sides.get(0), sides.get(1), rows, first, known)
                || isKey(sides.get(1), sides.get(0), rows, first, known));
  }

  private static boolean isKey(
      RexNode column, RexNode value, TableRows rows, int first, ImmutableBitSet known) {
    if (!(column instanceof RexInputRef reference)
        || !known.contains(Expressions.columns(value))
        || Expressions.hasSubQuery(value)) {
      return false;
    }
    int index = reference.getIndex() - first;
    return rows.table().indexes().stream()
        .anyMatch(candidate ->
            candidate.method() == IndexDefinition.Method.BTREE
                && candidate.columns().getFirst() == index);
  }

  /// @param fewFirst where the few rows' columns begin among the join's
  /// @param tableFirst where the table's do
  private static RelNode lookup(
      RelNode few,
      TableRows rows,
      RexNode condition,
      int fewFirst,
      int tableFirst,
      JoinRelType type) {
    RexBuilder builder = few.getCluster().getRexBuilder();
    CorrelationId id = few.getCluster().createCorrel();
    RexNode outer = builder.makeCorrel(few.getRowType(), id);
    int tableWidth = rows.getRowType().getFieldCount();
    ImmutableBitSet.Builder used = ImmutableBitSet.builder();
    RexNode inside =
        condition.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef reference) {
                int inTable = reference.getIndex() - tableFirst;
                if (inTable >= 0 && inTable < tableWidth) {
                  return builder.makeInputRef(rows, inTable);
                }
                used.set(reference.getIndex() - fewFirst);
                return builder.makeFieldAccess(outer, reference.getIndex() - fewFirst);
              }
            });
    List<RexNode> conditions = new ArrayList<>();
    rows.filter().ifPresent(filter -> conditions.addAll(Expressions.conjuncts(filter)));
    conditions.addAll(Expressions.conjuncts(inside));
    TableRows found =
        rows.withFilter(Expressions.conjunction(builder, conditions), rows.getVariablesSet());
    return LogicalCorrelate.create(few, found, List.of(), id, used.build(), type);
  }

  private static RelNode swappedBack(Join join, RelNode swapped, int leftWidth, int rightWidth) {
    RexBuilder builder = join.getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < leftWidth; i++) {
      columns.add(builder.makeInputRef(swapped, rightWidth + i));
    }
    for (int i = 0; i < rightWidth; i++) {
      columns.add(builder.makeInputRef(swapped, i));
    }
    return LogicalProject.create(
        swapped, List.of(), columns, join.getRowType().getFieldNames(), Set.of());
  }
}
