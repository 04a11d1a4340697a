package io.alidade.sql.plan;

import io.alidade.engine.payload.OrderedIndex.Direction;
import io.alidade.engine.search.DistanceBound.Inclusion;
import io.alidade.engine.vector.Distance;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.execute.row.JoinKind;
import io.alidade.sql.plan.PlanDescription.Detail;
import io.alidade.sql.plan.PlanDescription.Named;
import io.alidade.sql.rule.Estimates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;

/// Describes plan nodes in PostgreSQL's words. As there, projections are not shown.
final class PlanDescriber {
  private final ExpressionText expressions;
  private final PlanDescription.Actuals actuals;
  private final NodeRows rows;

  PlanDescriber(Slots slots, PlanDescription.Actuals actuals, Estimates estimates) {
    this.expressions = new ExpressionText(slots);
    this.actuals = actuals;
    this.rows = new NodeRows(estimates);
  }

  private Optional<String> estimate(PlanNode node) {
    OptionalDouble expected = rows.of(node);
    return expected.isPresent()
        ? Optional.of("rows=" + Math.round(expected.getAsDouble()))
        : Optional.empty();
  }

  PlanDescription describe(PlanNode node) {
    return switch (node) {
      case PlanNode.Project project -> project(project);
      case PlanNode.Filter filter -> filter(filter);
      default -> new Builder(node).build();
    };
  }

  /// Sub-queries of the projected expressions are told with the node below.
  private PlanDescription project(PlanNode.Project project) {
    PlanDescription below = describe(project.input());
    List<Named> subPlans = new ArrayList<>(below.subPlans());
    subPlans.addAll(subPlans(project.expressions()));
    return new PlanDescription(
        below.title(), below.estimate(), below.actual(), below.details(), subPlans, below.inputs());
  }

  private PlanDescription filter(PlanNode.Filter filter) {
    String text = text(filter.condition(), filter.input());
    Detail detail = new Detail("Filter", text);
    boolean merges =
        switch (filter.input()) {
          case PlanNode.Aggregate _,
              PlanNode.SystemScan _,
              PlanNode.FunctionScan _,
              PlanNode.Values _,
              PlanNode.HashJoin _,
              PlanNode.NestedLoopJoin _,
              PlanNode.DependentJoin _ ->
              true;
          default -> false;
        };
    PlanDescription below = describe(filter.input());
    List<Named> subPlans = subPlans(List.of(filter.condition()));
    if (!merges) {
      return new PlanDescription(
          "Subquery Scan",
          estimate(filter),
          actuals.of(filter),
          List.of(detail),
          subPlans,
          List.of(below));
    }
    List<Detail> details = new ArrayList<>(below.details());
    details.add(detail);
    List<Named> all = new ArrayList<>(below.subPlans());
    all.addAll(subPlans);
    Optional<String> actual = actuals.of(filter).or(below::actual);
    return new PlanDescription(
        below.title(), estimate(filter), actual, details, all, below.inputs());
  }

