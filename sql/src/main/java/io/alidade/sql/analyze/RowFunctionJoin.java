package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.TableFunction;
import io.alidade.sql.type.SqlType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Joins each row with the rows of a set-returning function of its select list.
final class RowFunctionJoin {
  private final Analysis analysis;
  private final RelNode rel;
  private final int firstField;

  private RowFunctionJoin(Analysis analysis, RelNode rel, int firstField) {
    this.analysis = analysis;
    this.rel = rel;
    this.firstField = firstField;
  }

  /// Joins.
  ///
  /// @param rewrite what makes the calls' arguments expressions over `input`
  static RowFunctionJoin of(
      Analysis analysis,
      ExpressionPlace place,
      RelNode input,
      RowFunctionUses uses,
      UnaryOperator<RexNode> rewrite) {
    if (uses.uses().size() > 1) {
      throw Errors.unsupported("several set-returning functions in a select list are", 0);
    }
    RowFunctionUses.Use use = uses.uses().getFirst();
    CorrelationId id = analysis.newCorrelation();
    RexNode row = analysis.builder.makeCorrel(input.getRowType(), id);
    RexShuttle outer =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return analysis.builder.makeFieldAccess(row, reference.getIndex());
          }

          @Override
          public RexNode visitDynamicParam(RexDynamicParam parameter) {
            if (RowFunctionUses.isReference(parameter)) {
              throw Errors.unsupported("nested set-returning functions are", 0);
            }
            return parameter;
          }
        };
    List<RexNode> arguments =
        use.arguments().stream().map(rewrite).map(each -> each.accept(outer)).toList();
    List<String> names = use.function().columns().stream().map(TableFunction.Column::name).toList();
    List<ColumnType> types = use.columnTypes().stream().map(SqlType::columnTypeOf).toList();
    RelNode rows =
        new RowFunctionAnalyzer(analysis, place).scan(use.function(), arguments, names, types);
    RelNode joined =
        LogicalCorrelate.create(
            input, rows, List.of(), id, RelOptUtil.correlationColumns(id, rows), JoinRelType.INNER);
    return new RowFunctionJoin(analysis, joined, input.getRowType().getFieldCount());
  }

  RelNode rel() {
    return rel;
  }

  /// An expression with the columns of the function's rows in their places.
  RexNode rewrite(RexNode expression) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitDynamicParam(RexDynamicParam reference) {
            return RowFunctionUses.isReference(reference)
                ? analysis.builder.makeInputRef(
                    rel, firstField + RowFunctionUses.columnOf(reference))
                : reference;
          }
        });
  }
}
