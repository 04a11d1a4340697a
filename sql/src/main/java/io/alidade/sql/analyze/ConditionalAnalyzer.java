package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.type.AlgebraBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/// Resolves CASE and what is short for it or for comparisons.
final class ConditionalAnalyzer {
  private final AlgebraBuilder builder;
  private final Coercion coercion;
  private final ExpressionAnalyzer expressions;
  private final OperatorAnalyzer operators;
  private final Analysis analysis;

  ConditionalAnalyzer(
      Analysis analysis, ExpressionAnalyzer expressions, OperatorAnalyzer operators) {
    this.analysis = analysis;
    this.builder = analysis.builder;
    this.coercion = analysis.coercion;
    this.expressions = expressions;
    this.operators = operators;
  }

  Operand isDistinct(Expression.IsDistinct distinct) {
    Operand left = expressions.analyze(distinct.left());
    Operand right = expressions.analyze(distinct.right());
    ColumnType common = operators.comparedAs("=", left, right, distinct.position());
    SqlOperator operator =
        distinct.negated()
            ? SqlStdOperatorTable.IS_NOT_DISTINCT_FROM
            : SqlStdOperatorTable.IS_DISTINCT_FROM;
    return ExpressionAnalyzer.bool(
        builder.makeCall(
            operator, coercion.implicit(left, common), coercion.implicit(right, common)),
        distinct.position());
  }

  Operand inList(Expression.InList in) {
    Optional<List<Operand>> fields = expressions.rowFields(in.operand());
    List<RexNode> matches = new ArrayList<>();
    if (fields.isPresent()) {
      for (Expression item : in.items()) {
        matches.add(rowEquals(fields.get(), item, in.position()));
      }
    } else {
      matches.addAll(equalities(in));
    }
    RexNode any = operators.joined(SqlStdOperatorTable.OR, matches);
    return ExpressionAnalyzer.bool(
        in.negated() ? builder.makeCall(SqlStdOperatorTable.NOT, any) : any, in.position());
  }

  private RexNode rowEquals(List<Operand> fields, Expression item, int position) {
    List<Operand> values =
        expressions
            .rowFields(item)
            .orElseThrow(() -> Errors.unsupported("comparing a row with a value is", position));
    if (values.size() != fields.size()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions", position);
    }
    List<RexNode> parts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      parts.add(operators.compare("=", fields.get(i), values.get(i), position).rex());
    }
    return operators.joined(SqlStdOperatorTable.AND, parts);
  }

  private List<RexNode> equalities(Expression.InList in) {
    Operand operand = expressions.analyze(in.operand());
    List<Operand> items = expressions.analyzeAll(in.items());
    if (operand.type().isEmpty()) {
      List<Operand> all = new ArrayList<>(items);
      all.add(operand);
      ColumnType common = coercion.commonType(all, "IN");
      operand = new Operand.Value(coercion.implicit(operand, common), common, operand.position());
    }
    List<RexNode> equalities = new ArrayList<>();
    for (Operand item : items) {
      equalities.add(operators.compare("=", operand, item, in.position()).rex());
    }
    return equalities;
  }

  Operand between(Expression.Between between) {
    Operand operand = expressions.analyze(between.operand());
    Operand low = expressions.analyze(between.low());
    Operand high = expressions.analyze(between.high());
    int position = between.position();
    RexNode inside = inside(operand, low, high, position);
    if (between.order() == Expression.BoundOrder.SYMMETRIC) {
      inside =
          builder.makeCall(SqlStdOperatorTable.OR, inside, inside(operand, high, low, position));
    }
    return ExpressionAnalyzer.bool(
        between.negated() ? builder.makeCall(SqlStdOperatorTable.NOT, inside) : inside, position);
  }

  private RexNode inside(Operand operand, Operand low, Operand high, int position) {
    return builder.makeCall(
        SqlStdOperatorTable.AND,
        operators.compare(">=", operand, low, position).rex(),
        operators.compare("<=", operand, high, position).rex());
  }

  Operand caseWhen(Expression.Case conditional) {
    Operand subject =
        conditional.operand() == null ? null : expressions.analyze(conditional.operand());
    List<RexNode> conditions = new ArrayList<>();
    List<Operand> results = new ArrayList<>();
    for (Expression.When branch : conditional.branches()) {
      conditions.add(branchCondition(subject, branch));
      results.add(expressions.analyze(branch.result()));
    }
    Operand otherwise =
        conditional.otherwise() == null
            ? new Operand.Null(conditional.position())
            : expressions.analyze(conditional.otherwise());
    List<Operand> all = new ArrayList<>();
    all.add(otherwise); // PostgreSQL lets ELSE speak first.
    all.addAll(results);
    ColumnType type = coercion.commonType(all, "CASE");
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      operands.add(conditions.get(i));
      operands.add(coercion.exact(coercion.implicit(results.get(i), type), type));
    }
    operands.add(coercion.exact(coercion.implicit(otherwise, type), type));
    return caseCall(operands, type, conditional.position());
  }

  private RexNode branchCondition(@Nullable Operand subject, Expression.When branch) {
    if (subject == null) {
      return expressions.condition(branch.condition(), "CASE/WHEN");
    }
    Operand value = expressions.analyze(branch.condition());
    return operators.compare("=", subject, value, branch.condition().position()).rex();
  }

  private Operand.Value caseCall(List<RexNode> operands, ColumnType type, int position) {
    return new Operand.Value(
        builder.makeCall(analysis.types.nullable(type), SqlStdOperatorTable.CASE, operands),
        type,
        position);
  }

  Operand coalesce(List<Expression> arguments, int position) {
    List<Operand> operands = expressions.analyzeAll(arguments);
    ColumnType type = coercion.commonType(operands, "COALESCE");
    List<RexNode> values =
        operands.stream().map(each -> coercion.exact(coercion.implicit(each, type), type)).toList();
    if (values.size() == 1) {
      return new Operand.Value(values.getFirst(), type, position);
    }
    List<RexNode> cases = new ArrayList<>();
    for (RexNode value : values.subList(0, values.size() - 1)) {
      cases.add(builder.makeCall(SqlStdOperatorTable.IS_NOT_NULL, value));
      cases.add(value);
    }
    cases.add(values.getLast());
    return caseCall(cases, type, position);
  }

  Operand nullIf(Expression.NullIf nullIf) {
    Operand left = expressions.analyze(nullIf.left());
    Operand right = expressions.analyze(nullIf.right());
    Operand.Value same = operators.compare("=", left, right, nullIf.position());
    Operand.Value value = coercion.settle(left);
    ColumnType type = value.known();
    return caseCall(
        List.of(same.rex(), builder.nullOf(type), coercion.exact(value)), type, nullIf.position());
  }

  Operand extremum(Expression.Extremum extremum) {
    boolean greatest = extremum.kind() == Expression.ExtremumKind.GREATEST;
    List<Operand> operands = expressions.analyzeAll(extremum.arguments());
    ColumnType type = coercion.commonType(operands, greatest ? "GREATEST" : "LEAST");
    List<RexNode> values = operands.stream().map(each -> coercion.implicit(each, type)).toList();
    return new Operand.Value(
        builder.makeCall(
            analysis.types.nullable(type),
            io.alidade.sql.function.ValueExtremum.of(greatest, type),
            values),
        type,
        extremum.position());
  }
}
