package io.alidade.sql.analyze;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.catalog.Relation;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/// Groups rows, and says what expressions over the ungrouped row mean over the groups.
final class Grouping {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final List<RexNode> keys;
  private final AggregateUses aggregates;
  private @Nullable RelNode rel;

  private Grouping(
      Analysis analysis, ExpressionPlace place, List<RexNode> keys, AggregateUses aggregates) {
    this.analysis = analysis;
    this.place = place;
    this.keys = new ArrayList<>(keys);
    this.aggregates = aggregates;
  }

  /// Groups.
  ///
  /// @param expressions all that will be rewritten
  static Grouping of(
      Analysis analysis,
      ExpressionPlace place,
      RelNode input,
      List<RexNode> keys,
      AggregateUses aggregates,
      List<RexNode> expressions) {
    Grouping grouping = new Grouping(analysis, place, keys, aggregates);
    expressions.forEach(expression -> expression.accept(grouping.new Checker()));
    grouping.rel = grouping.aggregate(input);
    return grouping;
  }

  /// The groups: the keys, then the aggregates.
  RelNode rel() {
    if (rel == null) {
      throw new IllegalStateException("not grouped yet");
    }
    return rel;
  }

  /// An expression over the ungrouped row as one over the groups.
  RexNode rewrite(RexNode expression) {
    return expression.accept(new Rewriter());
  }

  /// Finds columns that are neither grouped nor determined by the keys; those that a primary key
  /// among the keys determines become keys too.
  private final class Checker extends RexShuttle {
    @Override
    public RexNode visitCall(RexCall call) {
      return keys.contains(call) ? call : super.visitCall(call);
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      if (!keys.contains(reference)) {
        requireDetermined(reference);
        keys.add(reference);
      }
      return reference;
    }

    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      CorrelatedRows.changed(
          query.rel,
          place.variables(),
          access -> {
            RexInputRef reference = reference(access);
            if (!keys.contains(reference)) {
              requireDetermined(reference);
              keys.add(reference);
            }
            return access;
          });
      return super.visitSubQuery(query);
    }
  }

  private RexInputRef reference(RexFieldAccess access) {
    return new RexInputRef(access.getField().getIndex(), access.getType());
  }

  private void requireDetermined(RexInputRef reference) {
    for (ScopeRange range : place.scope().from().ranges()) {
      for (ScopeColumn column : range.columns()) {
        if (column.rex().equals(reference)) {
          if (!isDetermined(range)) {
            throw ungrouped(range, column, reference);
          }
          return;
        }
      }
    }
    throw ungrouped(null, null, reference);
  }

  private boolean isDetermined(ScopeRange range) {
    Optional<Relation> relation = range.relation();
    if (relation.isEmpty() || !(relation.get() instanceof Relation.Stored(var table))) {
      return false;
    }
    Optional<IndexDefinition> primaryKey = table.primaryKey();
    return primaryKey.isPresent()
        && primaryKey.get().columns().stream()
            .allMatch(column -> keys.contains(range.columns().get(column).rex()));
  }

  private DatabaseException ungrouped(
      @Nullable ScopeRange range, @Nullable ScopeColumn column, RexInputRef reference) {
    String name =
        range == null || column == null
            ? rowFieldName(reference)
            : range.name() + "." + column.name();
    return Errors.of(
        SqlState.GROUPING_ERROR,
        "column \""
            + name
            + "\" must appear in the GROUP BY clause or be used in an aggregate function",
        place.positionOf(reference.getIndex()));
  }

  private String rowFieldName(RexInputRef reference) {
    return place.scope().from().rel().getRowType().getFieldNames().get(reference.getIndex());
  }

  private RelNode aggregate(RelNode input) {
    List<RexNode> inputs = new ArrayList<>(keys);
    List<PreparedCall> calls = new ArrayList<>();
    for (AggregateUses.Use use : aggregates.uses()) {
      List<Integer> arguments = new ArrayList<>();
      for (RexNode argument : use.arguments()) {
        arguments.add(fieldOf(argument, inputs));
      }
      int filter = use.filter().map(condition -> fieldOf(isTrue(condition), inputs)).orElse(-1);
      List<RelFieldCollation> order = new ArrayList<>();
      for (AggregateUses.SortKey key : use.orderBy()) {
        order.add(
            new RelFieldCollation(
                fieldOf(key.rex(), inputs), key.direction(), key.nullDirection()));
      }
      calls.add(new PreparedCall(use, arguments, filter, RelCollations.of(order)));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      names.add("$g" + i);
    }
    RelNode projected =
        analysis
            .projections()
            .project(input, inputs, names, CorrelatedRows.used(inputs, place.variables()));
    List<AggregateCall> aggregateCalls = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      aggregateCalls.add(calls.get(i).create(analysis, "$a" + i));
    }
    return LogicalAggregate.create(
        projected, List.of(), ImmutableBitSet.range(keys.size()), null, aggregateCalls);
  }

  /// Calcite's filters are never unknown.
  private RexNode isTrue(RexNode condition) {
    return analysis.builder.makeCall(SqlStdOperatorTable.IS_TRUE, condition);
  }

  private static int fieldOf(RexNode expression, List<RexNode> inputs) {
    int index = inputs.indexOf(expression);
    if (index < 0) {
      index = inputs.size();
      inputs.add(expression);
    }
    return index;
  }

  private record PreparedCall(
      AggregateUses.Use use, List<Integer> arguments, int filter, RelCollation order) {
    AggregateCall create(Analysis analysis, String name) {
      boolean isCount = use.operator() == org.apache.calcite.sql.fun.SqlStdOperatorTable.COUNT;
      return AggregateCall.create(
          use.operator(),
          use.distinct(),
          false,
          false,
          List.of(),
          arguments,
          filter,
          null,
          order,
          isCount ? analysis.types.notNull(use.type()) : analysis.types.nullable(use.type()),
          name);
    }
  }

  private final class Rewriter extends RexShuttle {
    @Override
    public RexNode visitCall(RexCall call) {
      int key = keys.indexOf(call);
      return key >= 0 ? field(key) : super.visitCall(call);
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      return field(keys.indexOf(reference));
    }

    @Override
    public RexNode visitDynamicParam(RexDynamicParam parameter) {
      int aggregate = AggregateUses.indexOf(parameter);
      return aggregate < 0 || RowFunctionUses.isReference(parameter)
          ? parameter
          : field(keys.size() + aggregate);
    }

    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      RexSubQuery changed = (RexSubQuery) super.visitSubQuery(query);
      RelNode inner =
          CorrelatedRows.changed(
              changed.rel,
              place.variables(),
              access -> {
                RexCorrelVariable variable = (RexCorrelVariable) access.getReferenceExpr();
                return analysis.builder.makeFieldAccess(
                    analysis.builder.makeCorrel(rel().getRowType(), variable.id),
                    keys.indexOf(reference(access)));
              });
      return changed.clone(inner);
    }

    private RexNode field(int index) {
      return analysis.builder.makeInputRef(rel(), index);
    }
  }
}
