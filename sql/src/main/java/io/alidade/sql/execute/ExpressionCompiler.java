package io.alidade.sql.execute;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.Implementation;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.plan.SubPlan;
import io.alidade.sql.rule.Expressions;
import io.alidade.sql.type.SqlType;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/// Turns expressions of the algebra into closures, with SQL's three-valued logic.
///
/// AND, OR and CASE evaluate no more than they need; long chains of AND and OR are flattened, so
/// that neither compiling nor evaluating them is recursive.
final class ExpressionCompiler {
  private final Function<SubPlan, ExecutableNode> subPlans;

  /// @param subPlans compiles the plans of sub-queries
  ExpressionCompiler(Function<SubPlan, ExecutableNode> subPlans) {
    this.subPlans = subPlans;
  }

  List<CompiledExpression> compileAll(List<? extends RexNode> expressions) {
    return expressions.stream().map(this::compile).toList();
  }

  CompiledExpression compile(RexNode expression) {
    return switch (expression) {
      case RexInputRef reference -> {
        int column = reference.getIndex();
        yield (_, row) -> row[column];
      }
      case RexDynamicParam parameter -> {
        int slot = parameter.getIndex();
        yield (context, _) -> context.slot(slot);
      }
      case RexLiteral literal -> {
        Object value = value(literal);
        yield (_, _) -> value;
      }
      case RexFieldAccess access -> fieldAccess(access);
      case RexCall call -> call(call);
      default -> throw unsupported(expression);
    };
  }

  private static DatabaseException unsupported(RexNode expression) {
    return new DatabaseException(
        SqlState.FEATURE_NOT_SUPPORTED, expression.getKind() + " is not supported");
  }

  private static @Nullable Object value(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    return switch (SqlType.columnTypeOf(literal.getType()).kind()) {
      case BOOL -> literal.getValueAs(Boolean.class);
      case INT2 -> literal.getValueAs(Short.class);
      case INT4 -> literal.getValueAs(Integer.class);
      case INT8 -> literal.getValueAs(Long.class);
      case NUMERIC -> literal.getValueAs(java.math.BigDecimal.class);
      default -> throw unsupported(literal);
    };
  }

  private static CompiledExpression fieldAccess(RexFieldAccess access) {
    if (!(access.getReferenceExpr() instanceof RexCorrelVariable variable)) {
      throw unsupported(access);
    }
    int correlation = variable.id.getId();
    int column = access.getField().getIndex();
    return (context, _) -> context.correlated(correlation)[column];
  }

