package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.SqlState;
import io.alidade.sql.function.CastRegistry;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.type.AlgebraBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Resolves the names and types of expressions in one place of a query.
final class ExpressionAnalyzer {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final AlgebraBuilder builder;
  private final Coercion coercion;
  private final OperatorAnalyzer operators;
  private final CallAnalyzer calls;
  private final SubqueryAnalyzer subqueries;
  private final ConditionalAnalyzer conditionals;

  ExpressionAnalyzer(Analysis analysis, ExpressionPlace place) {
    this.analysis = analysis;
    this.place = place;
    this.builder = analysis.builder;
    this.coercion = analysis.coercion;
    this.calls = new CallAnalyzer(analysis, place, this);
    this.operators = new OperatorAnalyzer(analysis, this, calls);
    this.subqueries = new SubqueryAnalyzer(analysis, place, this, operators);
    this.conditionals = new ConditionalAnalyzer(analysis, this, operators);
  }

  /// An expression, its type perhaps still open.
  Operand analyze(Expression expression) {
    if (place.name().equals(ExpressionPlace.CHECK)) {
      requireNoQuery(expression);
    }
    return switch (expression) {
      case Expression.StringLiteral(var text, var slot, var at) ->
          new Operand.Quoted(text, slot, at);
      case Expression.NumberLiteral(var text, var slot, var at) ->
          new Operand.Number(text, CastRegistry.numberType(text, 1), 1, slot, at);
      case Expression.BitLiteral(var bits, var at) ->
          coercion.cast(new Operand.Quoted(bits, Expression.NO_SLOT, at), ColumnType.BIT, at);
      case Expression.BooleanLiteral(var value, var at) ->
          new Operand.Value(builder.makeLiteral(value), ColumnType.BOOL, at);
      case Expression.NullLiteral(var at) -> new Operand.Null(at);
      case Expression.TypedLiteral literal -> typedLiteral(literal);
      case Expression.Parameter parameter -> analysis.slots.parameter(parameter);
      case Expression.Default misplaced ->
          throw Errors.of(
              SqlState.SYNTAX_ERROR,
              "DEFAULT is not allowed in this context",
              misplaced.position());
      case Expression.ColumnReference reference -> column(reference);
      case Expression.Star star -> throw star(star.position());
      case Expression.AllFields fields -> throw star(fields.position());
      case Expression.TableArgument table ->
          throw Errors.unsupported("TABLE arguments are", table.position());
      case Expression.FunctionCall call -> calls.call(call);
      case Expression.BinaryOperation operation -> operators.binary(operation);
      case Expression.UnaryOperation operation -> operators.unary(operation);
      case Expression.Cast cast -> cast(cast);
      case Expression.Collate collate -> collate(collate);
      case Expression.And(var operands, var at) -> logical(operands, SqlStdOperatorTable.AND, at);
      case Expression.Or(var operands, var at) -> logical(operands, SqlStdOperatorTable.OR, at);
      case Expression.Not(var operand, var at) ->
          bool(builder.makeCall(SqlStdOperatorTable.NOT, condition(operand, "NOT")), at);
      case Expression.Is is -> is(is);
      case Expression.IsDistinct distinct -> conditionals.isDistinct(distinct);
      case Expression.InList in -> conditionals.inList(in);
      case Expression.InQuery in -> subqueries.in(in);
      case Expression.Between between -> conditionals.between(between);
      case Expression.PatternMatch match -> operators.pattern(match);
      case Expression.Exists(var query, _) -> subqueries.exists(query, expression.position());
      case Expression.ScalarQuery(var query, var at) -> subqueries.scalar(query, at);
      case Expression.QuantifiedArray quantified -> operators.quantified(quantified);
      case Expression.QuantifiedQuery quantified -> subqueries.quantified(quantified);
      case Expression.Case conditional -> conditionals.caseWhen(conditional);
      case Expression.Coalesce(var arguments, var at) -> conditionals.coalesce(arguments, at);
      case Expression.NullIf nullIf -> conditionals.nullIf(nullIf);
      case Expression.Extremum extremum -> conditionals.extremum(extremum);
      case Expression.SessionValue value -> sessionValue(value);
      case Expression.Grouping grouping ->
          throw Errors.unsupported("GROUPING is", grouping.position());
      case Expression.Array array -> array(array);
      case Expression.ArrayQuery(var query, var at) -> subqueries.array(query, at);
      case Expression.Row row -> throw Errors.unsupported("row values are", row.position());
      case Expression.Subscripted subscripted -> subscripted(subscripted);
      case Expression.FieldSelection field -> calls.field(field);
    };
  }

  private static void requireNoQuery(Expression expression) {
    switch (expression) {
      case Expression.InQuery _,
          Expression.Exists _,
          Expression.ScalarQuery _,
          Expression.QuantifiedQuery _,
          Expression.ArrayQuery _ ->
          throw Errors.of(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot use subquery in check constraint",
              expression.position());
      default -> {}
    }
  }

  /// An expression as a condition.
  RexNode condition(Expression expression, String name) {
    return coercion.condition(analyze(expression), name);
  }

  List<Operand> analyzeAll(List<Expression> expressions) {
    return expressions.stream().map(this::analyze).toList();
  }

  private static io.alidade.model.DatabaseException star(int position) {
    return Errors.of(
        SqlState.SYNTAX_ERROR, "row expansion via \"*\" is not supported here", position);
  }

  private Operand typedLiteral(Expression.TypedLiteral literal) {
    ColumnType type = analysis.typeNames.resolve(literal.type());
    Operand.Quoted text =
        new Operand.Quoted(literal.value(), Expression.NO_SLOT, literal.position());
    return coercion.cast(text, type, literal.position());
  }

