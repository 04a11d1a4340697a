package io.alidade.sql.rule;

import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.sql.analyze.SlotDefinition;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.execute.PlanExplanation;
import io.alidade.sql.function.AggregateOperator;
import io.alidade.sql.function.FunctionRegistry;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.plan.PhysicalPlan;
import io.alidade.sql.plan.Planner;
import io.alidade.sql.type.AlgebraBuilder;
import io.alidade.sql.type.SqlType;
import io.alidade.sql.type.SqlTypeFactory;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/// Writes relational algebra by hand, for tests of what becomes of it.
public final class Algebra {
  /// `items (id bigint primary key, category text, price integer, embedding vector(3))` with a
  /// vector index for `<=>` and an ordered one on price.
  public static final TableDefinition ITEMS =
      new TableDefinition(
          17_000,
          "public",
          "items",
          TableDefinition.FIRST_GENERATION,
          List.of(
              ColumnDefinition.notNull("id", ColumnType.INT8),
              ColumnDefinition.nullable("category", ColumnType.TEXT),
              ColumnDefinition.nullable("price", ColumnType.INT4),
              ColumnDefinition.nullable("embedding", ColumnType.vector(3))),
          List.of(
              btree(17_001, "items_pkey", 0, IndexDefinition.Uniqueness.PRIMARY_KEY),
              btree(17_002, "items_price_idx", 2, IndexDefinition.Uniqueness.NOT_UNIQUE),
              new IndexDefinition(
                  17_003,
                  "items_embedding_idx",
                  17_000,
                  IndexDefinition.Method.HNSW,
                  List.of(IndexDefinition.Key.ascending(3)),
                  IndexDefinition.Uniqueness.NOT_UNIQUE,
                  Optional.of(Distance.COSINE),
                  Map.of())));

  /// `orders (item bigint, amount integer)` without an index.
  public static final TableDefinition ORDERS =
      new TableDefinition(
          17_010,
          "public",
          "orders",
          TableDefinition.FIRST_GENERATION,
          List.of(
              ColumnDefinition.nullable("item", ColumnType.INT8),
              ColumnDefinition.nullable("amount", ColumnType.INT4)),
          List.of());

  public static final int ID = 0;
  public static final int CATEGORY = 1;
  public static final int PRICE = 2;
  public static final int EMBEDDING = 3;

  private final SqlTypeFactory types = new SqlTypeFactory();
  private final AlgebraBuilder builder = new AlgebraBuilder(types);
  private final RelOptCluster cluster =
      RelOptCluster.create(new HepPlanner(new HepProgramBuilder().build()), builder);
  private final List<SlotDefinition> slots = new ArrayList<>();

  private static IndexDefinition btree(
      int oid, String name, int column, IndexDefinition.Uniqueness uniqueness) {
    return new IndexDefinition(
        oid,
        name,
        17_000,
        IndexDefinition.Method.BTREE,
        List.of(IndexDefinition.Key.ascending(column)),
        uniqueness,
        Optional.empty(),
        Map.of());
  }

  public RelOptCluster cluster() {
    return cluster;
  }

  public AlgebraBuilder rex() {
    return builder;
  }

  public Slots slots() {
    List<ColumnType> parameters = slots.stream().map(SlotDefinition::type).toList();
    return new Slots(slots, parameters);
  }

  public RelNode scan(TableDefinition table) {
    return scan(table, AlidadeTable.RowReferences.HIDDEN);
  }

  public RelNode scan(TableDefinition table, AlidadeTable.RowReferences references) {
    return LogicalTableScan.create(
        cluster, AlidadeTable.of(new Relation.Stored(table), types, references), List.of());
  }

  public RelNode filter(RelNode input, RexNode... conditions) {
    RexNode condition =
        conditions.length == 1 ? conditions[0] : call(SqlStdOperatorTable.AND, conditions);
    return LogicalFilter.create(input, condition);
  }

