package io.alidade.sql.plan;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.ComputedValues;
import io.alidade.sql.analyze.LockedRows;
import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.execute.row.JoinKind;
import io.alidade.sql.execute.row.MatchedRows;
import io.alidade.sql.plan.PlanNode.Range;
import io.alidade.sql.rule.Correlations;
import io.alidade.sql.rule.Estimates;
import io.alidade.sql.rule.Expressions;
import io.alidade.sql.rule.NearestRows;
import io.alidade.sql.rule.OrderedRows;
import io.alidade.sql.rule.TableRows;
import io.alidade.sql.type.SqlType;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// Translates relational algebra, on which the rules have done their work, into a physical plan,
/// node by node; on the way down it is passed which columns somebody reads.
final class PlanBuilder {
  private final SubPlans subPlans;
  private final Estimates estimates;

  private PlanBuilder(UnaryOperator<RelNode> rules, Estimates estimates) {
    this.subPlans = new SubPlans(rules, this);
    this.estimates = estimates;
  }

  /// The plan of a relation.
  ///
  /// @param rules are let loose on it, and on each sub-query, first
  /// @param estimates what is known of tables and constants
  static PlanNode build(RelNode relation, UnaryOperator<RelNode> rules, Estimates estimates) {
    return new PlanBuilder(rules, estimates).all(rules.apply(relation));
  }

  /// Expressions with their sub-queries planned; correlation variables stand for the row in which
  /// they are computed.
  static List<RexNode> expressions(
      List<? extends RexNode> expressions, UnaryOperator<RelNode> rules) {
    SubPlans subPlans = new PlanBuilder(rules, Estimates.NONE).subPlans;
    return expressions.stream()
        .map(expression -> subPlans.in(expression, Correlations.of(expression)))
        .toList();
  }

  /// The plan of a relation of which all columns are read.
  PlanNode all(RelNode relation) {
    return node(relation, ImmutableBitSet.range(relation.getRowType().getFieldCount()));
  }

  /// @param read the columns that somebody reads; the others may hold anything
  private PlanNode node(RelNode relation, ImmutableBitSet read) {
    return switch (relation) {
      case TableRows rows -> tableRows(rows, read);
      case NearestRows nearest -> nearestRows(nearest, read);
      case OrderedRows ordered ->
          new PlanNode.OrderedScan(
              scanned(ordered.rows(), read),
              ordered.index(),
              ordered.direction(),
              ordered
                  .rows()
                  .filter()
                  .map(filter -> subPlans.in(filter, ordered.getVariablesSet())));
      case Project project -> project(project, read);
      case Filter filter -> filter(filter, read);
      case Join join -> join(join, read);
      case Correlate correlate -> correlate(correlate, read);
      case Aggregate aggregate -> aggregate(aggregate);
      case Sort sort -> sort(sort, read);
      case LockedRows locked -> lockRows(locked, read, Optional.empty());
      case Union union -> union(union, read);
      case Intersect intersect ->
          setOperation(
              intersect,
              intersect.all
                  ? MatchedRows.Operation.INTERSECT_ALL
                  : MatchedRows.Operation.INTERSECT);
      case Minus minus ->
          setOperation(
              minus, minus.all ? MatchedRows.Operation.EXCEPT_ALL : MatchedRows.Operation.EXCEPT);
      case ComputedValues values -> new PlanNode.Values(values.rows(), names(values));
      case Values values ->
          new PlanNode.Values(
              values.getTuples().stream().<List<RexNode>>map(List::copyOf).toList(), names(values));
      case TableFunctionScan scan ->
          new PlanNode.FunctionScan(
              (RexCall) subPlans.in(scan.getCall(), scan.getVariablesSet()), names(scan));
      case TableScan scan -> systemScan(scan);
      default -> throw unsupported(relation.getRelTypeName());
    };
  }

