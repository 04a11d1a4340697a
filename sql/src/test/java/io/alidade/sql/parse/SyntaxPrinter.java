package io.alidade.sql.parse;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints a syntax tree on one line for golden tests: records in parentheses, without positions,
/// and without what was not written.
final class SyntaxPrinter {

  private static final Set<String> SILENT = Set.of("position", "slot", "statementOffset", "text");

  private static final Set<String> ALWAYS =
      Set.of(
          "SetOperator",
          "JoinKind",
          "TruthTest",
          "PatternKind",
          "Quantifier",
          "ExtremumKind",
          "SessionValueKind",
          "LockStrength",
          "Direction",
          "Movement",
          "Purpose",
          "DiscardTarget",
          "Isolation",
          "IdentityKind",
          "FrameUnit");

  private SyntaxPrinter() {}

  static String print(@Nullable Object node) {
    return switch (node) {
      case null -> "-";
      case Expression.ColumnReference column -> String.join(".", column.path());
      case Expression.StringLiteral string -> "'" + string.value() + "'";
      case Expression.NumberLiteral number -> number.text();
      case Expression.Parameter parameter -> "$" + parameter.number();
      case Expression.BooleanLiteral bool -> String.valueOf(bool.value());
      case Expression.NullLiteral _ -> "null";
      case Expression.Star star ->
          star.qualifier().isEmpty() ? "*" : String.join(".", star.qualifier()) + ".*";
      case Expression.BinaryOperation(var operator, var left, var right, _) ->
          "(" + print(left) + " " + operator + " " + print(right) + ")";
      case Expression.UnaryOperation(var operator, var operand, _) ->
          "(" + operator + " " + print(operand) + ")";
      case Expression.Cast(var operand, var type, _) -> "(" + print(operand) + " :: " + type + ")";
      case Expression.And(var operands, _) -> joined(" and ", operands);
      case Expression.Or(var operands, _) -> joined(" or ", operands);
      case Expression.Not(var operand, _) -> "(not " + print(operand) + ")";
      case QualifiedName name -> name.toString();
      case OperatorName operator -> operator.toString();
      case TypeName type -> type.toString();
      case Collection<?> list ->
          list.stream().map(SyntaxPrinter::print).collect(Collectors.joining(", ", "[", "]"));
      case Record branch -> fields(branch);
      default -> node.toString();
    };
  }

  private static String joined(String word, List<Expression> operands) {
    return operands.stream().map(SyntaxPrinter::print).collect(Collectors.joining(word, "(", ")"));
  }

  private static String fields(Record branch) {
    List<String> fields = new ArrayList<>();
    fields.add(branch.getClass().getSimpleName());
    for (RecordComponent component : branch.getClass().getRecordComponents()) {
      Object value = read(branch, component);
      if (!SILENT.contains(component.getName()) && isWritten(value)) {
        fields.add(print(value instanceof Enum<?> e ? e.name().toLowerCase(Locale.ROOT) : value));
      }
    }
    return "(" + String.join(" ", fields) + ")";
  }

  private static @Nullable Object read(Record branch, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(branch);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isWritten(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Collection<?> list -> !list.isEmpty();
      case Boolean bool -> bool;
      case TableDefinition.ConstraintAttributes attributes ->
          !attributes.equals(TableDefinition.ConstraintAttributes.NONE);
      case Enum<?> option ->
          option.ordinal() > 0 || ALWAYS.contains(option.getDeclaringClass().getSimpleName());
      default -> true;
    };
  }
}
