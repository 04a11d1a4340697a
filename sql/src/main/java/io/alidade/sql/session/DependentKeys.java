package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.parse.TableDefinition.DropBehavior;
import io.alidade.storage.Transaction;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Foreign keys of other tables that stand in the way of what drops or empties a table, or drops an
/// index.
final class DependentKeys {

  private final StatementScope scope;

  DependentKeys(StatementScope scope) {
    this.scope = scope;
  }

  private Transaction transaction() {
    return scope.transaction();
  }

  /// Drops tables; CASCADE drops the foreign keys that point to them, too.
  ///
  /// @throws DatabaseException 2BP01
  void dropTables(List<TableDefinition> tables, DropBehavior behavior) {
    Set<Integer> dropped = oids(tables);
    List<Dependent> dependents = new ArrayList<>();
    for (TableDefinition table : tables.reversed()) { // As PostgreSQL lists them.
      requireNothingPending("DROP TABLE", table);
      for (Catalog.Reference reference : transaction().catalog().references(table.oid())) {
        if (!dropped.contains(reference.from().oid())) {
          dependents.add(new Dependent(reference, "table " + shown(table)));
        }
      }
    }
    if (!dependents.isEmpty() && behavior == DropBehavior.RESTRICT) {
      throw stillNeeded(
          tables.size() == 1
              ? "cannot drop table " + shown(tables.getFirst())
              : "cannot drop desired object(s)",
          dependents);
    }
    drop(dependents);
    // The keys between them go first, so that no definition ever points to what is not there.
    for (TableDefinition table : tables) {
      for (Catalog.Reference reference : transaction().catalog().references(table.oid())) {
        transaction()
            .apply(new CatalogChange.DropConstraint(reference.from().oid(), reference.key().oid()));
      }
    }
    tables.stream()
        .map(TableDefinition::oid)
        .distinct()
        .forEach(oid -> transaction().apply(new CatalogChange.DropTable(oid)));
  }

  /// A foreign key, and what it depends on as errors call it.
  private record Dependent(Catalog.Reference reference, String on) {}

  /// Lets go of an index that is to be dropped; CASCADE drops the foreign keys that use it.
  ///
  /// @param what it is part of, as errors call it
  /// @throws DatabaseException 2BP01
  void release(IndexDefinition index, String what, DropBehavior behavior) {
    List<Dependent> dependents =
        transaction().catalog().references(index.tableOid()).stream()
            .filter(reference -> reference.key().referencedIndex() == index.oid())
            .map(reference -> new Dependent(reference, "index " + index.name()))
            .toList();
    if (!dependents.isEmpty() && behavior == DropBehavior.RESTRICT) {
      throw stillNeeded("cannot drop " + what, dependents);
    }
    drop(dependents);
  }

  private void drop(List<Dependent> dependents) {
    if (dependents.size() == 1) {
      notice("drop cascades to " + shown(dependents.getFirst()), "");
    } else if (dependents.size() > 1) {
      notice(
          "drop cascades to " + dependents.size() + " other objects",
          dependents.stream()
              .map(dependent -> "drop cascades to " + shown(dependent))
              .collect(Collectors.joining("\n")));
    }
    for (Dependent dependent : dependents) {
      Catalog.Reference reference = dependent.reference;
      transaction()
          .apply(new CatalogChange.DropConstraint(reference.from().oid(), reference.key().oid()));
    }
  }

  private String shown(Dependent dependent) {
    return "constraint %s on table %s"
        .formatted(dependent.reference.key().name(), shown(dependent.reference.from()));
  }

  private String shown(TableDefinition table) {
    String name = scope.context().objects().relationName(table.oid());
    return name == null ? table.name() : name;
  }

  private DatabaseException stillNeeded(String message, List<Dependent> dependents) {
    return new DatabaseException(
            SqlState.DEPENDENT_OBJECTS_STILL_EXIST, message + " because other objects depend on it")
        .withDetail(
            dependents.stream()
                .map(dependent -> shown(dependent) + " depends on " + dependent.on)
                .collect(Collectors.joining("\n")))
        .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
  }

  /// Empties tables; CASCADE empties those that point to them, too.
  ///
  /// @throws DatabaseException 0A000
  void truncate(List<TableDefinition> tables, DropBehavior behavior) {
    Map<Integer, TableDefinition> all = new LinkedHashMap<>();
    Deque<TableDefinition> open = new ArrayDeque<>(tables);
    tables.forEach(table -> all.put(table.oid(), table));
    while (!open.isEmpty()) {
      TableDefinition table = open.removeFirst();
      requireNothingPending("TRUNCATE", table);
      for (Catalog.Reference reference : transaction().catalog().references(table.oid())) {
        TableDefinition from = reference.from();
        if (all.containsKey(from.oid())) {
          continue;
        }
        if (behavior == DropBehavior.RESTRICT) {
          throw new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "cannot truncate a table referenced in a foreign key constraint")
              .withDetail("Table \"%s\" references \"%s\".".formatted(from.name(), table.name()))
              .withHint(
                  "Truncate table \"%s\" at the same time, or use TRUNCATE ... CASCADE."
                      .formatted(from.name()));
        }
        notice("truncate cascades to table \"" + from.name() + "\"", "");
        all.put(from.oid(), from);
        open.add(from);
      }
    }
    all.keySet().forEach(transaction()::truncate);
  }

  /// Refuses to change the definition of a table with checks that wait for the end of the
  /// transaction.
  ///
  /// @throws DatabaseException 55006
  void requireNothingPending(String command, TableDefinition table) {
    Set<Integer> concerned = new HashSet<>(oids(List.of(table)));
    transaction()
        .catalog()
        .references(table.oid())
        .forEach(reference -> concerned.add(reference.from().oid()));
    if (scope.context().deferred().concern(concerned::contains)) {
      throw new DatabaseException(
          SqlState.OBJECT_IN_USE,
          "cannot %s \"%s\" because it has pending trigger events"
              .formatted(command, table.name()));
    }
  }

  private static Set<Integer> oids(List<TableDefinition> tables) {
    return tables.stream().map(TableDefinition::oid).collect(Collectors.toSet());
  }

  private void notice(String message, String detail) {
    DatabaseException notice = new DatabaseException(SqlState.SUCCESSFUL_COMPLETION, message);
    scope.notice(
        SessionListener.Severity.NOTICE, detail.isEmpty() ? notice : notice.withDetail(detail));
  }
}
