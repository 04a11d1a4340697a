package io.alidade.sql.plan;

import io.alidade.sql.plan.PlanNode.HashJoin.KeyPair;
import io.alidade.sql.rule.Estimates;
import io.alidade.sql.rule.Selectivity;
import io.alidade.storage.statistics.ColumnStatistics;
import io.alidade.storage.statistics.TableProfile;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/// About how many rows a node of a plan gives, for EXPLAIN; empty where nothing is known.
record NodeRows(Estimates estimates) {
  /// PostgreSQL's share for conditions of which nothing is known.
  private static final double ANYTHING = 1.0 / 3;

  /// The rows of a node that reads an analysed table.
  OptionalDouble of(PlanNode node) {
    return isKnown(node) ? rows(node) : OptionalDouble.empty();
  }

  private boolean isKnown(PlanNode node) {
    return switch (node) {
      case PlanNode.TableScan scan -> isKnown(scan.table());
      case PlanNode.IndexScan scan -> isKnown(scan.table());
      case PlanNode.OrderedScan scan -> isKnown(scan.table());
      case PlanNode.VectorScan scan -> isKnown(scan.table());
      default -> node.inputs().stream().anyMatch(this::isKnown);
    };
  }

  private boolean isKnown(ScannedTable table) {
    return estimates.profiles().apply(table.definition().oid()).isPresent();
  }

  private OptionalDouble rows(PlanNode node) {
    return switch (node) {
      case PlanNode.TableScan scan -> scanned(scan.table(), scan.filter().stream().toList());
      case PlanNode.IndexScan scan ->
          scanned(
              scan.table(),
              scan.filter()
                  .map(rest -> List.of(scan.condition(), rest))
                  .orElse(List.of(scan.condition())));
      case PlanNode.OrderedScan scan -> scanned(scan.table(), scan.filter().stream().toList());
      case PlanNode.VectorScan scan ->
          limited(scanned(scan.table(), scan.filter().stream().toList()), scan.limit());
      case PlanNode.Values values -> OptionalDouble.of(values.rows().size());
      case PlanNode.Project project -> rows(project.input());
      case PlanNode.Filter filter -> times(rows(filter.input()), ANYTHING);
      case PlanNode.Sort sort -> rows(sort.input());
      case PlanNode.LockRows locked -> rows(locked.input());
      case PlanNode.Limit limit ->
          limit
              .range()
              .limit()
              .map(most -> limited(rows(limit.input()), most))
              .orElse(rows(limit.input()));
      case PlanNode.HashJoin join -> joined(join);
      case PlanNode.NestedLoopJoin join -> joined(join);
      case PlanNode.Aggregate aggregate -> grouped(aggregate);
      case PlanNode.Append append -> appended(append);
      case PlanNode.DependentJoin _,
          PlanNode.SystemScan _,
          PlanNode.FunctionScan _,
          PlanNode.SetOperation _,
          PlanNode.Distinct _ ->
          OptionalDouble.empty();
    };
  }

  private OptionalDouble scanned(ScannedTable table, List<RexNode> conditions) {
    Optional<TableProfile> profile = estimates.profiles().apply(table.definition().oid());
    if (profile.isEmpty()) {
      return OptionalDouble.empty();
    }
    double share = new Selectivity(profile.get(), estimates.values()).all(conditions);
    return OptionalDouble.of(Math.max(1, profile.get().rows() * share));
  }

  private static OptionalDouble times(OptionalDouble rows, double share) {
    return rows.isPresent() ? OptionalDouble.of(Math.max(1, rows.getAsDouble() * share)) : rows;
  }

  private OptionalDouble limited(OptionalDouble rows, RexNode limit) {
    Object most =
        switch (limit) {
          case RexDynamicParam slot -> estimates.values().apply(slot.getIndex()).orElse(limit);
          case RexLiteral literal -> literal.isNull() ? limit : literal.getValueAs(Long.class);
          default -> limit;
        };
    return rows.isPresent() && most instanceof Number number
        ? OptionalDouble.of(Math.min(rows.getAsDouble(), number.doubleValue()))
        : rows;
  }

  private OptionalDouble appended(PlanNode.Append append) {
    double sum = 0;
    for (PlanNode input : append.inputs()) {
      OptionalDouble rows = rows(input);
      if (rows.isEmpty()) {
        return rows;
      }
      sum += rows.getAsDouble();
    }
    return OptionalDouble.of(sum);
  }

