package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ArrayComparison;
import io.alidade.sql.function.ComparisonOverload;
import io.alidade.sql.function.OverloadChoice;
import io.alidade.sql.function.OverloadChoice.Outcome;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Expression.Quantifier;
import io.alidade.sql.parse.OperatorName;
import io.alidade.sql.type.AlgebraBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Resolves operators: comparisons become Calcite's, all others our own.
final class OperatorAnalyzer {
  private static final Map<String, SqlOperator> COMPARISONS =
      Map.of(
          "=", SqlStdOperatorTable.EQUALS,
          "<>", SqlStdOperatorTable.NOT_EQUALS,
          "<", SqlStdOperatorTable.LESS_THAN,
          "<=", SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          ">", SqlStdOperatorTable.GREATER_THAN,
          ">=", SqlStdOperatorTable.GREATER_THAN_OR_EQUAL);

  private final AlgebraBuilder builder;
  private final Coercion coercion;
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;
  private final CallAnalyzer calls;

  OperatorAnalyzer(Analysis analysis, ExpressionAnalyzer expressions, CallAnalyzer calls) {
    this.analysis = analysis;
    this.builder = analysis.builder;
    this.coercion = analysis.coercion;
    this.expressions = expressions;
    this.calls = calls;
  }

  Operand binary(Expression.BinaryOperation operation) {
    String symbol = operation.operator().symbol();
    if (COMPARISONS.containsKey(symbol)) {
      Optional<List<Operand>> left = expressions.rowFields(operation.left());
      Optional<List<Operand>> right = expressions.rowFields(operation.right());
      if (left.isPresent() && right.isPresent()) {
        return rows(symbol, left.get(), right.get(), operation.position());
      }
    }
    Operand left = expressions.analyze(operation.left());
    Operand right = expressions.analyze(operation.right());
    return binary(operation.operator(), left, right, operation.position());
  }

  Operand.Value binary(OperatorName operator, Operand left, Operand right, int position) {
    return COMPARISONS.containsKey(operator.symbol())
        ? compare(operator.symbol(), left, right, position)
        : operator(operator.symbol(), List.of(left, right), position);
  }

  /// A comparison, both sides brought to one type.
  Operand.Value compare(String symbol, Operand left, Operand right, int position) {
    ColumnType common = comparedAs(symbol, left, right, position);
    return ExpressionAnalyzer.bool(
        builder.makeCall(
            comparison(symbol), coercion.implicit(left, common), coercion.implicit(right, common)),
        position);
  }

  static SqlOperator comparison(String symbol) {
    SqlOperator operator = COMPARISONS.get(symbol);
    if (operator == null) {
      throw new IllegalStateException(symbol + " is no comparison");
    }
    return operator;
  }

  static boolean isComparison(String symbol) {
    return COMPARISONS.containsKey(symbol);
  }

  /// The type in which two expressions are compared.
  ColumnType comparedAs(String symbol, Operand left, Operand right, int position) {
    List<Optional<ColumnType>> types = types(left, right);
    Optional<ColumnType> arrays = ComparisonOverload.commonArray(types);
    if (arrays.isPresent()) {
      return arrays.get();
    }
    return switch (OverloadChoice.choose(ComparisonOverload.ALL, assumeSame(types))) {
      case Outcome.Chosen<ComparisonOverload>(var chosen) -> chosen.common();
      case Outcome.None<ComparisonOverload> _ ->
          throw missing(symbol, List.of(left, right), position);
      case Outcome.Ambiguous<ComparisonOverload> _ ->
          throw ambiguous(symbol, List.of(left, right), position);
    };
  }

  private static List<Optional<ColumnType>> types(Operand... operands) {
    List<Optional<ColumnType>> types = new ArrayList<>();
    for (Operand operand : operands) {
      types.add(operand.type());
    }
    return types;
  }

  /// An operand of open type is first of all taken to be of the other's type.
  private static List<Optional<ColumnType>> assumeSame(List<Optional<ColumnType>> types) {
    if (types.size() != 2 || types.get(0).isPresent() == types.get(1).isPresent()) {
      return types;
    }
    Optional<ColumnType> known = types.get(0).isPresent() ? types.get(0) : types.get(1);
    return List.of(known, known);
  }