  private static DatabaseException unsupported(String what) {
    return new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, what + " is not supported");
  }

  private static List<String> names(RelNode relation) {
    return relation.getRowType().getFieldNames();
  }

  private static PlanNode systemScan(TableScan scan) {
    if (scan.getTable() instanceof AlidadeTable table
        && table.relation() instanceof Relation.System(var relation)) {
      return new PlanNode.SystemScan(relation, names(scan));
    }
    throw new IllegalStateException("a scan of " + scan.getTable() + " is left");
  }

  private PlanNode tableRows(TableRows rows, ImmutableBitSet read) {
    ScannedTable table = scanned(rows, read);
    Optional<IndexChoice> choice = IndexChoice.of(rows, estimates);
    if (choice.isEmpty()) {
      return new PlanNode.TableScan(
          table, rows.filter().map(filter -> subPlans.in(filter, rows.getVariablesSet())));
    }
    IndexChoice chosen = choice.get();
    return new PlanNode.IndexScan(
        table,
        chosen.index(),
        subPlans.in(chosen.condition(), rows.getVariablesSet()),
        chosen.key().stream().map(key -> subPlans.in(key, rows.getVariablesSet())).toList(),
        chosen.filter().map(filter -> subPlans.in(filter, rows.getVariablesSet())));
  }

  private static ScannedTable scanned(TableRows rows, ImmutableBitSet read) {
    int width = rows.table().columns().size();
    return new ScannedTable(
        rows.table(), rows.references(), read.intersect(ImmutableBitSet.range(width)).toList());
  }

  private PlanNode nearestRows(NearestRows nearest, ImmutableBitSet read) {
    TableRows rows = nearest.rows();
    NearestRows.Search search = nearest.search();
    Optional<IndexDefinition> index =
        rows.table().indexes().stream()
            .filter(candidate ->
                candidate.method() == IndexDefinition.Method.HNSW
                    && candidate.columns().getFirst() == search.column()
                    && candidate.distance().equals(Optional.of(search.distance())))
            .findFirst();
    return new PlanNode.VectorScan(
        scanned(rows, read),
        search.column(),
        search.distance(),
        constant(search.query()),
        constant(search.limit()),
        search.offset().map(this::constant),
        search
            .bound()
            .map(bound ->
                new PlanNode.VectorScan.Bound(constant(bound.distance()), bound.inclusion())),
        rows.filter().map(filter -> subPlans.in(filter, rows.getVariablesSet())),
        index);
  }

  private RexNode constant(RexNode expression) {
    return subPlans.in(expression, java.util.Set.of());
  }

  private PlanNode project(Project project, ImmutableBitSet read) {
    if (project.containsOver()) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "window functions are not supported");
    }
    List<RexNode> expressions = new ArrayList<>();
    ImmutableBitSet.Builder needed = ImmutableBitSet.builder();
    for (int i = 0; i < project.getProjects().size(); i++) {
      RexNode expression = project.getProjects().get(i);
      if (read.get(i)) {
        needed.addAll(columns(expression, project.getVariablesSet()));
        expressions.add(subPlans.in(expression, project.getVariablesSet()));
      } else {
        expressions.add(project.getCluster().getRexBuilder().makeNullLiteral(expression.getType()));
      }
    }
    PlanNode input = node(project.getInput(), needed.build());
    return new PlanNode.Project(input, expressions, names(project));
  }

  /// The columns of the row an expression is computed in that it reads, also in sub-queries.
  private static ImmutableBitSet columns(RexNode expression, java.util.Set<CorrelationId> ids) {
    ImmutableBitSet own = Expressions.columns(expression);
    return ids.isEmpty() ? own : own.union(Correlations.columns(expression, ids));
  }

  private PlanNode filter(Filter filter, ImmutableBitSet read) {
    RexNode condition = filter.getCondition();
    ImmutableBitSet needed = read.union(columns(condition, filter.getVariablesSet()));
    return new PlanNode.Filter(
        node(filter.getInput(), needed), subPlans.in(condition, filter.getVariablesSet()));
  }

  private PlanNode join(Join join, ImmutableBitSet read) {
    ImmutableBitSet needed = read.union(columns(join.getCondition(), join.getVariablesSet()));
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    int rightWidth = join.getRight().getRowType().getFieldCount();
    PlanNode left = node(join.getLeft(), needed.intersect(ImmutableBitSet.range(leftWidth)));
    PlanNode right =
        node(
            join.getRight(),
            needed
                .intersect(ImmutableBitSet.range(leftWidth, leftWidth + rightWidth))
                .shift(-leftWidth));
    JoinKind kind = kind(join.getJoinType());
    JoinKeys keys = JoinKeys.of(join, leftWidth);
    Optional<RexNode> condition =
        Expressions.conjunction(join.getCluster().getRexBuilder(), keys.rest())
            .map(rest -> subPlans.in(rest, join.getVariablesSet()));
    return keys.pairs().isEmpty()
        ? new PlanNode.NestedLoopJoin(left, right, kind, condition)
        : new PlanNode.HashJoin(left, right, kind, keys.pairs(), condition);
  }

  private static JoinKind kind(JoinRelType type) {
    return switch (type) {
      case INNER -> JoinKind.INNER;
      case LEFT -> JoinKind.LEFT;
      case RIGHT -> JoinKind.RIGHT;
      case FULL -> JoinKind.FULL;
      case SEMI -> JoinKind.SEMI;
      case ANTI -> JoinKind.ANTI;
      case ASOF, LEFT_ASOF, LEFT_MARK -> throw unsupported(type + " JOIN");
    };
  }

  private PlanNode correlate(Correlate correlate, ImmutableBitSet read) {
    int leftWidth = correlate.getLeft().getRowType().getFieldCount();
    ImmutableBitSet leftRead =
        read.intersect(ImmutableBitSet.range(leftWidth))
            .union(Correlations.columns(correlate.getRight(), correlate.getCorrelationId()));
    PlanNode left = node(correlate.getLeft(), leftRead);
    PlanNode right = all(correlate.getRight());
    return new PlanNode.DependentJoin(
        left,
        right,
        kind(correlate.getJoinType()),
        correlate.getCorrelationId().getId(),
        Optional.empty());
  }

  private PlanNode aggregate(Aggregate aggregate) {
    if (aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "grouping sets are not supported");
    }
    ImmutableBitSet.Builder needed = ImmutableBitSet.builder().addAll(aggregate.getGroupSet());
    for (AggregateCall call : aggregate.getAggCallList()) {
      call.getArgList().forEach(needed::set);
      if (call.hasFilter()) {
        needed.set(call.filterArg);
      }
      call.getCollation().getKeys().forEach(needed::set);
    }
    return new PlanNode.Aggregate(
        node(aggregate.getInput(), needed.build()),
        aggregate.getInput().getRowType().getFieldList().stream()
            .map(field -> SqlType.columnTypeOf(field.getType()))
            .toList(),
        aggregate.getGroupSet().asList(),
        aggregate.getAggCallList(),
        names(aggregate));
  }

  private PlanNode sort(Sort sort, ImmutableBitSet read) {
    ImmutableBitSet.Builder needed = ImmutableBitSet.builder().addAll(read);
    List<PlanNode.Sort.SortKey> keys = new ArrayList<>();
    for (RelFieldCollation collation : sort.getCollation().getFieldCollations()) {
      needed.set(collation.getFieldIndex());
      ColumnType type =
          SqlType.columnTypeOf(
              sort.getRowType().getFieldList().get(collation.getFieldIndex()).getType());
      keys.add(new PlanNode.Sort.SortKey(collation, type));
    }
    Optional<Range> range =
        sort.offset == null && (sort.fetch == null || RexLiteral.isNullLiteral(sort.fetch))
            ? Optional.empty()
            : Optional.of(
                new Range(
                    Optional.ofNullable(sort.offset).map(this::constant),
                    Optional.ofNullable(sort.fetch).map(this::constant)));
    PlanNode input =
        sort.getInput() instanceof LockedRows locked && keys.isEmpty()
            ? lockRows(locked, needed.build(), range)
            : node(sort.getInput(), needed.build());
    PlanNode sorted = keys.isEmpty() ? input : new PlanNode.Sort(input, keys, range);
    return range.<PlanNode>map(r -> new PlanNode.Limit(sorted, r)).orElse(sorted);
  }

  private PlanNode lockRows(LockedRows locked, ImmutableBitSet read, Optional<Range> range) {
    ImmutableBitSet.Builder needed = ImmutableBitSet.builder().addAll(read);
    locked.marks().forEach(mark -> needed.set(mark.column()));
    return new PlanNode.LockRows(node(locked.getInput(), needed.build()), locked.marks(), range);
  }

  private PlanNode union(Union union, ImmutableBitSet read) {
    ImmutableBitSet needed =
        union.all ? read : ImmutableBitSet.range(union.getRowType().getFieldCount());
    List<PlanNode> inputs = union.getInputs().stream().map(input -> node(input, needed)).toList();
    PlanNode append = new PlanNode.Append(inputs, names(union));
    return union.all ? append : new PlanNode.Distinct(append);
  }

  private PlanNode setOperation(SetOp operation, MatchedRows.Operation kind) {
    PlanNode result = all(operation.getInput(0));
    for (RelNode right : operation.getInputs().subList(1, operation.getInputs().size())) {
      result = new PlanNode.SetOperation(result, all(right), kind);
    }
    return result;
  }
}
