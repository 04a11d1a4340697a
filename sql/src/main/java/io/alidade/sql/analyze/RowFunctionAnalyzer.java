package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.TableFunction;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.FromItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalTableFunctionScan;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Resolves functions in FROM.
final class RowFunctionAnalyzer {
  private final Analysis analysis;
  private final ExpressionPlace place;

  /// @param place which sees the rows to the left only as outer ones
  RowFunctionAnalyzer(Analysis analysis, ExpressionPlace place) {
    this.analysis = analysis;
    this.place = place;
  }

  FromClause from(FromItem.Function function) {
    if (function.calls().size() != 1) {
      throw Errors.unsupported("ROWS FROM is", function.position());
    }
    if (!function.columns().isEmpty() || !function.calls().getFirst().columns().isEmpty()) {
      throw Errors.unsupported("functions that return records are", function.position());
    }
    Expression expression = function.calls().getFirst().call();
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    if (expression instanceof Expression.FunctionCall call
        && !analysis.functions.tableFunctions(call.name().name()).isEmpty()) {
      return rows(function, call, expressions);
    }
    if (function.withOrdinality()) {
      throw Errors.unsupported(
          "WITH ORDINALITY of a function of one value is", function.position());
    }
    Operand.Value value = analysis.coercion.settle(expressions.analyze(expression));
    String name = OutputNames.of(expression);
    RelNode rel =
        analysis
            .projections()
            .project(
                LogicalValues.createOneRow(analysis.cluster),
                List.of(analysis.coercion.exact(value)),
                List.of(name),
                place.variables());
    return named(function, rel, name, List.of(name), List.of(value.known()));
  }

  private FromClause rows(
      FromItem.Function function, Expression.FunctionCall call, ExpressionAnalyzer expressions) {
    CallAnalyzer calls = new CallAnalyzer(analysis, place, expressions);
    String name = call.name().name();
    CallAnalyzer.TableCall bound = calls.tableCall(name, calls.arguments(call), call.position());
    TableFunction operator = bound.function();
    List<String> names = new ArrayList<>();
    operator.columns().forEach(column -> names.add(column.name()));
    List<ColumnType> types = new ArrayList<>(bound.types());
    if (function.withOrdinality()) {
      operator = operator.withOrdinality();
      names.add("ordinality");
      types.add(ColumnType.INT8);
    }
    RelNode rel = scan(operator, bound.arguments(), names, types);
    return named(function, rel, name, names, types);
  }

  /// The rows of a call.
  RelNode scan(
      TableFunction operator, List<RexNode> arguments, List<String> names, List<ColumnType> types) {
    RelDataType rowType = analysis.projections().rowType(names, types);
    return LogicalTableFunctionScan.create(
        analysis.cluster,
        List.of(),
        analysis.builder.makeCall(rowType, operator, arguments),
        null,
        rowType,
        Set.of());
  }

  private FromClause named(
      FromItem.Function function,
      RelNode rel,
      String functionName,
      List<String> names,
      List<ColumnType> types) {
    FromItem.Alias alias = function.alias();
    boolean oneColumn = names.size() == (function.withOrdinality() ? 2 : 1);
    List<ScopeColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = i == 0 && oneColumn && alias != null ? alias.name() : names.get(i);
      columns.add(
          new ScopeColumn(name, analysis.builder.makeInputRef(rel, i), types.get(i), 0, (short) 0));
    }
    return FromClause.of(
        rel,
        new ScopeRange(
            alias == null ? functionName : alias.name(),
            null,
            Optional.empty(),
            FromAnalyzer.renamed(columns, alias, functionName, function.position())));
  }
}
