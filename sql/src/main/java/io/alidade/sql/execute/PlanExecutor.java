package io.alidade.sql.execute;

import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.sql.plan.PhysicalPlan;
import io.alidade.sql.plan.Planner;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Runs plans and single expressions.
public final class PlanExecutor {
  private static final @Nullable Object[] NO_ROW = {};

  private PlanExecutor() {}

  /// Starts a plan. Its expressions are compiled the first time and kept with the plan.
  ///
  /// @return gives the rows; closing it closes the context too
  public static RowCursor open(PhysicalPlan plan, ExecutionContext context) {
    ExecutableNode root =
        plan.compiled(ExecutableNode.class, node -> new PlanCompiler().compile(node));
    try {
      return new ContextRows(root.open(context), context);
    } catch (RuntimeException | Error e) {
      context.close();
      throw e;
    }
  }

  /// Compiles expressions such as a RETURNING list.
  ///
  /// @return functions of rows that the expressions' input references are columns of, good as long
  ///   as the context
  public static List<RowFunction> compile(
      List<? extends RexNode> expressions, ExecutionContext context) {
    return new PlanCompiler()
        .expressions().compileAll(Planner.expressions(expressions)).stream()
            .<RowFunction>map(expression -> row -> expression.evaluate(context, row))
            .toList();
  }

  /// The value of an expression that refers to no row.
  public static @Nullable Object evaluate(RexNode expression, ExecutionContext context) {
    return compile(List.of(expression), context).getFirst().apply(NO_ROW);
  }

  /// A plan's rows with everything that must be closed after them.
  private record ContextRows(RowCursor rows, ExecutionContext context) implements RowCursor {
    @Override
    public List<@Nullable Object[]> next() {
      return rows.next();
    }

    @Override
    public void close() {
      try (context) {
        rows.close();
      }
    }
  }
}
