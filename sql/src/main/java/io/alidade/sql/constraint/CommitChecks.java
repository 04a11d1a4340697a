package io.alidade.sql.constraint;

import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.TableDefinition;
import java.util.Optional;
import java.util.function.IntPredicate;

/// Looks at what was put off, when its time has come.
public final class CommitChecks {
  private CommitChecks() {}

  /// Looks at what waits for some constraints; what is found right waits no longer.
  ///
  /// @param scope a transaction in which a statement has begun
  /// @param constraint which constraints, by OID
  /// @throws io.alidade.model.DatabaseException 23503, 23505
  public static void run(ConstraintScope scope, IntPredicate constraint) {
    Catalog catalog = scope.transaction().catalog();
    try (ConstrainedWriter writer = new ConstrainedWriter(scope)) {
      KeyChecks checks = new KeyChecks(scope, writer);
      for (DeferredChecks.Pending pending : scope.deferred().take(constraint)) {
        Optional<TableDefinition> table = catalog.table(pending.table());
        if (table.isPresent()) { // Else it was dropped with what waited for it.
          checks.check(writer.rulesOf(table.get()), pending);
        }
      }
    }
  }
}
