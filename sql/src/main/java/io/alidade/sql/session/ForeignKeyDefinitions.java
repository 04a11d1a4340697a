package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.constraint.KeyValues;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.TableDefinition.ForeignTable;
import io.alidade.sql.parse.TableDefinition.MatchKind;
import io.alidade.sql.parse.TableDefinition.ReferentialAction;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Action;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the definitions of foreign keys.
final class ForeignKeyDefinitions {

  private final StatementScope scope;
  private final ConstraintNames names;

  ForeignKeyDefinitions(StatementScope scope, ConstraintNames names) {
    this.scope = scope;
    this.names = names;
  }

  /// What a foreign key points to.
  private record Target(TableDefinition table, IndexDefinition index, List<Integer> columns) {}

  /// @param table with all its columns and indexes; a key may point to it itself
  /// @param name null to make one up
  ConstraintDefinition.ForeignKey define(
      TableDefinition table,
      @Nullable String name,
      List<String> columnNames,
      ForeignTable written,
      Deferral deferral,
      Validity validity) {
    TableDefinition referenced = referenced(table, written.table());
    List<Integer> columns = columns(table, columnNames);
    List<Integer> reset = columns(table, written.resetOnDelete());
    for (int i = 0; i < reset.size(); i++) {
      if (!columns.contains(reset.get(i))) {
        throw new DatabaseException(
            SqlState.INVALID_COLUMN_REFERENCE,
            "column \"%s\" referenced in ON DELETE SET action must be part of foreign key"
                .formatted(written.resetOnDelete().get(i)));
      }
    }
    Target target =
        written.columns().isEmpty()
            ? primaryKey(referenced)
            : uniqueKey(referenced, columns(referenced, written.columns()));
    if (target.columns.size() != columns.size()) {
      throw invalid("number of referencing and referenced columns for foreign key disagree");
    }
    String chosen = names.choose(name, List.of(String.join("_", columnNames)), "fkey");
    for (int i = 0; i < columns.size(); i++) {
      requireComparable(chosen, table, columns.get(i), referenced, target.columns.get(i));
    }
    return new ConstraintDefinition.ForeignKey(
        scope.transaction().allocateOid(),
        chosen,
        columns,
        referenced.oid(),
        target.index.oid(),
        target.columns,
        written.match() == MatchKind.FULL ? Match.FULL : Match.SIMPLE,
        action(written.onDelete()),
        reset,
        action(written.onUpdate()),
        deferral,
        validity);
  }

  private TableDefinition referenced(TableDefinition table, QualifiedName name) {
    boolean own =
        name.name().equals(table.name())
            && (name.schema() == null || table.schema().equals(name.schema()));
    if (own) {
      return table;
    }
    return scope
        .catalog()
        .relation(name.schema(), name.name())
        .map(relation ->
            switch (relation) {
              case Relation.Stored(var stored) -> stored;
              case Relation.System _ ->
                  throw new DatabaseException(
                      SqlState.INSUFFICIENT_PRIVILEGE,
                      "permission denied: \"" + name.name() + "\" is a system catalog");
            })
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist"));
  }

  private static List<Integer> columns(TableDefinition table, List<String> names) {
    return names.stream()
        .map(name -> table.column(name).orElseThrow(() -> ConstraintDefinitions.noColumn(name)))
        .toList();
  }

  private static Target primaryKey(TableDefinition referenced) {
    IndexDefinition index =
        referenced
            .primaryKey()
            .orElseThrow(() ->
                new DatabaseException(
                    SqlState.UNDEFINED_OBJECT,
                    "there is no primary key for referenced table \"%s\""
                        .formatted(referenced.name())));
    if (!referenced.isUniqueAtOnce(index)) {
      throw deferrable("primary key", referenced);
    }
    return new Target(referenced, index, index.columns());
  }

  private static Target uniqueKey(TableDefinition referenced, List<Integer> columns) {
    if (new HashSet<>(columns).size() != columns.size()) {
      throw invalid("foreign key referenced-columns list must not contain duplicates");
    }
    List<IndexDefinition> matching =
        referenced.indexes().stream()
            .filter(IndexDefinition::isUnique)
            .filter(index -> index.columns().size() == columns.size())
            .filter(index -> new HashSet<>(index.columns()).equals(new HashSet<>(columns)))
            .toList();
    if (matching.isEmpty()) {
      throw invalid(
          "there is no unique constraint matching given keys for referenced table \"%s\""
              .formatted(referenced.name()));
    }
    IndexDefinition index =
        matching.stream()
            .filter(referenced::isUniqueAtOnce)
            .findFirst()
            .orElseThrow(() -> deferrable("unique constraint", referenced));
    return new Target(referenced, index, columns);
  }

  private static void requireComparable(
      String name, TableDefinition table, int column, TableDefinition referenced, int other) {
    ColumnType from = table.columns().get(column).type();
    ColumnType to = referenced.columns().get(other).type();
    if (!KeyValues.areComparable(from, to)) {
      throw new DatabaseException(
              SqlState.DATATYPE_MISMATCH,
              "foreign key constraint \"" + name + "\" cannot be implemented")
          .withDetail(
              "Key columns \"%s\" and \"%s\" are of incompatible types: %s and %s."
                  .formatted(
                      table.columns().get(column).name(),
                      referenced.columns().get(other).name(),
                      from.withoutModifier(),
                      to.withoutModifier()));
    }
  }

  private static Action action(ReferentialAction written) {
    return switch (written) {
      case NO_ACTION -> Action.NO_ACTION;
      case RESTRICT -> Action.RESTRICT;
      case CASCADE -> Action.CASCADE;
      case SET_NULL -> Action.SET_NULL;
      case SET_DEFAULT -> Action.SET_DEFAULT;
    };
  }

  private static DatabaseException deferrable(String what, TableDefinition table) {
    return new DatabaseException(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "cannot use a deferrable %s for referenced table \"%s\"".formatted(what, table.name()));
  }

  private static DatabaseException invalid(String message) {
    return new DatabaseException(SqlState.INVALID_FOREIGN_KEY, message);
  }
}
