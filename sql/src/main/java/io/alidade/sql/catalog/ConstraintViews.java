package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.sql.catalog.ConstraintRelations.Constrained;
import io.alidade.sql.function.ObjectNames.Parentheses;
import io.alidade.sql.parse.Identifiers;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The views of SQL's standard information schema over constraints. NOT NULL counts as one there.
final class ConstraintViews {

  private static final int TABLE_CONSTRAINTS = 13_003;
  private static final int CHECK_CONSTRAINTS = 13_004;
  private static final int REFERENTIAL_CONSTRAINTS = 13_005;
  private static final int KEY_COLUMN_USAGE = 13_006;
  private static final int CONSTRAINT_COLUMN_USAGE = 13_007;
  private static final int CONSTRAINT_TABLE_USAGE = 13_008;

  private ConstraintViews() {}

  static List<SystemRelation> all() {
    return List.of(
        tableConstraints(),
        checkConstraints(),
        referentialConstraints(),
        keyColumnUsage(),
        constraintColumnUsage(),
        constraintTableUsage());
  }

  private static RelationColumns names(String... more) {
    return new RelationColumns()
        .some(ColumnType.NAME, "constraint_catalog", "constraint_schema", "constraint_name")
        .some(ColumnType.NAME, more);
  }

  /// A column that takes no NULL.
  private record NotNull(TableDefinition table, int column) {
    String name(Catalog catalog) {
      return "%d_%d_%d_not_null"
          .formatted(CatalogNames.schemaOid(catalog, table.schema()), table.oid(), column + 1);
    }
  }

  private static Stream<NotNull> notNulls(CatalogReader reader) {
    return reader.catalog().tables().stream()
        .flatMap(table ->
            IntStream.range(0, table.columns().size())
                .filter(column -> !table.columns().get(column).isNullable())
                .mapToObj(column -> new NotNull(table, column)));
  }

  private static SystemRelation tableConstraints() {
    return names("table_catalog", "table_schema", "table_name")
        .some(ColumnType.TEXT, "constraint_type", "is_deferrable", "initially_deferred")
        .some(ColumnType.TEXT, "enforced")
        .optional(ColumnType.TEXT, "nulls_distinct")
        .inInformationSchema(
            TABLE_CONSTRAINTS,
            "table_constraints",
            (catalog, context) -> {
              String database = context.currentDatabase();
              return Stream.concat(
                  ConstraintRelations.constraints(catalog).map(it -> tableConstraint(it, database)),
                  notNulls(catalog)
                      .map(it ->
                          tableConstraint(
                              it.table,
                              it.name(catalog.catalog()),
                              "CHECK",
                              Deferral.NOT_DEFERRABLE,
                              database)));
            });
  }

  private static @Nullable Object[] tableConstraint(Constrained it, String database) {
    String type =
        switch (it.constraint()) {
          case ConstraintDefinition.Check _ -> "CHECK";
          case ConstraintDefinition.Key key ->
              ConstraintRelations.isPrimary(it.table(), key) ? "PRIMARY KEY" : "UNIQUE";
          case ConstraintDefinition.ForeignKey _ -> "FOREIGN KEY";
        };
    return tableConstraint(
        it.table(), it.constraint().name(), type, it.constraint().deferral(), database);
  }

  private static @Nullable Object[] tableConstraint(
      TableDefinition table, String name, String type, Deferral deferral, String database) {
    return new @Nullable Object[] {
      database,
      table.schema(),
      name,
      database,
      table.schema(),
      table.name(),
      type,
      yes(deferral.isDeferrable()),
      yes(deferral == Deferral.INITIALLY_DEFERRED),
      "YES",
      type.equals("UNIQUE") ? "YES" : null
    };
  }

  private static String yes(boolean it) {
    return it ? "YES" : "NO";
  }

  private static SystemRelation checkConstraints() {
    return names()
        .some(ColumnType.TEXT, "check_clause")
        .inInformationSchema(
            CHECK_CONSTRAINTS,
            "check_constraints",
            (catalog, context) -> {
              String database = context.currentDatabase();
              CatalogNames names = new CatalogNames(catalog);
              return Stream.concat(
                  ConstraintRelations.constraints(catalog)
                      .filter(it -> it.constraint() instanceof ConstraintDefinition.Check)
                      .map(it ->
                          new @Nullable Object[] {
                            database,
                            it.table().schema(),
                            it.constraint().name(),
                            clause(names, it.constraint().oid())
                          }),
                  notNulls(catalog)
                      .map(it ->
                          new @Nullable Object[] {
                            database,
                            it.table.schema(),
                            it.name(catalog.catalog()),
                            Identifiers.quoted(column(it).name()) + " IS NOT NULL"
                          }));
            });
  }

  private static ColumnDefinition column(NotNull it) {
    return it.table.columns().get(it.column);
  }

  /// The definition without its first word.
  private static @Nullable String clause(CatalogNames names, int oid) {
    String definition = names.constraintDefinition(oid, Parentheses.ALL);
    return definition == null ? null : definition.substring("CHECK ".length());
  }