  public RelNode project(RelNode input, RexNode... expressions) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < expressions.length; i++) {
      names.add("c" + i);
    }
    return LogicalProject.create(
        input, List.of(), List.of(expressions), names, Set.<CorrelationId>of());
  }

  public RelNode join(RelNode left, RelNode right, JoinRelType type, RexNode condition) {
    return LogicalJoin.create(left, right, List.of(), condition, Set.of(), type);
  }

  /// ORDER BY columns, ascending and NULLs last unless turned round.
  public RelNode sort(
      RelNode input, @Nullable RexNode offset, @Nullable RexNode limit, int... columns) {
    List<RelFieldCollation> collations = new ArrayList<>();
    for (int column : columns) {
      collations.add(
          new RelFieldCollation(
              column, RelFieldCollation.Direction.ASCENDING, RelFieldCollation.NullDirection.LAST));
    }
    return sort(input, RelCollations.of(collations), offset, limit);
  }

  public RelNode sort(
      RelNode input, RelCollation collation, @Nullable RexNode offset, @Nullable RexNode limit) {
    return LogicalSort.create(input, collation, offset, limit);
  }

  /// ORDER BY one column descending, NULLs first.
  public RelNode sortDescending(RelNode input, @Nullable RexNode limit, int column) {
    return sort(
        input,
        RelCollations.of(
            new RelFieldCollation(
                column,
                RelFieldCollation.Direction.DESCENDING,
                RelFieldCollation.NullDirection.FIRST)),
        null,
        limit);
  }

  public RelNode aggregate(RelNode input, List<Integer> groups, AggregateCall... calls) {
    return LogicalAggregate.create(
        input, List.of(), ImmutableBitSet.of(groups), null, List.of(calls));
  }

  public AggregateCall countAll() {
    return AggregateCall.create(
        SqlStdOperatorTable.COUNT,
        false,
        false,
        false,
        List.of(),
        List.of(),
        -1,
        null,
        RelCollations.EMPTY,
        types.notNull(ColumnType.INT8),
        "count");
  }

  public AggregateCall aggregateCall(String name, RelNode input, int column) {
    ColumnType type = SqlType.columnTypeOf(input.getRowType().getFieldList().get(column).getType());
    AggregateOperator operator =
        FunctionRegistry.STANDARD.aggregates(name).stream()
            .filter(candidate ->
                candidate.signature().arguments().size() == 1
                    && accepts(candidate.signature().arguments().getFirst(), type))
            .findFirst()
            .orElseThrow();
    return AggregateCall.create(
        operator,
        false,
        false,
        false,
        List.of(),
        List.of(column),
        -1,
        null,
        RelCollations.EMPTY,
        types.nullable(operator.signature().resultFor(List.of(type))),
        name);
  }

  public RexNode column(RelNode input, int index) {
    return builder.makeInputRef(input, index);
  }

  /// A column of a join's right side.
  public RexNode rightColumn(RelNode left, RelNode right, int index) {
    return builder.makeInputRef(
        right.getRowType().getFieldList().get(index).getType(),
        left.getRowType().getFieldCount() + index);
  }

  /// The next parameter: `$1`, then `$2`...
  public RexNode parameter(ColumnType type) {
    slots.add(new SlotDefinition(type, new SlotDefinition.Source.Parameter(slots.size())));
    return builder.makeDynamicParam(types.nullable(type), slots.size() - 1);
  }

  public RexNode call(SqlOperator operator, RexNode... operands) {
    return builder.makeCall(operator, operands);
  }

  public RexNode equal(RexNode left, RexNode right) {
    return call(SqlStdOperatorTable.EQUALS, left, right);
  }

  public RexNode less(RexNode left, RexNode right) {
    return call(SqlStdOperatorTable.LESS_THAN, left, right);
  }

  public RexNode greater(RexNode left, RexNode right) {
    return call(SqlStdOperatorTable.GREATER_THAN, left, right);
  }

  /// A function or operator of ours that takes exactly these types.
  public RexNode function(String name, RexNode... operands) {
    ScalarOperator operator =
        FunctionRegistry.STANDARD.scalars(name).stream()
            .filter(candidate -> accepts(candidate, operands))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no " + name));
    return builder.makeCall(operator, operands);
  }

  private static boolean accepts(ScalarOperator operator, RexNode... operands) {
    List<ArgumentType> arguments = operator.signature().arguments();
    if (arguments.size() != operands.length) {
      return false;
    }
    for (int i = 0; i < operands.length; i++) {
      if (!accepts(arguments.get(i), SqlType.columnTypeOf(operands[i].getType()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean accepts(ArgumentType argument, ColumnType type) {
    return switch (argument) {
      case ArgumentType.Exact(var exact) -> exact.equals(type.withoutModifier());
      case ArgumentType.Any _ -> true;
      case ArgumentType.AnyArray _ -> type.kind() == ColumnType.Kind.ARRAY;
      case ArgumentType.AnyElement _ -> true;
    };
  }

  public PhysicalPlan plan(RelNode relation) {
    return Planner.plan(relation, slots());
  }

  /// The plan's text, as EXPLAIN gives it.
  public String explain(RelNode relation) {
    return String.join("\n", PlanExplanation.of(plan(relation)).lines());
  }
}