  private Operand column(Expression.ColumnReference reference) {
    ScopeColumn column = place.scope().resolve(reference);
    if (column.rex() instanceof RexInputRef field) {
      place.noteColumn(field.getIndex(), reference.position());
    }
    return new Operand.Value(column.rex(), column.type(), reference.position());
  }

  private Operand cast(Expression.Cast cast) {
    ColumnType type = analysis.typeNames.resolve(cast.type());
    if (cast.operand() instanceof Expression.Array array && type.kind() == Kind.ARRAY) {
      return arrayOf(array, type.elementType());
    }
    return coercion.cast(analyze(cast.operand()), type, cast.position());
  }

  private Operand collate(Expression.Collate collate) {
    String name = collate.collation().name();
    if (!List.of("C", "POSIX", "default", "ucs_basic").contains(name)) {
      throw Errors.of(
          SqlState.UNDEFINED_OBJECT,
          "collation \"" + name + "\" for encoding \"UTF8\" does not exist",
          collate.position());
    }
    Operand operand = analyze(collate.operand());
    return operand.type().isEmpty() ? coercion.settle(operand) : operand;
  }

  private Operand logical(List<Expression> operands, SqlOperator operator, int position) {
    List<RexNode> conditions = new ArrayList<>();
    for (Expression operand : operands) {
      conditions.add(condition(operand, operator.getName()));
    }
    return bool(builder.makeCall(operator, conditions), position);
  }

  static Operand.Value bool(RexNode rex, int position) {
    return new Operand.Value(rex, ColumnType.BOOL, position);
  }

  private Operand is(Expression.Is is) {
    boolean negated = is.negated();
    if (is.test() == Expression.TruthTest.NULL) {
      RexNode operand = coercion.settle(analyze(is.operand())).rex();
      SqlOperator operator =
          negated ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL;
      return bool(builder.makeCall(operator, operand), is.position());
    }
    RexNode operand = condition(is.operand(), "IS " + is.test());
    SqlOperator operator =
        switch (is.test()) {
          case TRUE -> negated ? SqlStdOperatorTable.IS_NOT_TRUE : SqlStdOperatorTable.IS_TRUE;
          case FALSE -> negated ? SqlStdOperatorTable.IS_NOT_FALSE : SqlStdOperatorTable.IS_FALSE;
          case NULL, UNKNOWN ->
              negated ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL;
        };
    return bool(builder.makeCall(operator, operand), is.position());
  }

  private Operand sessionValue(Expression.SessionValue value) {
    String function =
        switch (value.kind()) {
          case CURRENT_DATE -> "current_date";
          case CURRENT_TIMESTAMP -> "now";
          case LOCALTIMESTAMP -> "localtimestamp";
          case CURRENT_ROLE, CURRENT_USER, USER -> "current_user";
          case SESSION_USER -> "session_user";
          case CURRENT_CATALOG -> "current_database";
          case CURRENT_SCHEMA -> "current_schema";
          case CURRENT_TIME, LOCALTIME ->
              throw Errors.unsupported("type time is", value.position());
        };
    if (value.precision() >= 0) {
      throw Errors.unsupported("a precision of times is", value.position());
    }
    return calls.call(function, List.of(), value.position());
  }

  private Operand array(Expression.Array array) {
    List<Operand> elements = analyzeAll(array.elements());
    if (elements.isEmpty()) {
      throw Errors.of(
              SqlState.INDETERMINATE_DATATYPE,
              "cannot determine type of empty array",
              array.position())
          .withHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
    }
    ColumnType element = coercion.commonType(elements, "ARRAY");
    return array(elements, element, array.position());
  }

  private Operand arrayOf(Expression.Array array, ColumnType element) {
    List<Operand> elements = new ArrayList<>();
    for (Expression each : array.elements()) {
      elements.add(coercion.cast(analyze(each), element, each.position()));
    }
    return array(elements, element, array.position());
  }

  private Operand array(List<Operand> elements, ColumnType element, int position) {
    if (element.kind() == Kind.ARRAY) {
      throw Errors.unsupported("arrays of arrays are", position);
    }
    List<RexNode> values = new ArrayList<>();
    for (Operand each : elements) {
      values.add(coercion.implicit(each, element));
    }
    return calls.constructArray(values, element, position);
  }

  private Operand subscripted(Expression.Subscripted subscripted) {
    Operand result = analyze(subscripted.base());
    for (Expression.Subscript subscript : subscripted.subscripts()) {
      result =
          switch (subscript) {
            case Expression.Subscript.Index(var index) ->
                calls.call("[]", List.of(result, analyze(index)), subscripted.position());
            case Expression.Subscript.Slice(var lower, var upper) ->
                calls.call(
                    "[:]", List.of(result, bound(lower), bound(upper)), subscripted.position());
          };
    }
    return result;
  }

  private Operand bound(@org.jspecify.annotations.Nullable Expression expression) {
    return expression == null ? new Operand.Null(0) : analyze(expression);
  }

  /// Where this is.
  ExpressionPlace place() {
    return place;
  }

  /// An analyser of the same names where an aggregate's arguments stand.
  ExpressionAnalyzer insideAggregate() {
    return new ExpressionAnalyzer(analysis, place.insideAggregate());
  }

  /// A function by name, for forms of syntax that stand for one.
  Operand call(QualifiedName name, List<Operand> arguments, int position) {
    return calls.call(name.name(), arguments, position);
  }

  Optional<List<Operand>> rowFields(Expression expression) {
    return expression instanceof Expression.Row row
        ? Optional.of(analyzeAll(row.fields()))
        : Optional.empty();
  }
}
