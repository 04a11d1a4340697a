package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Action;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import io.alidade.storage.catalog.ConstraintDefinition.Inheritance;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.catalog.ConstraintDefinition.Validity;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `pg_constraint`.
final class ConstraintRelations {

  private static final int PG_CONSTRAINT = 2606;
  private static final String NOTHING = " ";

  private ConstraintRelations() {}

  static List<SystemRelation> all() {
    return List.of(pgConstraint());
  }

  /// A constraint of a table.
  record Constrained(TableDefinition table, ConstraintDefinition constraint) {}

  static Stream<Constrained> constraints(CatalogReader reader) {
    return reader.catalog().tables().stream()
        .flatMap(table -> table.constraints().stream().map(it -> new Constrained(table, it)));
  }

  /// The columns that a constraint is about.
  static List<Integer> columns(Constrained constrained) {
    return switch (constrained.constraint) {
      case ConstraintDefinition.Check check -> check.columns();
      case ConstraintDefinition.Key key ->
          constrained.table.index(key.indexOid()).orElseThrow().columns();
      case ConstraintDefinition.ForeignKey key -> key.columns();
    };
  }

  private static SystemRelation pgConstraint() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "conname")
        .some(ColumnType.OID, "connamespace")
        .some(ColumnType.CHAR, "contype")
        .some(ColumnType.BOOL, "condeferrable", "condeferred", "convalidated")
        .some(ColumnType.OID, "conrelid", "contypid", "conindid", "conparentid", "confrelid")
        .some(ColumnType.CHAR, "confupdtype", "confdeltype", "confmatchtype")
        .some(ColumnType.BOOL, "conislocal")
        .some(ColumnType.INT4, "coninhcount")
        .some(ColumnType.BOOL, "connoinherit")
        .optional(RelationColumns.INT2_VECTOR, "conkey", "confkey")
        .optional(RelationColumns.OID_VECTOR, "conpfeqop", "conppeqop", "conffeqop")
        .optional(RelationColumns.INT2_VECTOR, "confdelsetcols")
        .optional(RelationColumns.OID_VECTOR, "conexclop")
        .optional(ColumnType.TEXT, "conbin")
        .of(
            PG_CONSTRAINT,
            "pg_constraint",
            (catalog, context) -> constraints(catalog).map(it -> row(it, catalog)));
  }

  private static @Nullable Object[] row(Constrained constrained, CatalogReader catalog) {
    TableDefinition table = constrained.table;
    ConstraintDefinition constraint = constrained.constraint;
    ConstraintDefinition.@Nullable ForeignKey foreign =
        constraint instanceof ConstraintDefinition.ForeignKey key ? key : null;
    return new @Nullable Object[] {
      (long) constraint.oid(),
      constraint.name(),
      CatalogNames.schemaOid(catalog.catalog(), table.schema()),
      type(table, constraint),
      constraint.deferral().isDeferrable(),
      constraint.deferral() == Deferral.INITIALLY_DEFERRED,
      isValidated(constraint),
      (long) table.oid(),
      0L,
      index(constraint),
      0L,
      foreign == null ? 0L : (long) foreign.referencedTable(),
      foreign == null ? NOTHING : letter(foreign.onUpdate()),
      foreign == null ? NOTHING : letter(foreign.onDelete()),
      foreign == null ? NOTHING : foreign.match() == Match.FULL ? "f" : "s",
      true,
      0,
      noInherit(constraint),
      columns(constrained).isEmpty() ? null : numbers(columns(constrained)),
      foreign == null ? null : numbers(foreign.referencedColumns()),
      null,
      null,
      null,
      foreign == null || foreign.resetOnDelete().isEmpty()
          ? null
          : numbers(foreign.resetOnDelete()),
      null,
      constraint instanceof ConstraintDefinition.Check check ? check.shown() : null
    };
  }

  private static List<Short> numbers(List<Integer> columns) {
    return columns.stream().map(column -> (short) (column + 1)).toList();
  }

  private static String type(TableDefinition table, ConstraintDefinition constraint) {
    return switch (constraint) {
      case ConstraintDefinition.Check _ -> "c";
      case ConstraintDefinition.Key key -> isPrimary(table, key) ? "p" : "u";
      case ConstraintDefinition.ForeignKey _ -> "f";
    };
  }

  static boolean isPrimary(TableDefinition table, ConstraintDefinition.Key key) {
    return table.index(key.indexOid()).orElseThrow().isPrimaryKey();
  }

  private static boolean isValidated(ConstraintDefinition constraint) {
    return switch (constraint) {
      case ConstraintDefinition.Check check -> check.validity() == Validity.VALIDATED;
      case ConstraintDefinition.Key _ -> true;
      case ConstraintDefinition.ForeignKey key -> key.validity() == Validity.VALIDATED;
    };
  }

  private static long index(ConstraintDefinition constraint) {
    return switch (constraint) {
      case ConstraintDefinition.Check _ -> 0;
      case ConstraintDefinition.Key key -> key.indexOid();
      case ConstraintDefinition.ForeignKey key -> key.referencedIndex();
    };
  }

  private static boolean noInherit(ConstraintDefinition constraint) {
    return switch (constraint) {
      case ConstraintDefinition.Check check -> check.inheritance() == Inheritance.NO_INHERIT;
      case ConstraintDefinition.Key _, ConstraintDefinition.ForeignKey _ -> true;
    };
  }

  private static String letter(Action action) {
    return switch (action) {
      case NO_ACTION -> "a";
      case RESTRICT -> "r";
      case CASCADE -> "c";
      case SET_NULL -> "n";
      case SET_DEFAULT -> "d";
    };
  }
}
