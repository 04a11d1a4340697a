package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.FromItem;
import io.alidade.sql.parse.FromItem.JoinCondition;
import io.alidade.sql.parse.FromItem.JoinKind;
import io.alidade.sql.parse.OperatorName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/// Resolves joins: which columns meet, and which are visible afterwards.
final class JoinAnalyzer {
  private final Analysis analysis;
  private final CommonTables commonTables;
  private final Scope.@Nullable OuterRow outer;
  private final FromAnalyzer items;

  JoinAnalyzer(
      Analysis analysis,
      CommonTables commonTables,
      Scope.@Nullable OuterRow outer,
      FromAnalyzer items) {
    this.analysis = analysis;
    this.commonTables = commonTables;
    this.outer = outer;
    this.items = items;
  }

  FromClause cross(FromClause left, FromAnalyzer.Item right, int position) {
    return join(left, right, JoinKind.CROSS, new JoinCondition.None(), position);
  }

  FromClause join(FromItem.Join join) {
    FromClause left = items.item(join.left(), null).clause();
    FromAnalyzer.Item right = items.item(join.right(), left);
    FromClause joined = join(left, right, join.kind(), join.condition(), join.position());
    FromItem.Alias alias = join.alias();
    if (alias == null) {
      return joined;
    }
    return FromClause.of(
        joined.rel(),
        new ScopeRange(
            alias.name(),
            null,
            Optional.empty(),
            FromAnalyzer.renamed(joined.columns(), alias, alias.name(), join.position()),
            joined.ranges().stream().flatMap(range -> range.locked().stream()).toList()));
  }

  private FromClause join(
      FromClause left,
      FromAnalyzer.Item rightItem,
      JoinKind kind,
      JoinCondition condition,
      int position) {
    int leftFields = left.rel().getRowType().getFieldCount();
    FromClause right = rightItem.clause().shifted(leftFields);
    Scope.requireDistinctNames(left.ranges(), right.ranges(), position);
    JoinRelType type = joinType(kind);
    Sides sides = new Sides(left, right, rightItem.clause().rel(), type);
    Shared shared =
        switch (condition) {
          case JoinCondition.None _ -> Shared.NONE;
          case JoinCondition.On(var on) -> on(sides, on);
          case JoinCondition.Using using -> shared(sides, using.columns(), using.position());
          case JoinCondition.Natural _ -> shared(sides, commonNames(left, right), position);
        };
    RexNode met =
        shared.condition() == null ? analysis.builder.makeLiteral(true) : shared.condition();
    RelNode rel = rel(sides, met, shared.variables(), rightItem.lateral(), position);
    return visible(sides, shared, rel);
  }

  private static JoinRelType joinType(JoinKind kind) {
    return switch (kind) {
      case INNER, CROSS -> JoinRelType.INNER;
      case LEFT -> JoinRelType.LEFT;
      case RIGHT -> JoinRelType.RIGHT;
      case FULL -> JoinRelType.FULL;
    };
  }

  /// @param right its columns' expressions are over the joined row
  private record Sides(FromClause left, FromClause right, RelNode rightRel, JoinRelType type) {
    int leftFields() {
      return left.rel().getRowType().getFieldCount();
    }

    List<ScopeRange> ranges() {
      List<ScopeRange> ranges = new ArrayList<>(left.ranges());
      ranges.addAll(right.ranges());
      return ranges;
    }
  }

  /// A join's condition, and the columns that USING merges.
  private record Shared(
      @Nullable RexNode condition,
      Set<CorrelationId> variables,
      List<ScopeColumn> merged,
      Set<String> names) {
    static final Shared NONE = new Shared(null, Set.of(), List.of(), Set.of());
  }

  private Shared on(Sides sides, io.alidade.sql.parse.Expression condition) {
    RelNode both =
        LogicalJoin.create(
            sides.left().rel(),
            sides.rightRel(),
            List.of(),
            analysis.builder.makeLiteral(true),
            Set.of(),
            JoinRelType.INNER);
    List<ScopeColumn> columns = new ArrayList<>(sides.left().columns());
    columns.addAll(sides.right().columns());
    Scope scope = new Scope(new FromClause(both, sides.ranges(), columns), outer);
    ExpressionPlace place = ExpressionPlace.plain(scope, commonTables, "JOIN conditions");
    RexNode rex = new ExpressionAnalyzer(analysis, place).condition(condition, "JOIN/ON");
    return new Shared(rex, place.variables(), List.of(), Set.of());
  }

  private static List<String> commonNames(FromClause left, FromClause right) {
    Set<String> names = new HashSet<>();
    right.columns().forEach(column -> names.add(column.name()));
    return left.columns().stream().map(ScopeColumn::name).filter(names::contains).toList();
  }

  private Shared shared(Sides sides, List<String> names, int position) {
    if (names.isEmpty()) {
      return Shared.NONE;
    }
    List<RexNode> equalities = new ArrayList<>();
    List<ScopeColumn> merged = new ArrayList<>();
    for (String name : names) {
      ScopeColumn left = only(sides.left(), name, "left", position);
      ScopeColumn right = only(sides.right(), name, "right", position);
      Operand.Value leftValue = new Operand.Value(left.rex(), left.type(), position);
      Operand.Value rightValue = new Operand.Value(right.rex(), right.type(), position);
      equalities.add(equal(leftValue, rightValue, position));
      merged.add(merge(sides.type(), left, right, position));
    }
    RexNode condition =
        equalities.size() == 1
            ? equalities.getFirst()
            : analysis.builder.makeCall(SqlStdOperatorTable.AND, equalities);
    return new Shared(condition, Set.of(), merged, Set.copyOf(names));
  }

