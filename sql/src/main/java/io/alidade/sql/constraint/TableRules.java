package io.alidade.sql.constraint;

import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has to be looked at when a row of one table is written.
///
/// @param table as it is now that the table is locked for writing
/// @param pointing its own foreign keys
/// @param pointedTo the foreign keys that point to it, its own among them
/// @param keys its deferrable unique constraints
record TableRules(
    TableDefinition table,
    RowChecks checks,
    List<ForeignKeyRule> pointing,
    List<ForeignKeyRule> pointedTo,
    List<KeyRule> keys) {

  /// A deferrable unique constraint with its index.
  record KeyRule(ConstraintDefinition.Key constraint, IndexDefinition index) {
    List<@Nullable Object> key(@Nullable Object[] row) {
      return ForeignKeyRule.values(row, index.columns());
    }
  }

  static TableRules of(TableDefinition table, ConstraintScope scope) {
    Catalog catalog = scope.transaction().catalog();
    List<ForeignKeyRule> pointing = new ArrayList<>();
    List<KeyRule> keys = new ArrayList<>();
    for (ConstraintDefinition constraint : table.constraints()) {
      switch (constraint) {
        case ConstraintDefinition.Check _ -> {}
        case ConstraintDefinition.Key key -> {
          if (key.deferral().isDeferrable()) {
            keys.add(new KeyRule(key, table.index(key.indexOid()).orElseThrow()));
          }
        }
        case ConstraintDefinition.ForeignKey key ->
            pointing.add(
                new ForeignKeyRule(table, catalog.table(key.referencedTable()).orElseThrow(), key));
      }
    }
    List<ForeignKeyRule> pointedTo =
        catalog.references(table.oid()).stream()
            .map(reference -> new ForeignKeyRule(reference.from(), table, reference.key()))
            .toList();
    return new TableRules(table, new RowChecks(table, scope), pointing, pointedTo, keys);
  }

  /// Whether nothing but CHECK is asked of its rows.
  boolean hasNoKeys() {
    return pointing.isEmpty() && pointedTo.isEmpty() && keys.isEmpty();
  }
}
