package io.alidade.sql.plan;

import io.alidade.model.ColumnType;
import io.alidade.sql.analyze.SlotDefinition;
import io.alidade.sql.analyze.SlotDefinition.Source;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.rule.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// Writes expressions as EXPLAIN shows them, PostgreSQL's way.
final class ExpressionText {
  private static final int MAX_CONSTANT = 60;

  private final Slots slots;

  ExpressionText(Slots slots) {
    this.slots = slots;
  }

  /// @param columns the texts of what input references refer to
  String of(RexNode expression, IntFunction<String> columns) {
    return switch (expression) {
      case RexInputRef reference -> columns.apply(reference.getIndex());
      case RexDynamicParam parameter -> slot(parameter.getIndex());
      case RexLiteral literal -> literal.isNull() ? "NULL" : String.valueOf(literal.getValue2());
      case RexFieldAccess access -> access.getField().getName();
      case RexCall call -> call(call, columns);
      default -> expression.toString();
    };
  }

  private String slot(int index) {
    if (index >= slots.definitions().size()) {
      return "$" + (index + 1);
    }
    SlotDefinition slot = slots.definitions().get(index);
    return switch (slot.source()) {
      case Source.Parameter(var parameter) -> "$" + (parameter + 1);
      case Source.Literal literal -> constant(literal, slot.type());
    };
  }

  private static String constant(Source.Literal literal, ColumnType type) {
    String text = literal.text();
    if (text.length() > MAX_CONSTANT) {
      text = text.substring(0, MAX_CONSTANT) + "...";
    }
    if (literal.written().equals(ColumnType.TEXT)) {
      return "'" + text.replace("'", "''") + "'::" + type;
    }
    return literal.sign() < 0 ? "'-" + text + "'::" + type : text;
  }

  private String call(RexCall call, IntFunction<String> columns) {
    if (call.getOperator() instanceof SubPlan subPlan) {
      return subPlan(subPlan, call, columns);
    }
    List<RexNode> operands = call.getOperands();
    if (call.getOperator() instanceof ScalarOperator operator) {
      return operator(operator.signature().name(), operands, columns);
    }
    return switch (call.getKind()) {
      case AND, OR -> chain(call, columns);
      case NOT -> "(NOT " + of(operands.getFirst(), columns) + ")";
      case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE, IS_UNKNOWN ->
          "(" + of(operands.getFirst(), columns) + " " + call.getOperator().getName() + ")";
      case CASE -> cases(operands, columns);
      case CAST -> of(operands.getFirst(), columns);
      default -> operator(call.getOperator().getName(), operands, columns);
    };
  }

  private String chain(RexCall call, IntFunction<String> columns) {
    List<String> parts = new ArrayList<>();
    for (RexNode operand : Expressions.flattened(call, call.getKind())) {
      parts.add(of(operand, columns));
    }
    return "(" + String.join(call.getKind() == SqlKind.AND ? " AND " : " OR ", parts) + ")";
  }

  private String cases(List<RexNode> operands, IntFunction<String> columns) {
    StringBuilder out = new StringBuilder("CASE");
    int i = 0;
    for (; i + 1 < operands.size(); i += 2) {
      out.append(" WHEN ").append(of(operands.get(i), columns));
      out.append(" THEN ").append(of(operands.get(i + 1), columns));
    }
    return out.append(" ELSE ").append(of(operands.get(i), columns)).append(" END").toString();
  }

  private String operator(String name, List<RexNode> operands, IntFunction<String> columns) {
    if (name.startsWith("::")) {
      return "(" + of(operands.getFirst(), columns) + ")" + name;
    }
    if (name.isEmpty() || Character.isLetter(name.charAt(0)) && !isWordOperator(name)) {
      return name + "(" + joined(operands, columns) + ")";
    }
    return switch (operands.size()) {
      case 1 -> "(" + name + " " + of(operands.getFirst(), columns) + ")";
      case 2 ->
          "("
              + of(operands.get(0), columns)
              + " "
              + name
              + " "
              + of(operands.get(1), columns)
              + ")";
      default -> name + "(" + joined(operands, columns) + ")";
    };
  }

  private static boolean isWordOperator(String name) {
    return name.startsWith("IS ");
  }

  private String joined(List<RexNode> operands, IntFunction<String> columns) {
    List<String> texts = new ArrayList<>();
    operands.forEach(operand -> texts.add(of(operand, columns)));
    return String.join(", ", texts);
  }

  private String subPlan(SubPlan subPlan, RexCall call, IntFunction<String> columns) {
    String name = "(" + subPlan.getName() + ")";
    return switch (subPlan.valueKind()) {
      case SCALAR, ARRAY -> name;
      case EXISTS -> "EXISTS" + name;
      case SOME ->
          "("
              + joined(call.getOperands(), columns)
              + " "
              + subPlan.comparison().sql
              + " ANY "
              + name
              + ")";
    };
  }
}