  private Operand.Value rows(String symbol, List<Operand> left, List<Operand> right, int position) {
    if (left.size() != right.size()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions", position);
    }
    if (symbol.equals("=") || symbol.equals("<>")) {
      List<RexNode> parts = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        parts.add(compare(symbol, left.get(i), right.get(i), position).rex());
      }
      SqlOperator join = symbol.equals("=") ? SqlStdOperatorTable.AND : SqlStdOperatorTable.OR;
      return ExpressionAnalyzer.bool(joined(join, parts), position);
    }
    int last = left.size() - 1;
    RexNode result = compare(symbol, left.get(last), right.get(last), position).rex();
    String strict = symbol.substring(0, 1);
    for (int i = last - 1; i >= 0; i--) {
      RexNode less = compare(strict, left.get(i), right.get(i), position).rex();
      RexNode same = compare("=", left.get(i), right.get(i), position).rex();
      result =
          builder.makeCall(
              SqlStdOperatorTable.OR,
              less,
              builder.makeCall(SqlStdOperatorTable.AND, same, result));
    }
    return ExpressionAnalyzer.bool(result, position);
  }

  /// Conditions joined by AND or OR; a single one is itself.
  RexNode joined(SqlOperator operator, List<RexNode> conditions) {
    return conditions.size() == 1 ? conditions.getFirst() : builder.makeCall(operator, conditions);
  }

  Operand unary(Expression.UnaryOperation operation) {
    Operand operand = expressions.analyze(operation.operand());
    if (operation.operator().symbol().equals("-") && operand instanceof Operand.Number number) {
      return number.negated();
    }
    return operator(operation.operator().symbol(), List.of(operand), operation.position());
  }

  private Operand.Value operator(String symbol, List<Operand> operands, int position) {
    List<ScalarOperator> overloads = analysis.functions.scalars(symbol);
    List<Optional<ColumnType>> types = operands.stream().map(Operand::type).toList();
    List<Optional<ColumnType>> assumed = assumeSame(types);
    if (!assumed.equals(types)) {
      for (ScalarOperator overload : overloads) {
        if (OverloadChoice.isExactMatch(overload, assumed)) {
          return calls.bind(overload, operands, position);
        }
      }
    }
    return switch (OverloadChoice.choose(overloads, types)) {
      case Outcome.Chosen<ScalarOperator>(var chosen) -> calls.bind(chosen, operands, position);
      case Outcome.None<ScalarOperator> _ -> throw missing(symbol, operands, position);
      case Outcome.Ambiguous<ScalarOperator> _ -> assumed(symbol, overloads, operands, position);
    };
  }

  /// The last resort of an ambiguous operator: both sides being of the known side's type.
  private Operand.Value assumed(
      String symbol, List<ScalarOperator> overloads, List<Operand> operands, int position) {
    List<Optional<ColumnType>> types = operands.stream().map(Operand::type).toList();
    if (OverloadChoice.choose(overloads, assumeSame(types))
        instanceof Outcome.Chosen<ScalarOperator>(var chosen)) {
      return calls.bind(chosen, operands, position);
    }
    throw ambiguous(symbol, operands, position);
  }

  private static DatabaseException missing(String symbol, List<Operand> operands, int position) {
    return Errors.of(
            SqlState.UNDEFINED_FUNCTION,
            "operator does not exist: " + shown(symbol, operands),
            position)
        .withHint(
            "No operator matches the given name and argument "
                + (operands.size() == 1 ? "type" : "types")
                + ". You might need to add "
                + (operands.size() == 1 ? "an explicit type cast." : "explicit type casts."));
  }

  private static DatabaseException ambiguous(String symbol, List<Operand> operands, int position) {
    return Errors.of(
            SqlState.AMBIGUOUS_FUNCTION,
            "operator is not unique: " + shown(symbol, operands),
            position)
        .withHint(
            "Could not choose a best candidate operator. You might need to add explicit type"
                + " casts.");
  }

  private static String shown(String symbol, List<Operand> operands) {
    return operands.size() == 1
        ? symbol + " " + operands.getFirst().typeName()
        : operands.getFirst().typeName() + " " + symbol + " " + operands.get(1).typeName();
  }

  Operand pattern(Expression.PatternMatch match) {
    String symbol =
        switch (match.kind()) {
          case LIKE -> match.negated() ? "!~~" : "~~";
          case ILIKE -> match.negated() ? "!~~*" : "~~*";
          case SIMILAR_TO -> throw Errors.unsupported("SIMILAR TO is", match.position());
        };
    Operand operand = expressions.analyze(match.operand());
    Operand pattern = expressions.analyze(match.pattern());
    if (match.escape() != null) {
      pattern =
          calls.call(
              "like_escape",
              List.of(pattern, expressions.analyze(match.escape())),
              match.position());
    }
    return operator(symbol, List.of(operand, pattern), match.position());
  }

  /// `x = ANY (array)` and its like.
  Operand quantified(Expression.QuantifiedArray quantified) {
    String symbol = quantified.operator().symbol();
    Operand left = expressions.analyze(quantified.left());
    Operand array = expressions.analyze(quantified.array());
    Optional<ColumnType> arrayType = array.type();
    if (arrayType.isPresent() && arrayType.get().kind() != ColumnType.Kind.ARRAY) {
      throw Errors.of(
          SqlState.WRONG_OBJECT_TYPE,
          "op ANY/ALL (array) requires array on right side",
          quantified.position());
    }
    if (!isComparison(symbol)) {
      return quantifiedOperator(quantified, symbol, left, array);
    }
    Operand element =
        arrayType.isPresent()
            ? new Operand.Value(
                builder.nullOf(arrayType.get().elementType()),
                arrayType.get().elementType(),
                quantified.position())
            : new Operand.Null(quantified.position());
    ColumnType common = comparedAs(symbol, left, element, quantified.position());
    ScalarOperator operator =
        ArrayComparison.of(symbol, quantified.quantifier() == Quantifier.ALL, common);
    return calls.bind(operator, List.of(left, array), quantified.position());
  }

  private Operand quantifiedOperator(
      Expression.QuantifiedArray quantified, String symbol, Operand left, Operand array) {
    ColumnType text = ColumnType.TEXT;
    for (ScalarOperator overload : analysis.functions.scalars(symbol)) {
      if (OverloadChoice.isExactMatch(overload, List.of(Optional.of(text), Optional.of(text)))) {
        ScalarOperator operator =
            ArrayComparison.of(overload, quantified.quantifier() == Quantifier.ALL);
        return calls.bind(operator, List.of(left, array), quantified.position());
      }
    }
    throw Errors.unsupported("operator " + symbol + " with ANY or ALL is", quantified.position());
  }
}
