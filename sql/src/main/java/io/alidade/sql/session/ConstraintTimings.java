package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.constraint.CommitChecks;
import io.alidade.sql.constraint.DeferredChecks;
import io.alidade.sql.constraint.DeferredChecks.Timing;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.TransactionCommand.ConstraintTiming;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.ConstraintDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// SET CONSTRAINTS: when the deferrable constraints are checked in this transaction.
final class ConstraintTimings {

  private final ClientSession session;

  ConstraintTimings(ClientSession session) {
    this.session = session;
  }

  /// @param names empty for all
  /// @throws DatabaseException 42704, 42809; with IMMEDIATE what was put off may end in 23503 or
  ///   23505
  void set(List<QualifiedName> names, ConstraintTiming written) {
    Timing timing =
        switch (written) {
          case IMMEDIATE -> Timing.IMMEDIATE;
          case DEFERRED -> Timing.DEFERRED;
        };
    DeferredChecks deferred = session.transactions().deferred();
    Set<Integer> named = new HashSet<>();
    names.forEach(name -> named.addAll(find(name)));
    if (names.isEmpty()) {
      deferred.setAll(timing);
    } else {
      named.forEach(oid -> deferred.set(oid, timing));
    }
    if (timing == Timing.IMMEDIATE && !deferred.isEmpty()) {
      Transaction transaction = session.transactions().beginStatement();
      IntPredicate asked = names.isEmpty() ? _ -> true : named::contains;
      CommitChecks.run(new StatementStarter(session).constraints(transaction), asked);
    }
  }

  /// The deferrable constraints with a name in the first schema that has any.
  private List<Integer> find(QualifiedName name) {
    CatalogReader catalog = session.context().reader(session.transactions().current().catalog());
    @Nullable String schema = name.schema();
    List<String> schemas = schema == null ? catalog.searchedSchemas() : List.of(schema);
    for (String each : schemas) {
      List<ConstraintDefinition> found =
          catalog.catalog().tables().stream()
              .filter(table -> table.schema().equals(each))
              .flatMap(table -> table.constraint(name.name()).stream())
              .toList();
      if (found.stream().anyMatch(constraint -> !constraint.deferral().isDeferrable())) {
        throw new DatabaseException(
            SqlState.WRONG_OBJECT_TYPE, "constraint \"" + name.name() + "\" is not deferrable");
      }
      if (!found.isEmpty()) {
        return found.stream().map(ConstraintDefinition::oid).toList();
      }
    }
    throw new DatabaseException(
        SqlState.UNDEFINED_OBJECT, "constraint \"" + name.name() + "\" does not exist");
  }
}
