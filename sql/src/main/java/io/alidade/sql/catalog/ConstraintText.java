package io.alidade.sql.catalog;

import io.alidade.sql.function.ObjectNames.Parentheses;
import io.alidade.sql.parse.Identifiers;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Action;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import io.alidade.storage.catalog.ConstraintDefinition.Inheritance;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes constraints as `pg_get_constraintdef` does.
final class ConstraintText {
  private final Catalog catalog;
  private final LongFunction<@Nullable String> relationName;

  /// @param relationName the name of a table by its OID, with its schema where that is needed
  ConstraintText(Catalog catalog, LongFunction<@Nullable String> relationName) {
    this.catalog = catalog;
    this.relationName = relationName;
  }

  String of(TableDefinition table, ConstraintDefinition constraint, Parentheses parentheses) {
    return switch (constraint) {
      case ConstraintDefinition.Check check ->
          "CHECK ("
              + (parentheses == Parentheses.ALL ? check.shown() : check.pretty())
              + ")"
              + (check.inheritance() == Inheritance.NO_INHERIT ? " NO INHERIT" : "")
              + validity(check.validity());
      case ConstraintDefinition.Key key -> key(table, key) + deferral(key.deferral());
      case ConstraintDefinition.ForeignKey key -> foreignKey(table, key);
    };
  }

  private static String key(TableDefinition table, ConstraintDefinition.Key key) {
    IndexDefinition index = table.index(key.indexOid()).orElseThrow();
    return (index.isPrimaryKey() ? "PRIMARY KEY (" : "UNIQUE (")
        + names(table, index.columns())
        + ")";
  }

  private String foreignKey(TableDefinition table, ConstraintDefinition.ForeignKey key) {
    TableDefinition referenced = catalog.table(key.referencedTable()).orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append("FOREIGN KEY (").append(names(table, key.columns())).append(") REFERENCES ");
    text.append(relationName.apply(key.referencedTable()));
    text.append('(').append(names(referenced, key.referencedColumns())).append(')');
    if (key.match() == Match.FULL) {
      text.append(" MATCH FULL");
    }
    if (key.onUpdate() != Action.NO_ACTION) {
      text.append(" ON UPDATE ").append(words(key.onUpdate()));
    }
    if (key.onDelete() != Action.NO_ACTION) {
      text.append(" ON DELETE ").append(words(key.onDelete()));
      if (!key.resetOnDelete().isEmpty()) {
        text.append(" (").append(names(table, key.resetOnDelete())).append(')');
      }
    }
    return text + deferral(key.deferral()) + validity(key.validity());
  }

  private static String words(Enum<?> action) {
    return action.name().replace('_', ' ');
  }

  private static String deferral(Deferral deferral) {
    return switch (deferral) {
      case NOT_DEFERRABLE -> "";
      case INITIALLY_IMMEDIATE -> " DEFERRABLE";
      case INITIALLY_DEFERRED -> " DEFERRABLE INITIALLY DEFERRED";
    };
  }

  private static String validity(Validity validity) {
    return validity == Validity.NOT_VALID ? " NOT VALID" : "";
  }

  private static String names(TableDefinition table, List<Integer> columns) {
    return columns.stream()
        .map(column -> Identifiers.quoted(table.columns().get(column).name()))
        .collect(Collectors.joining(", "));
  }
}