  private static SystemRelation referentialConstraints() {
    return names("unique_constraint_catalog", "unique_constraint_schema")
        .optional(ColumnType.NAME, "unique_constraint_name")
        .some(ColumnType.TEXT, "match_option", "update_rule", "delete_rule")
        .inInformationSchema(
            REFERENTIAL_CONSTRAINTS,
            "referential_constraints",
            (catalog, context) ->
                ConstraintRelations.constraints(catalog)
                    .filter(it -> it.constraint() instanceof ConstraintDefinition.ForeignKey)
                    .map(it -> referential(it, catalog.catalog(), context.currentDatabase())));
  }

  private static @Nullable Object[] referential(Constrained it, Catalog catalog, String database) {
    ConstraintDefinition.ForeignKey key = (ConstraintDefinition.ForeignKey) it.constraint();
    TableDefinition referenced = catalog.table(key.referencedTable()).orElseThrow();
    String unique =
        referenced
            .keyConstraint(key.referencedIndex())
            .map(ConstraintDefinition.Key::name)
            .orElse(null);
    return new @Nullable Object[] {
      database,
      it.table().schema(),
      key.name(),
      unique == null ? null : database,
      unique == null ? null : referenced.schema(),
      unique,
      key.match() == Match.FULL ? "FULL" : "NONE",
      key.onUpdate().name().replace('_', ' '),
      key.onDelete().name().replace('_', ' ')
    };
  }

  private static SystemRelation keyColumnUsage() {
    return names("table_catalog", "table_schema", "table_name", "column_name")
        .some(ColumnType.INT4, "ordinal_position")
        .optional(ColumnType.INT4, "position_in_unique_constraint")
        .inInformationSchema(
            KEY_COLUMN_USAGE,
            "key_column_usage",
            (catalog, context) ->
                ConstraintRelations.constraints(catalog)
                    .filter(it -> !(it.constraint() instanceof ConstraintDefinition.Check))
                    .flatMap(it -> keyColumns(it, catalog.catalog(), context.currentDatabase())));
  }

  private static Stream<@Nullable Object[]> keyColumns(
      Constrained it, Catalog catalog, String database) {
    List<Integer> columns = ConstraintRelations.columns(it);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      rows.add(
          new @Nullable Object[] {
            database,
            it.table().schema(),
            it.constraint().name(),
            database,
            it.table().schema(),
            it.table().name(),
            it.table().columns().get(columns.get(i)).name(),
            i + 1,
            it.constraint() instanceof ConstraintDefinition.ForeignKey key
                ? positionInUnique(key, i, catalog)
                : null
          });
    }
    return rows.stream();
  }

  private static int positionInUnique(ConstraintDefinition.ForeignKey key, int i, Catalog catalog) {
    IndexDefinition index = catalog.index(key.referencedIndex()).orElseThrow();
    return index.columns().indexOf(key.referencedColumns().get(i)) + 1;
  }

  /// What a constraint is about: a foreign key's is what it points to.
  private record Subject(TableDefinition table, List<Integer> columns) {
    static Subject of(Constrained it, Catalog catalog) {
      return it.constraint() instanceof ConstraintDefinition.ForeignKey key
          ? new Subject(catalog.table(key.referencedTable()).orElseThrow(), key.referencedColumns())
          : new Subject(it.table(), ConstraintRelations.columns(it));
    }
  }

  private static SystemRelation constraintColumnUsage() {
    return new RelationColumns()
        .some(ColumnType.NAME, "table_catalog", "table_schema", "table_name", "column_name")
        .some(ColumnType.NAME, "constraint_catalog", "constraint_schema", "constraint_name")
        .inInformationSchema(
            CONSTRAINT_COLUMN_USAGE,
            "constraint_column_usage",
            (catalog, context) ->
                ConstraintRelations.constraints(catalog)
                    .flatMap(it -> {
                      Subject subject = Subject.of(it, catalog.catalog());
                      return subject.columns.stream()
                          .map(column -> used(it, subject, column, context.currentDatabase()));
                    }));
  }

  private static @Nullable Object[] used(
      Constrained it, Subject subject, int column, String database) {
    return new @Nullable Object[] {
      database,
      subject.table.schema(),
      subject.table.name(),
      subject.table.columns().get(column).name(),
      database,
      it.table().schema(),
      it.constraint().name()
    };
  }

  private static SystemRelation constraintTableUsage() {
    return new RelationColumns()
        .some(ColumnType.NAME, "table_catalog", "table_schema", "table_name")
        .some(ColumnType.NAME, "constraint_catalog", "constraint_schema", "constraint_name")
        .inInformationSchema(
            CONSTRAINT_TABLE_USAGE,
            "constraint_table_usage",
            (catalog, context) ->
                ConstraintRelations.constraints(catalog)
                    .filter(it -> !(it.constraint() instanceof ConstraintDefinition.Check))
                    .map(it -> {
                      Subject subject = Subject.of(it, catalog.catalog());
                      String database = context.currentDatabase();
                      return new @Nullable Object[] {
                        database,
                        subject.table.schema(),
                        subject.table.name(),
                        database,
                        it.table().schema(),
                        it.constraint().name()
                      };
                    }));
  }
}