  private List<Named> subPlans(List<RexNode> in) {
    List<Named> found = new ArrayList<>();
    for (RexNode expression : in) {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
              if (call.getOperator() instanceof SubPlan subPlan) {
                found.add(new Named(subPlan.getName(), describe(subPlan.plan())));
              }
              return super.visitCall(call);
            }
          });
    }
    return found;
  }

  private String text(RexNode expression, PlanNode input) {
    return expressions.of(expression, column -> column(input, column));
  }

  /// A column by what it is computed from, as far as that is in sight.
  private String column(PlanNode node, int column) {
    return switch (node) {
      case PlanNode.Project project -> text(project.expressions().get(column), project.input());
      case PlanNode.Filter filter -> column(filter.input(), column);
      case PlanNode.Sort sort -> column(sort.input(), column);
      case PlanNode.Limit limit -> column(limit.input(), column);
      case PlanNode.LockRows locked -> column(locked.input(), column);
      case PlanNode.Aggregate aggregate -> aggregated(aggregate, column);
      default -> node.columns().get(column);
    };
  }

  private String aggregated(PlanNode.Aggregate aggregate, int column) {
    if (column < aggregate.groups().size()) {
      return column(aggregate.input(), aggregate.groups().get(column));
    }
    AggregateCall call = aggregate.calls().get(column - aggregate.groups().size());
    List<String> arguments = new ArrayList<>();
    call.getArgList().forEach(argument -> arguments.add(column(aggregate.input(), argument)));
    return call.getAggregation().getName().toLowerCase(Locale.ROOT)
        + "("
        + (call.isDistinct() ? "DISTINCT " : "")
        + (arguments.isEmpty() ? "*" : String.join(", ", arguments))
        + ")";
  }

  /// Gathers what is said about one node.
  private final class Builder {
    private final PlanNode node;
    private final List<Detail> details = new ArrayList<>();
    private final List<RexNode> used = new ArrayList<>();

    Builder(PlanNode node) {
      this.node = node;
    }

    PlanDescription build() {
      String title = title();
      details.addAll(actuals.details(node));
      return new PlanDescription(
          title,
          estimate(node),
          actuals.of(node),
          details,
          subPlans(used),
          node.inputs().stream().map(PlanDescriber.this::describe).toList());
    }

    private String title() {
      return switch (node) {
        case PlanNode.Values values -> values.rows().size() == 1 ? "Result" : "Values Scan";
        case PlanNode.TableScan scan -> tableScan(scan);
        case PlanNode.IndexScan scan -> indexScan(scan);
        case PlanNode.OrderedScan scan -> orderedScan(scan);
        case PlanNode.VectorScan scan -> vectorScan(scan);
        case PlanNode.SystemScan scan -> "Seq Scan on " + scan.relation().name();
        case PlanNode.FunctionScan scan ->
            "Function Scan on " + scan.call().getOperator().getName();
        case PlanNode.HashJoin join -> hashJoin(join);
        case PlanNode.NestedLoopJoin join -> {
          joinFilter(join.condition(), join.left(), join.right());
          yield "Nested Loop" + suffix(join.kind());
        }
        case PlanNode.DependentJoin join -> {
          joinFilter(join.condition(), join.left(), join.right());
          yield "Nested Loop" + suffix(join.kind());
        }
        case PlanNode.Aggregate aggregate -> aggregate(aggregate);
        case PlanNode.Sort sort -> sort(sort);
        case PlanNode.Limit _ -> "Limit";
        case PlanNode.LockRows _ -> "LockRows";
        case PlanNode.Append _ -> "Append";
        case PlanNode.SetOperation operation ->
            "HashSetOp "
                + switch (operation.operation()) {
                  case INTERSECT -> "Intersect";
                  case INTERSECT_ALL -> "Intersect All";
                  case EXCEPT -> "Except";
                  case EXCEPT_ALL -> "Except All";
                };
        case PlanNode.Distinct distinct -> {
          say("Group Key", String.join(", ", distinct.columns()));
          yield "HashAggregate";
        }
        case PlanNode.Project _, PlanNode.Filter _ ->
            throw new IllegalStateException("described elsewhere");
      };
    }

    private void say(String label, String value) {
      details.add(new Detail(label, value));
    }

    private void sayFilter(Optional<RexNode> filter, IntFunction<String> columns) {
      filter.ifPresent(condition -> {
        used.add(condition);
        say("Filter", expressions.of(condition, columns));
      });
    }

    private String tableScan(PlanNode.TableScan scan) {
      sayFilter(scan.filter(), scan.columns()::get);
      return "Seq Scan on " + scan.table().definition().name();
    }

    private String indexScan(PlanNode.IndexScan scan) {
      used.add(scan.condition());
      say("Index Cond", expressions.of(scan.condition(), scan.columns()::get));
      sayFilter(scan.filter(), scan.columns()::get);
      return "Index Scan using " + scan.index().name() + " on " + scan.table().definition().name();
    }

    private String orderedScan(PlanNode.OrderedScan scan) {
      sayFilter(scan.filter(), scan.columns()::get);
      return (scan.direction() == Direction.ASCENDING ? "Index Scan" : "Index Scan Backward")
          + " using "
          + scan.index().name()
          + " on "
          + scan.table().definition().name();
    }

    private String vectorScan(PlanNode.VectorScan scan) {
      List<String> columns = scan.columns();
      used.add(scan.query());
      String order =
          "("
              + columns.get(scan.vectorColumn())
              + " "
              + symbol(scan.distance())
              + " "
              + expressions.of(scan.query(), columns::get)
              + ")";
      say("Order By", order);
      sayFilter(scan.filter(), columns::get);
      scan.bound()
          .ifPresent(bound ->
              say(
                  "Within",
                  order
                      + (bound.inclusion() == Inclusion.INCLUSIVE ? " <= " : " < ")
                      + expressions.of(bound.distance(), columns::get)));
      say("Limit", expressions.of(scan.limit(), columns::get));
      scan.offset().ifPresent(offset -> say("Offset", expressions.of(offset, columns::get)));
      return "kNN Scan on "
          + scan.table().definition().name()
          + scan.index().map(index -> "  using " + index.name()).orElse("");
    }

    private static String symbol(Distance distance) {
      return switch (distance) {
        case L2 -> "<->";
        case NEGATIVE_INNER_PRODUCT -> "<#>";
        case COSINE -> "<=>";
        case L1 -> "<+>";
        case HAMMING -> "<~>";
        case JACCARD -> "<%>";
      };
    }

    private static String suffix(JoinKind kind) {
      return switch (kind) {
        case INNER -> "";
        case LEFT -> " Left Join";
        case RIGHT -> " Right Join";
        case FULL -> " Full Join";
        case SEMI -> " Semi Join";
        case ANTI -> " Anti Join";
      };
    }

    private String hashJoin(PlanNode.HashJoin join) {
      List<String> conditions = new ArrayList<>();
      for (PlanNode.HashJoin.KeyPair key : join.keys()) {
        conditions.add(
            "(" + text(key.left(), join.left()) + " = " + text(key.right(), join.right()) + ")");
      }
      say(
          "Hash Cond",
          conditions.size() == 1
              ? conditions.getFirst()
              : "(" + String.join(" AND ", conditions) + ")");
      joinFilter(join.condition(), join.left(), join.right());
      return "Hash" + (join.kind() == JoinKind.INNER ? " Join" : suffix(join.kind()));
    }

    private void joinFilter(Optional<RexNode> filter, PlanNode left, PlanNode right) {
      filter
          .filter(condition -> !condition.isAlwaysTrue())
          .ifPresent(condition -> {
            used.add(condition);
            say(
                "Join Filter",
                expressions.of(
                    condition,
                    i -> i < left.width() ? column(left, i) : column(right, i - left.width())));
          });
    }

    private String aggregate(PlanNode.Aggregate aggregate) {
      if (aggregate.groups().isEmpty()) {
        return "Aggregate";
      }
      List<String> keys = new ArrayList<>();
      aggregate.groups().forEach(group -> keys.add(column(aggregate.input(), group)));
      say("Group Key", String.join(", ", keys));
      return "HashAggregate";
    }

    private String sort(PlanNode.Sort sort) {
      List<String> keys = new ArrayList<>();
      for (PlanNode.Sort.SortKey key : sort.keys()) {
        keys.add(sortKey(key.collation(), sort.input()));
      }
      say("Sort Key", String.join(", ", keys));
      return "Sort";
    }

    private String sortKey(RelFieldCollation collation, PlanNode input) {
      boolean descending = collation.getDirection().isDescending();
      String nulls =
          switch (collation.nullDirection) {
            case FIRST -> descending ? "" : " NULLS FIRST";
            case LAST -> descending ? " NULLS LAST" : "";
            case UNSPECIFIED -> "";
          };
      return column(input, collation.getFieldIndex()) + (descending ? " DESC" : "") + nulls;
    }
  }
}
