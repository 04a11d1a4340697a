package io.alidade.sql.analyze;

import com.google.common.collect.ImmutableList;
import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.function.AggregateOperator;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Expression.Quantifier;
import io.alidade.sql.parse.Query;
import io.alidade.sql.type.AlgebraBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;

/// Resolves sub-queries in expressions.
final class SubqueryAnalyzer {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final ExpressionAnalyzer expressions;
  private final OperatorAnalyzer operators;
  private final AlgebraBuilder builder;
  private final Coercion coercion;

  SubqueryAnalyzer(
      Analysis analysis,
      ExpressionPlace place,
      ExpressionAnalyzer expressions,
      OperatorAnalyzer operators) {
    this.analysis = analysis;
    this.place = place;
    this.expressions = expressions;
    this.operators = operators;
    this.builder = analysis.builder;
    this.coercion = analysis.coercion;
  }

  private QueryAnalyzer.Result query(Query query) {
    return new QueryAnalyzer(analysis, place.commonTables(), place.rowForSubquery(analysis))
        .analyze(query);
  }

  Operand exists(Query query, int position) {
    return ExpressionAnalyzer.bool(RexSubQuery.exists(query(query).rel()), position);
  }

  Operand scalar(Query query, int position) {
    QueryAnalyzer.Result result = single(query, position);
    return new Operand.Value(
        RexSubQuery.scalar(result.rel()), result.columns().getFirst().type(), position);
  }

  private QueryAnalyzer.Result single(Query query, int position) {
    QueryAnalyzer.Result result = query(query);
    if (result.columns().size() != 1) {
      throw Errors.of(SqlState.SYNTAX_ERROR, "subquery must return only one column", position);
    }
    return result;
  }

  Operand array(Query query, int position) {
    QueryAnalyzer.Result result = single(query, position);
    ColumnType element = result.columns().getFirst().type().withoutModifier();
    AggregateOperator collect = analysis.functions.aggregates("array_agg").getFirst();
    ColumnType type = ColumnType.arrayOf(element);
    AggregateCall call =
        AggregateCall.create(
            collect,
            false,
            false,
            false,
            ImmutableList.of(),
            List.of(0),
            -1,
            null,
            RelCollations.EMPTY,
            analysis.types.nullable(type),
            "array");
    RelNode rel =
        LogicalAggregate.create(
            result.rel(), ImmutableList.of(), ImmutableBitSet.of(), null, List.of(call));
    RexNode collected = RexSubQuery.scalar(rel);
    RexNode empty =
        new CallAnalyzer(analysis, place, expressions)
            .constructArray(List.of(), element, position)
            .rex();
    RexNode filled =
        builder.makeCall(
            analysis.types.nullable(type),
            SqlStdOperatorTable.CASE,
            List.of(
                builder.makeCall(SqlStdOperatorTable.IS_NOT_NULL, collected), collected, empty));
    return new Operand.Value(filled, type, position);
  }

  Operand in(Expression.InQuery in) {
    List<Operand> left = fields(in.operand());
    RexNode found = compare("=", left, query(in.query()), in.position());
    return ExpressionAnalyzer.bool(
        in.negated() ? builder.makeCall(SqlStdOperatorTable.NOT, found) : found, in.position());
  }

  Operand quantified(Expression.QuantifiedQuery quantified) {
    String symbol = quantified.operator().symbol();
    int position = quantified.position();
    if (!OperatorAnalyzer.isComparison(symbol)) {
      throw Errors.unsupported("operator " + symbol + " with a sub-query is", position);
    }
    List<Operand> left = fields(quantified.left());
    QueryAnalyzer.Result query = query(quantified.query());
    if (quantified.quantifier() == Quantifier.ANY) {
      return ExpressionAnalyzer.bool(compare(symbol, left, query, position), position);
    }
    RexNode any = compare(negated(symbol), left, query, position);
    return ExpressionAnalyzer.bool(builder.makeCall(SqlStdOperatorTable.NOT, any), position);
  }

  private List<Operand> fields(Expression expression) {
    Optional<List<Operand>> row = expressions.rowFields(expression);
    return row.orElseGet(() -> List.of(expressions.analyze(expression)));
  }

  private static String negated(String symbol) {
    return switch (symbol) {
      case "=" -> "<>";
      case "<>" -> "=";
      case "<" -> ">=";
      case "<=" -> ">";
      case ">" -> "<=";
      default -> "<";
    };
  }

  private RexNode compare(
      String symbol, List<Operand> left, QueryAnalyzer.Result query, int position) {
    if (query.columns().size() != left.size()) {
      String fault = query.columns().size() < left.size() ? "few" : "many";
      throw Errors.of(SqlState.SYNTAX_ERROR, "subquery has too " + fault + " columns", position);
    }
    if (left.size() > 1 && !symbol.equals("=")) {
      throw Errors.unsupported("comparing rows by " + symbol + " with a sub-query is", position);
    }
    List<RexNode> values = new ArrayList<>();
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      ColumnType type = query.columns().get(i).type();
      Operand right = new Operand.Value(builder.nullOf(type), type, position);
      ColumnType common = operators.comparedAs(symbol, left.get(i), right, position);
      values.add(coercion.exact(coercion.implicit(left.get(i), common), common));
      types.add(common);
    }
    RelNode rel = analysis.projections().converted(query.rel(), types);
    return symbol.equals("=")
        ? RexSubQuery.in(rel, ImmutableList.copyOf(values))
        : RexSubQuery.some(rel, ImmutableList.copyOf(values), some(symbol));
  }

  private static SqlQuantifyOperator some(String symbol) {
    return switch (symbol) {
      case "<>" -> SqlStdOperatorTable.SOME_NE;
      case "<" -> SqlStdOperatorTable.SOME_LT;
      case "<=" -> SqlStdOperatorTable.SOME_LE;
      case ">" -> SqlStdOperatorTable.SOME_GT;
      default -> SqlStdOperatorTable.SOME_GE;
    };
  }
}
