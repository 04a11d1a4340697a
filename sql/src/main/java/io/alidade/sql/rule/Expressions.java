package io.alidade.sql.rule;

import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.type.SqlType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.Util;

/// Questions about expressions that rules ask.
public final class Expressions {
  private Expressions() {}

  /// The operands of nested ANDs, or of nested ORs, in their order; without recursion, because
  /// generated statements hold thousands.
  public static List<RexNode> flattened(RexNode expression, SqlKind kind) {
    List<RexNode> operands = new ArrayList<>();
    Deque<RexNode> stack = new ArrayDeque<>();
    stack.push(expression);
    while (!stack.isEmpty()) {
      RexNode node = stack.pop();
      if (node.getKind() == kind) {
        List<RexNode> inner = ((RexCall) node).getOperands();
        for (int i = inner.size() - 1; i >= 0; i--) {
          stack.push(inner.get(i));
        }
      } else if (kind != SqlKind.AND || !node.isAlwaysTrue()) {
        operands.add(node);
      }
    }
    return operands;
  }

  /// The conditions that a filter asks for all together.
  public static List<RexNode> conjuncts(RexNode condition) {
    return flattened(condition, SqlKind.AND);
  }

  /// The conjunction of conditions, empty if there are none.
  public static Optional<RexNode> conjunction(RexBuilder builder, List<RexNode> conditions) {
    return switch (conditions.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(RexUtil.flatten(builder, conditions.getFirst()));
      default -> Optional.of(builder.makeCall(SqlStdOperatorTable.AND, conditions));
    };
  }

  /// Whether an expression may be computed somewhere else over the same values: the same each time
  /// it is computed, and without a sub-query that looks at the row it is computed in.
  ///
  /// @param variables the correlation variables that stand for that row
  static boolean isMovable(RexNode expression, Set<CorrelationId> variables) {
    return isDeterministic(expression)
        && (variables.isEmpty()
            || Correlations.of(expression).stream().noneMatch(variables::contains));
  }

  /// Whether an expression is the same for all rows of one run.
  ///
  /// @param variables the correlation variables that stand for the rows
  public static boolean isConstant(RexNode expression, Set<CorrelationId> variables) {
    return columns(expression).isEmpty() && isMovable(expression, variables);
  }

  /// The columns that an expression refers to.
  public static ImmutableBitSet columns(RexNode expression) {
    ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitInputRef(RexInputRef reference) {
            columns.set(reference.getIndex());
            return super.visitInputRef(reference);
          }
        });
    return columns.build();
  }

  private static boolean isDeterministic(RexNode expression) {
    try {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
              if (!call.getOperator().isDeterministic()) {
                throw Util.FoundOne.NULL;
              }
              return super.visitCall(call);
            }

            @Override
            public Void visitOver(RexOver over) {
              throw Util.FoundOne.NULL;
            }
          });
      return true;
    } catch (Util.FoundOne _) {
      return false;
    }
  }

  /// Whether there is a sub-query in an expression.
  static boolean hasSubQuery(RexNode expression) {
    try {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitSubQuery(RexSubQuery subQuery) {
              throw Util.FoundOne.NULL;
            }
          });
      return false;
    } catch (Util.FoundOne _) {
      return true;
    }
  }

  /// An expression over the rows of a projection as one over the projection's input.
  static RexNode below(RexNode expression, List<RexNode> projects) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return projects.get(reference.getIndex());
          }
        });
  }

  /// The column that an expression is, or is as a wider integer type; comparing that with a
  /// constant comes to comparing the column itself.
  public static Optional<RexInputRef> comparedColumn(RexNode expression) {
    if (expression instanceof RexInputRef column) {
      return Optional.of(column);
    }
    return expression instanceof RexCall cast
            && cast.getOperator() instanceof ScalarOperator operator
            && operator.signature().name().startsWith("::")
            && cast.getOperands().getFirst() instanceof RexInputRef column
            && integerBytes(column) > 0
            && integerBytes(cast) > integerBytes(column)
        ? Optional.of(column)
        : Optional.empty();
  }

  private static int integerBytes(RexNode expression) {
    return switch (SqlType.columnTypeOf(expression.getType()).kind()) {
      case INT2 -> Short.BYTES;
      case INT4 -> Integer.BYTES;
      case INT8 -> Long.BYTES;
      default -> 0;
    };
  }

  /// Whether a condition is `column = ANY (array)`.
  public static boolean isColumnInArray(RexNode condition) {
    return condition instanceof RexCall call
        && call.getOperator() instanceof ScalarOperator operator
        && operator.signature().name().equals("= ANY")
        && call.getOperands().getFirst() instanceof RexInputRef;
  }
}