  private RexNode equal(Operand left, Operand right, int position) {
    ExpressionPlace place =
        ExpressionPlace.plain(new Scope(items.nothing(), outer), commonTables, "JOIN/USING");
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    return new OperatorAnalyzer(
            analysis, expressions, new CallAnalyzer(analysis, place, expressions))
        .binary(OperatorName.of("="), left, right, position)
        .rex();
  }

  private static ScopeColumn only(FromClause side, String name, String shown, int position) {
    List<ScopeColumn> found =
        side.columns().stream().filter(column -> column.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw Errors.of(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + name + "\" specified in USING clause does not exist in " + shown + " table",
          position);
    }
    if (found.size() > 1) {
      throw Errors.of(
          SqlState.AMBIGUOUS_COLUMN,
          "common column name \"" + name + "\" appears more than once in " + shown + " table",
          position);
    }
    return found.getFirst();
  }

  private ScopeColumn merge(JoinRelType type, ScopeColumn left, ScopeColumn right, int position) {
    ColumnType common = Coercion.commonType(left.type(), right.type(), "JOIN/USING", position);
    RexNode leftRex = converted(left, common, position);
    RexNode rightRex = converted(right, common, position);
    return switch (type) {
      case RIGHT -> merged(right, rightRex, common);
      case FULL ->
          new ScopeColumn(
              left.name(),
              analysis.builder.makeCall(
                  analysis.types.nullable(common),
                  SqlStdOperatorTable.CASE,
                  List.of(
                      analysis.builder.makeCall(SqlStdOperatorTable.IS_NOT_NULL, leftRex),
                      leftRex,
                      rightRex)),
              common,
              0,
              (short) 0);
      default -> merged(left, leftRex, common);
    };
  }

  private static ScopeColumn merged(ScopeColumn from, RexNode rex, ColumnType type) {
    return rex == from.rex() ? from : new ScopeColumn(from.name(), rex, type, 0, (short) 0);
  }

  private RexNode converted(ScopeColumn column, ColumnType type, int position) {
    if (column.type().withoutModifier().equals(type)) {
      return column.rex();
    }
    return analysis.coercion.implicit(
        new Operand.Value(column.rex(), column.type(), position), type);
  }

  private RelNode rel(
      Sides sides,
      RexNode condition,
      Set<CorrelationId> variables,
      Scope.@Nullable OuterRow lateral,
      int position) {
    if (lateral == null) {
      return LogicalJoin.create(
          sides.left().rel(), sides.rightRel(), List.of(), condition, variables, sides.type());
    }
    return switch (sides.type()) {
      case INNER -> {
        RelNode both = correlate(sides, sides.rightRel(), lateral);
        yield condition.isAlwaysTrue()
            ? both
            : LogicalFilter.create(
                both, condition, com.google.common.collect.ImmutableSet.copyOf(variables));
      }
      case LEFT -> correlate(sides, filteredRight(sides, condition, lateral), lateral);
      default ->
          throw Errors.of(
              SqlState.INVALID_COLUMN_REFERENCE,
              "The combining JOIN type must be INNER or LEFT for a LATERAL reference.",
              position);
    };
  }

  private static RelNode correlate(Sides sides, RelNode right, Scope.OuterRow lateral) {
    return LogicalCorrelate.create(
        sides.left().rel(),
        right,
        List.of(),
        lateral.id(),
        RelOptUtil.correlationColumns(lateral.id(), right),
        sides.type());
  }

  /// The right side with the condition of a LEFT JOIN inside, where the left row is an outer one.
  private RelNode filteredRight(Sides sides, RexNode condition, Scope.OuterRow lateral) {
    if (condition.isAlwaysTrue()) {
      return sides.rightRel();
    }
    RexNode variable = analysis.builder.makeCorrel(sides.left().rel().getRowType(), lateral.id());
    int leftFields = sides.leftFields();
    RexShuttle inside =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            int index = reference.getIndex();
            return index < leftFields
                ? analysis.builder.makeFieldAccess(variable, index)
                : new RexInputRef(index - leftFields, reference.getType());
          }
        };
    return LogicalFilter.create(sides.rightRel(), condition.accept(inside));
  }

  private FromClause visible(Sides sides, Shared shared, RelNode rel) {
    List<ScopeColumn> columns = new ArrayList<>(shared.merged());
    for (FromClause side : List.of(sides.left(), sides.right())) {
      for (ScopeColumn column : side.columns()) {
        if (!shared.names().contains(column.name())) {
          columns.add(column);
        }
      }
    }
    RexShuttle retyped =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            // An outer join makes columns nullable.
            return analysis.builder.makeInputRef(rel, reference.getIndex());
          }
        };
    List<ScopeRange> ranges = new ArrayList<>();
    for (ScopeRange range : sides.left().ranges()) {
      ranges.add(sides.type().generatesNullsOnLeft() ? range.nullable() : range);
    }
    for (ScopeRange range : sides.right().ranges()) {
      ranges.add(sides.type().generatesNullsOnRight() ? range.nullable() : range);
    }
    return new FromClause(rel, ranges, columns).mapped(retyped);
  }
}
