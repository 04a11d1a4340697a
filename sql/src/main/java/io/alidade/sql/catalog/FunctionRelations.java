package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.model.codec.TypeOids;
import io.alidade.sql.function.AggregateOperator;
import io.alidade.sql.function.FunctionRegistry;
import io.alidade.sql.function.Overload;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.Signature.ResultType;
import io.alidade.sql.function.TableFunction;
import io.alidade.storage.catalog.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `pg_proc`, from the registry of functions.
///
/// Functions have no OIDs of their own: the rows are numbered, in an order that holds while the
/// server runs, from a range that PostgreSQL gives to nothing.
final class FunctionRelations {
  private static final int PG_PROC = 1255;
  private static final long FIRST_OID = 9_000;
  private static final long LANGUAGE_INTERNAL = 12;
  private static final long ANY = 2276;
  private static final long ANY_ARRAY = 2277;
  private static final long ANY_ELEMENT = 2283;

  private FunctionRelations() {}

  static List<SystemRelation> all() {
    return List.of(
        new RelationColumns()
            .some(ColumnType.OID, "oid")
            .some(ColumnType.NAME, "proname")
            .some(ColumnType.OID, "pronamespace", "proowner", "prolang", "provariadic")
            .some(ColumnType.CHAR, "prokind")
            .some(ColumnType.BOOL, "proretset")
            .some(ColumnType.INT2, "pronargs")
            .some(ColumnType.OID, "prorettype")
            .some(RelationColumns.OID_VECTOR, "proargtypes")
            .optional(RelationColumns.OID_VECTOR, "proallargtypes")
            .optional(ColumnType.arrayOf(ColumnType.CHAR), "proargmodes")
            .optional(RelationColumns.TEXT_ARRAY, "proargnames")
            .some(ColumnType.TEXT, "prosrc")
            .optional(RelationColumns.TEXT_ARRAY, "proacl")
            .of(PG_PROC, "pg_proc", (_, _) -> rows()));
  }

  private static Stream<@Nullable Object[]> rows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Overload overload : FunctionRegistry.STANDARD.all()) {
      String name = overload.signature().name();
      if (Character.isLetter(name.charAt(0)) || name.charAt(0) == '_') {
        rows.add(row(FIRST_OID + rows.size(), name, overload));
      }
    }
    return rows.stream();
  }

  private static @Nullable Object[] row(long oid, String name, Overload overload) {
    List<@Nullable Object> arguments = new ArrayList<>();
    overload.signature().arguments().forEach(argument -> arguments.add(oidOf(argument)));
    return new @Nullable Object[] {
      oid,
      name,
      (long) Catalog.PG_CATALOG_OID,
      CatalogNames.OWNER_OID,
      LANGUAGE_INTERNAL,
      overload.signature().variadic() ? ANY : 0L,
      overload instanceof AggregateOperator ? "a" : "f",
      overload instanceof TableFunction,
      (short) arguments.size(),
      resultOf(overload),
      arguments,
      null,
      null,
      null,
      name,
      null
    };
  }

  private static long oidOf(ArgumentType argument) {
    return switch (argument) {
      case ArgumentType.Exact(var type) -> TypeOids.oid(type);
      case ArgumentType.Any _ -> ANY;
      case ArgumentType.AnyArray _ -> ANY_ARRAY;
      case ArgumentType.AnyElement _ -> ANY_ELEMENT;
    };
  }

  private static long resultOf(Overload overload) {
    return switch (overload.signature().result()) {
      case ResultType.Fixed(var type) -> TypeOids.oid(type);
      case ResultType.SameAs(var argument) -> oidOf(overload.signature().arguments().get(argument));
      case ResultType.ElementOf _ -> ANY_ELEMENT;
      case ResultType.ArrayOf _ -> ANY_ARRAY;
    };
  }
}
