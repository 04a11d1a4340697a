package io.alidade.sql.constraint;

import io.alidade.model.DatabaseException;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.storage.ConstraintErrors;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The CHECK constraints of one table, compiled for one statement. For one thread.
final class RowChecks implements AutoCloseable {
  private final TableDefinition table;
  private final List<Check> checks = new ArrayList<>();
  private final List<ExecutionContext> contexts = new ArrayList<>();

  private record Check(String name, RowFunction condition) {}

  RowChecks(TableDefinition table, ConstraintScope scope) {
    this.table = table;
    for (ConditionCache.Condition condition : scope.conditions().of(table, scope)) {
      ExecutionContext context = scope.execution(condition.analyzed().slots());
      contexts.add(context);
      checks.add(
          new Check(
              condition.check().name(),
              PlanExecutor.compile(List.of(condition.analyzed().rex()), context).getFirst()));
    }
  }

  /// @throws DatabaseException 23502, 23514
  void require(@Nullable Object[] row) {
    if (checks.isEmpty()) {
      return;
    }
    ConstraintErrors.requireNotNull(table, row); // PostgreSQL asks for that first.
    for (Check check : checks) {
      if (Boolean.FALSE.equals(check.condition.apply(row))) {
        throw ConstraintErrors.check(table, check.name, row);
      }
    }
  }

  boolean isEmpty() {
    return checks.isEmpty();
  }

  @Override
  public void close() {
    contexts.forEach(ExecutionContext::close);
  }
}
