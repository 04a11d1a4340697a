package io.alidade.sql.constraint;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.sql.analyze.AnalyzedScalar;
import io.alidade.sql.analyze.SlotDefinition;
import io.alidade.sql.analyze.SlotDefinition.Source;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.parse.Identifiers;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// Writes the condition of a CHECK as PostgreSQL's `pg_get_constraintdef` does: all parentheses,
/// and the types of constants.
///
/// The algebra does not tell `IN` from what it is short for, so the text as written decides which
/// is shown.
public final class ConditionText {
  private static final Pattern IN_LIST = Pattern.compile("(?i)\\bin\\s*\\(");

  private final TableDefinition table;
  private final AnalyzedScalar condition;
  private final boolean lists;
  private final Style style;

  /// How many parentheses there are.
  public enum Style {
    /// Around every operator.
    FULL,
    /// Where PostgreSQL's "pretty" form has them.
    PRETTY
  }

  private ConditionText(
      TableDefinition table, AnalyzedScalar condition, boolean lists, Style style) {
    this.table = table;
    this.condition = condition;
    this.lists = lists;
    this.style = style;
  }

  /// The text of a condition.
  ///
  /// @param written as the user has written it
  public static String of(
      TableDefinition table, AnalyzedScalar condition, String written, Style style) {
    boolean lists = IN_LIST.matcher(written).find();
    return new ConditionText(table, condition, lists, style).text(condition.rex());
  }

  /// Parentheses that the pretty form leaves out at the top.
  private String enclosed(String text) {
    return style == Style.FULL ? "(" + text + ")" : text;
  }

  /// An operand of an operator.
  ///
  /// @param parent the operator; empty for one that binds more loosely than arithmetic
  private String operand(RexNode node, String parent, boolean first) {
    boolean bare = isSimple(node) || bindsTighter(node, parent, first);
    return bare ? asText(node) : inParentheses(asText(node));
  }

  private static boolean bindsTighter(RexNode node, String parent, boolean first) {
    if (!(node instanceof RexCall call) || call.getOperands().size() != 2) {
      return false;
    }
    int own = precedence(nameOf(call));
    int around = precedence(parent);
    return own > 0 && around > 0 && (own > around || own == around && first);
  }

  private static int precedence(String operator) {
    return switch (operator) {
      case "+", "-" -> 1;
      case "*", "/", "%" -> 2;
      default -> 0;
    };
  }

  /// An operand of AND, OR or NOT; those that bind as tightly need no parentheses.
  private String condition(RexNode node, SqlKind parent) {
    boolean bare =
        node.getKind() != SqlKind.AND && node.getKind() != SqlKind.OR
            || node.getKind() == SqlKind.OR && isList((RexCall) node)
            || node.getKind() == parent
            || node.getKind() == SqlKind.AND && parent == SqlKind.OR;
    return bare ? text(node) : inParentheses(text(node));
  }

  private String tested(RexNode node) {
    return isSimple(node) ? text(node) : inParentheses(text(node));
  }

  private String inParentheses(String text) {
    return style == Style.PRETTY ? "(" + text + ")" : text;
  }