  private CompiledExpression call(RexCall call) {
    if (call.getOperator() instanceof SubPlan subPlan) {
      return SubPlanExpression.compile(
          subPlan, subPlans.apply(subPlan), compileAll(call.getOperands()), call.getOperands());
    }
    if (call.getOperator() instanceof ScalarOperator operator) {
      return operator(operator, compileAll(call.getOperands()));
    }
    return switch (call.getKind()) {
      case AND -> conjunction(compileAll(Expressions.flattened(call, SqlKind.AND)));
      case OR -> disjunction(compileAll(Expressions.flattened(call, SqlKind.OR)));
      case NOT -> {
        CompiledExpression operand = operand(call);
        yield (context, row) ->
            operand.evaluate(context, row) instanceof Boolean truth ? !truth : null;
      }
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call);
      case IS_DISTINCT_FROM -> distinctness(call, true);
      case IS_NOT_DISTINCT_FROM -> distinctness(call, false);
      case IS_NULL -> test(call, Objects::isNull);
      case IS_NOT_NULL -> test(call, Objects::nonNull);
      case IS_TRUE -> test(call, Boolean.TRUE::equals);
      case IS_NOT_TRUE -> test(call, value -> !Boolean.TRUE.equals(value));
      case IS_FALSE -> test(call, Boolean.FALSE::equals);
      case IS_NOT_FALSE -> test(call, value -> !Boolean.FALSE.equals(value));
      case IS_UNKNOWN -> test(call, Objects::isNull);
      case CASE -> cases(compileAll(call.getOperands()));
      case CAST -> operand(call); // Calcite's own casts change nothing but nullability.
      default -> throw unsupported(call);
    };
  }

  private CompiledExpression operand(RexCall call) {
    return compile(call.getOperands().getFirst());
  }

  /// A test of a value that may be null.
  private interface NullableTest {
    boolean test(@Nullable Object value);
  }

  private CompiledExpression test(RexCall call, NullableTest test) {
    CompiledExpression operand = operand(call);
    return (context, row) -> test.test(operand.evaluate(context, row));
  }

  private static CompiledExpression conjunction(List<CompiledExpression> operands) {
    CompiledExpression[] all = operands.toArray(CompiledExpression[]::new);
    return (context, row) -> {
      Boolean result = true;
      for (CompiledExpression operand : all) {
        Object value = operand.evaluate(context, row);
        if (value == null) {
          result = null;
        } else if (!(Boolean) value) {
          return false;
        }
      }
      return result;
    };
  }

  private static CompiledExpression disjunction(List<CompiledExpression> operands) {
    CompiledExpression[] all = operands.toArray(CompiledExpression[]::new);
    return (context, row) -> {
      Boolean result = false;
      for (CompiledExpression operand : all) {
        Object value = operand.evaluate(context, row);
        if (value == null) {
          result = null;
        } else if ((Boolean) value) {
          return true;
        }
      }
      return result;
    };
  }

  private CompiledExpression comparison(RexCall call) {
    CompiledExpression left = compile(call.getOperands().get(0));
    CompiledExpression right = compile(call.getOperands().get(1));
    Comparator<Object> order = order(call.getOperands().get(0));
    IntPredicate holds = accepted(call.getKind());
    return (context, row) -> {
      Object a = left.evaluate(context, row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(context, row);
      return b == null ? null : (Object) holds.test(order.compare(a, b));
    };
  }

  /// Which outcomes of a comparison make a comparison operator true.
  static IntPredicate accepted(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> outcome -> outcome == 0;
      case NOT_EQUALS -> outcome -> outcome != 0;
      case LESS_THAN -> outcome -> outcome < 0;
      case LESS_THAN_OR_EQUAL -> outcome -> outcome <= 0;
      case GREATER_THAN -> outcome -> outcome > 0;
      case GREATER_THAN_OR_EQUAL -> outcome -> outcome >= 0;
      default -> throw new IllegalStateException(kind + " does not compare");
    };
  }

  static Comparator<Object> order(RexNode operand) {
    ColumnType type = SqlType.columnTypeOf(operand.getType());
    return ValueOrder.of(type);
  }

  private CompiledExpression distinctness(RexCall call, boolean whenDistinct) {
    CompiledExpression left = compile(call.getOperands().get(0));
    CompiledExpression right = compile(call.getOperands().get(1));
    Comparator<@Nullable Object> order = ValueOrder.nullsLast(order(call.getOperands().get(0)));
    return (context, row) -> {
      int outcome = order.compare(left.evaluate(context, row), right.evaluate(context, row));
      return (outcome != 0) == whenDistinct;
    };
  }

  /// CASE: conditions and values in turn, the last value without a condition.
  private static CompiledExpression cases(List<CompiledExpression> operands) {
    CompiledExpression[] all = operands.toArray(CompiledExpression[]::new);
    return (context, row) -> {
      int i = 0;
      for (; i + 1 < all.length; i += 2) {
        if (Boolean.TRUE.equals(all[i].evaluate(context, row))) {
          return all[i + 1].evaluate(context, row);
        }
      }
      return all[i].evaluate(context, row);
    };
  }

  private static CompiledExpression operator(
      ScalarOperator operator, List<CompiledExpression> arguments) {
    return switch (operator.implementation()) {
      case Implementation.OfNone none -> (context, _) -> none.compute(context.evaluation());
      case Implementation.OfOne one -> {
        CompiledExpression argument = arguments.getFirst();
        yield (context, row) -> {
          Object value = argument.evaluate(context, row);
          return value == null ? null : one.compute(context.evaluation(), value);
        };
      }
      case Implementation.OfTwo two -> {
        CompiledExpression left = arguments.get(0);
        CompiledExpression right = arguments.get(1);
        yield (context, row) -> {
          Object a = left.evaluate(context, row);
          Object b = right.evaluate(context, row);
          return a == null || b == null ? null : two.compute(context.evaluation(), a, b);
        };
      }
      case Implementation.OfMany many -> anyNumber(many, arguments);
      case Implementation.OfRow row -> anyNumber(row, arguments);
    };
  }

  private static CompiledExpression anyNumber(
      Implementation implementation, List<CompiledExpression> arguments) {
    CompiledExpression[] all = arguments.toArray(CompiledExpression[]::new);
    return (context, row) -> {
      @Nullable Object[] values = new @Nullable Object[all.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = all[i].evaluate(context, row);
      }
      return implementation.apply(context.evaluation(), values);
    };
  }
}