  private OptionalDouble joined(PlanNode.HashJoin join) {
    OptionalDouble left = rows(join.left());
    OptionalDouble right = rows(join.right());
    if (left.isEmpty() || right.isEmpty()) {
      return OptionalDouble.empty();
    }
    double share = join.condition().isPresent() ? ANYTHING : 1;
    for (KeyPair key : join.keys()) {
      double distinct =
          Math.max(
              distinct(join.left(), key.left(), left.getAsDouble()),
              distinct(join.right(), key.right(), right.getAsDouble()));
      share /= Math.max(1, distinct);
    }
    return joined(join.kind(), left.getAsDouble(), right.getAsDouble(), share);
  }

  private OptionalDouble joined(PlanNode.NestedLoopJoin join) {
    OptionalDouble left = rows(join.left());
    OptionalDouble right = rows(join.right());
    if (left.isEmpty() || right.isEmpty()) {
      return OptionalDouble.empty();
    }
    double share = join.condition().filter(it -> !it.isAlwaysTrue()).isPresent() ? ANYTHING : 1;
    return joined(join.kind(), left.getAsDouble(), right.getAsDouble(), share);
  }

  private static OptionalDouble joined(
      io.alidade.sql.execute.row.JoinKind kind, double left, double right, double share) {
    double pairs = left * right * share;
    double rows =
        switch (kind) {
          case INNER -> pairs;
          case LEFT -> Math.max(left, pairs);
          case RIGHT -> Math.max(right, pairs);
          case FULL -> Math.max(left + right, pairs);
          case SEMI -> Math.min(left, pairs);
          case ANTI -> left - Math.min(left, pairs);
        };
    return OptionalDouble.of(Math.max(1, rows));
  }

  private OptionalDouble grouped(PlanNode.Aggregate aggregate) {
    OptionalDouble rows = rows(aggregate.input());
    if (aggregate.groups().isEmpty()) {
      return OptionalDouble.of(1);
    }
    if (rows.isEmpty()) {
      return rows;
    }
    double groups = 1;
    for (int column : aggregate.groups()) {
      groups *= distinct(aggregate.input(), column, rows.getAsDouble());
    }
    return OptionalDouble.of(Math.max(1, Math.min(groups, rows.getAsDouble())));
  }

  private double distinct(PlanNode node, RexNode key, double rows) {
    return key instanceof RexInputRef column
        ? distinct(node, column.getIndex(), rows)
        : Math.max(1, rows / 10);
  }

  /// How many different values a column of a node has among so many rows, at least 1.
  private double distinct(PlanNode node, int column, double rows) {
    double known =
        statistics(node, column).map(ColumnStatistics::distinct).orElse(Math.max(1, rows / 10));
    return Math.max(1, Math.min(rows, known < 1 ? rows / 10 : known));
  }

  private Optional<ColumnStatistics> statistics(PlanNode node, int column) {
    return switch (node) {
      case PlanNode.TableScan scan -> statistics(scan.table(), column);
      case PlanNode.IndexScan scan -> statistics(scan.table(), column);
      case PlanNode.OrderedScan scan -> statistics(scan.table(), column);
      case PlanNode.VectorScan scan -> statistics(scan.table(), column);
      case PlanNode.Project project ->
          project.expressions().get(column) instanceof RexInputRef below
              ? statistics(project.input(), below.getIndex())
              : Optional.empty();
      case PlanNode.Filter filter -> statistics(filter.input(), column);
      case PlanNode.Sort sort -> statistics(sort.input(), column);
      case PlanNode.LockRows locked -> statistics(locked.input(), column);
      case PlanNode.Limit limit -> statistics(limit.input(), column);
      case PlanNode.HashJoin join -> statistics(join.left(), join.right(), column);
      case PlanNode.NestedLoopJoin join -> statistics(join.left(), join.right(), column);
      case PlanNode.DependentJoin join -> statistics(join.left(), join.right(), column);
      case PlanNode.Values _,
          PlanNode.SystemScan _,
          PlanNode.FunctionScan _,
          PlanNode.Aggregate _,
          PlanNode.Append _,
          PlanNode.SetOperation _,
          PlanNode.Distinct _ ->
          Optional.empty();
    };
  }

  private Optional<ColumnStatistics> statistics(PlanNode left, PlanNode right, int column) {
    return column < left.width()
        ? statistics(left, column)
        : statistics(right, column - left.width());
  }

  private Optional<ColumnStatistics> statistics(ScannedTable table, int column) {
    return estimates
        .profiles()
        .apply(table.definition().oid())
        .flatMap(profile -> profile.column(column));
  }
}