  private static boolean isSimple(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return true;
    }
    if (call.getKind() == SqlKind.CAST) {
      return isSimple(call.getOperands().getFirst());
    }
    String name = nameOf(call);
    return name.startsWith("::")
        || call.getKind() == SqlKind.CASE
        || !name.isEmpty() && Character.isLetter(name.charAt(0)) && !isWordOperator(call);
  }

  private static boolean isWordOperator(RexCall call) {
    return switch (call.getKind()) {
      case AND,
          OR,
          NOT,
          IS_NULL,
          IS_NOT_NULL,
          IS_TRUE,
          IS_NOT_TRUE,
          IS_FALSE,
          IS_NOT_FALSE,
          IS_UNKNOWN,
          IS_DISTINCT_FROM,
          IS_NOT_DISTINCT_FROM ->
          true;
      default -> false;
    };
  }

  private String text(RexNode node) {
    return switch (node) {
      case RexInputRef reference ->
          Identifiers.quoted(table.columns().get(reference.getIndex()).name());
      case RexDynamicParam parameter -> slot(parameter.getIndex());
      case RexLiteral literal ->
          literal.isNull() ? "NULL::text" : String.valueOf(literal.getValue2());
      case RexCall call -> call(call);
      default -> node.toString();
    };
  }

  private String slot(int index) {
    SlotDefinition slot = condition.slots().definitions().get(index);
    if (!(slot.source() instanceof Source.Literal literal)) {
      return "$" + (index + 1);
    }
    String text = literal.text();
    if (literal.written().equals(ColumnType.TEXT)) {
      return quotedText(text) + "::" + slot.type();
    }
    String number =
        literal.sign() < 0 ? "'-" + text + "'::" + literal.written().withoutModifier() : text;
    boolean same =
        isInteger(literal.written()) && isInteger(slot.type())
            || literal.written().kind() == slot.type().kind();
    return same ? number : enclosed(number) + "::" + slot.type();
  }

  private static String quotedText(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static boolean isInteger(ColumnType type) {
    return type.kind() == Kind.INT2 || type.kind() == Kind.INT4 || type.kind() == Kind.INT8;
  }

  private String call(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (call.getOperator() instanceof ScalarOperator operator) {
      return operator(operator.signature().name(), operands);
    }
    return switch (call.getKind()) {
      case AND -> chain(call, " AND ");
      case OR -> isList(call) ? list(call, "= ANY") : chain(call, " OR ");
      case NOT ->
          operands.getFirst() instanceof RexCall inner
                  && (inner.getKind() == SqlKind.OR || inner.getKind() == SqlKind.EQUALS)
                  && isList(inner)
              ? list(inner, "<> ALL")
              : enclosed("NOT " + condition(operands.getFirst(), SqlKind.NOT));
      case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE, IS_UNKNOWN ->
          enclosed(tested(operands.getFirst()) + " " + call.getOperator().getName());
      case CASE -> cases(operands);
      case CAST -> text(operands.getFirst());
      case COALESCE -> "COALESCE(" + arguments(operands) + ")";
      default -> operator(call.getOperator().getName(), operands);
    };
  }

  private String chain(RexCall call, String word) {
    List<String> parts = new ArrayList<>();
    call.getOperands().forEach(each -> parts.add(condition(each, call.getKind())));
    return enclosed(String.join(word, parts));
  }

  /// Whether these are equalities of one thing with constants, as IN makes them.
  private boolean isList(RexCall any) {
    if (!lists) {
      return false;
    }
    Set<String> left = new HashSet<>();
    for (RexNode each : any.getOperands()) {
      if (!(each instanceof RexCall equals)
          || !nameOf(equals).equals("=")
          || !(equals.getOperands().get(1) instanceof RexDynamicParam)) {
        return false;
      }
      left.add(text(equals.getOperands().getFirst()));
    }
    return left.size() == 1;
  }

  private static String nameOf(RexCall call) {
    return call.getOperator() instanceof ScalarOperator operator
        ? operator.signature().name()
        : call.getOperator().getName();
  }

  private String list(RexCall any, String comparison) {
    RexNode subject = ((RexCall) any.getOperands().getFirst()).getOperands().getFirst();
    boolean varying = isVarying(subject);
    List<String> values = new ArrayList<>();
    for (RexNode each : any.getOperands()) {
      String value = text(((RexCall) each).getOperands().get(1));
      values.add(varying ? value.replaceFirst("::text$", "::character varying") : value);
    }
    String array = "ARRAY[" + String.join(", ", values) + "]";
    return enclosed(
        "%s %s (%s)"
            .formatted(
                operand(subject, "", true),
                comparison,
                varying ? enclosed(array) + "::text[]" : array));
  }

  private boolean isVarying(RexNode node) {
    return node instanceof RexInputRef reference
        && table.columns().get(reference.getIndex()).type().kind() == Kind.VARCHAR;
  }

  /// An operand or argument, which takes no `character varying` but its text.
  private String asText(RexNode node) {
    return isVarying(node) ? enclosed(text(node)) + "::text" : text(node);
  }

  /// The algebra's form of COALESCE.
  private static boolean isCoalesce(List<RexNode> operands) {
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      if (!(operands.get(i) instanceof RexCall test)
          || test.getKind() != SqlKind.IS_NOT_NULL
          || !test.getOperands().getFirst().equals(stripped(operands.get(i + 1)))) {
        return false;
      }
    }
    return true;
  }

  private static RexNode stripped(RexNode node) {
    return node.getKind() == SqlKind.CAST
        ? stripped(((RexCall) node).getOperands().getFirst())
        : node;
  }

  private String coalesce(List<RexNode> operands) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      texts.add(text(operands.get(i + 1)));
    }
    texts.add(text(operands.getLast()));
    return "COALESCE(" + String.join(", ", texts) + ")";
  }

  private String cases(List<RexNode> operands) {
    if (isCoalesce(operands)) {
      return coalesce(operands);
    }
    StringBuilder out = new StringBuilder("CASE");
    int i = 0;
    for (; i + 1 < operands.size(); i += 2) {
      out.append("\n    WHEN ").append(text(operands.get(i)));
      out.append(" THEN ").append(text(operands.get(i + 1)));
    }
    return out.append("\n    ELSE ").append(text(operands.get(i))).append("\nEND").toString();
  }

  private String operator(String name, List<RexNode> operands) {
    if (name.startsWith("::")) {
      RexNode cast = operands.getFirst();
      return (isSimple(cast) ? enclosed(text(cast)) : "(" + text(cast) + ")") + name;
    }
    boolean isFunction =
        name.isEmpty() || Character.isLetter(name.charAt(0)) && !name.startsWith("IS ");
    return isFunction || operands.isEmpty() || operands.size() > 2
        ? name + "(" + arguments(operands) + ")"
        : operands.size() == 1
            ? enclosed(name + " " + operand(operands.getFirst(), "", true))
            : enclosed(
                operand(operands.get(0), name, true)
                    + " "
                    + name
                    + " "
                    + operand(operands.get(1), name, false));
  }

  private String arguments(List<RexNode> operands) {
    List<String> texts = new ArrayList<>();
    operands.forEach(operand -> texts.add(asText(operand)));
    return String.join(", ", texts);
  }
}
