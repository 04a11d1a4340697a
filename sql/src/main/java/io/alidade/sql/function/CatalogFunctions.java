package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NAME;
import static io.alidade.model.ColumnType.OID;
import static io.alidade.model.ColumnType.REGCLASS;
import static io.alidade.model.ColumnType.REGTYPE;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.polymorphic;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Volatility;
import io.alidade.sql.function.Signature.ArgumentType;
import io.alidade.sql.function.Signature.ResultType;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Functions about what is in the catalog, as psql and drivers call them.
final class CatalogFunctions {
  private static final int UTF8 = 6;

  private CatalogFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    types(builder);
    definitions(builder);
    visibility(builder);
    privileges(builder);
    comments(builder);
  }

  private static void stable(
      FunctionRegistry.Builder builder, Signature signature, Implementation body) {
    builder.scalar(signature, Volatility.STABLE, body);
  }

  private static void types(FunctionRegistry.Builder builder) {
    stable(
        builder,
        signature("format_type", TEXT, OID, INT4),
        (Implementation.OfRow) CatalogFunctions::formatType);
    stable(
        builder,
        signature("to_regclass", REGCLASS, TEXT),
        (Implementation.OfOne) (context, name) -> boxed(context.objects().relation((String) name)));
    stable(
        builder,
        signature("to_regtype", REGTYPE, TEXT),
        (Implementation.OfOne)
            (context, name) -> {
              ColumnType type = context.objects().type((String) name);
              return type == null ? null : (Object) context.objects().typeOid(type);
            });
    stable(
        builder,
        signature("pg_encoding_to_char", NAME, INT4),
        (Implementation.OfOne) (_, encoding) -> (Integer) encoding == UTF8 ? "UTF8" : "");
    builder.none("pg_client_encoding", NAME, Volatility.STABLE, _ -> "UTF8");
  }

  private static @Nullable Object boxed(OptionalLong oid) {
    return oid.isPresent() ? (Object) oid.getAsLong() : null;
  }

  private static @Nullable Object formatType(
      EvaluationContext context, @Nullable Object[] arguments) {
    if (arguments[0] == null) {
      return null;
    }
    long oid = (Long) arguments[0];
    int modifier =
        arguments[1] == null ? ColumnType.NO_MODIFIER : ((Integer) arguments[1]).intValue();
    String name = context.objects().typeName(oid, modifier);
    return oid == 0 ? "-" : name == null ? "???" : name;
  }

  private static void definitions(FunctionRegistry.Builder builder) {
    builder.two("pg_get_expr", TEXT, OID, TEXT, (_, expression, _) -> expression);
    builder.many(signature("pg_get_expr", TEXT, TEXT, OID, BOOL), (_, arguments) -> arguments[0]);
    stable(
        builder,
        signature("pg_get_indexdef", TEXT, OID),
        (Implementation.OfOne) (context, oid) -> context.objects().indexDefinition((Long) oid, 0));
    stable(
        builder,
        signature("pg_get_indexdef", TEXT, OID, INT4, BOOL),
        (Implementation.OfMany)
            (context, arguments) ->
                context.objects().indexDefinition((Long) arguments[0], (Integer) arguments[1]));
    stable(
        builder,
        signature("pg_get_constraintdef", TEXT, OID),
        (Implementation.OfOne)
            (context, oid) ->
                context.objects().constraintDefinition((Long) oid, ObjectNames.Parentheses.ALL));
    stable(
        builder,
        signature("pg_get_constraintdef", TEXT, OID, BOOL),
        (Implementation.OfTwo)
            (context, oid, pretty) ->
                context
                    .objects()
                    .constraintDefinition(
                        (Long) oid,
                        (Boolean) pretty
                            ? ObjectNames.Parentheses.NEEDED
                            : ObjectNames.Parentheses.ALL));
    // There are no triggers; psql asks for them where PostgreSQL has those of foreign keys.
    stable(
        builder,
        signature("pg_get_triggerdef", TEXT, OID, BOOL),
        (Implementation.OfTwo) (_, _, _) -> null);
    stable(
        builder,
        signature("pg_get_userbyid", NAME, OID),
        (Implementation.OfOne)
            (context, oid) -> {
              String name = context.objects().roleName((Long) oid);
              return name == null ? "unknown (OID=" + oid + ")" : name;
            });
    stable(builder, signature("pg_get_viewdef", TEXT, OID), (Implementation.OfOne) (_, _) -> "");
    stable(
        builder,
        signature("pg_get_function_result", TEXT, OID),
        (Implementation.OfOne) (_, _) -> null);
    stable(
        builder,
        signature("pg_get_statisticsobjdef_columns", TEXT, OID),
        (Implementation.OfOne) (_, _) -> null);
    size(builder, "pg_relation_size", EvaluationContext.SizeOf.ROWS);
    size(builder, "pg_table_size", EvaluationContext.SizeOf.ROWS);
    size(builder, "pg_indexes_size", EvaluationContext.SizeOf.INDEXES);
    size(builder, "pg_total_relation_size", EvaluationContext.SizeOf.EVERYTHING);
    builder.one("pg_size_pretty", INT8, TEXT, (_, bytes) -> prettySize((Long) bytes));
  }

  private static void size(
      FunctionRegistry.Builder builder, String name, EvaluationContext.SizeOf what) {
    stable(
        builder,
        signature(name, INT8, REGCLASS),
        (Implementation.OfOne)
            (context, relation) -> {
              OptionalLong bytes = context.relationBytes((Long) relation, what);
              return bytes.isPresent() ? bytes.getAsLong() : null;
            });
  }

  private static String prettySize(long bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    double size = bytes;
    int unit = 0;
    while (Math.abs(size) >= 10 * 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return Math.round(size) + " " + units[unit];
  }

  private static void visibility(FunctionRegistry.Builder builder) {
    stable(
        builder,
        signature("pg_table_is_visible", BOOL, OID),
        (Implementation.OfOne) (context, oid) -> context.objects().isVisible((Long) oid));
    for (String name :
        List.of(
            "pg_type_is_visible",
            "pg_function_is_visible",
            "pg_operator_is_visible",
            "pg_opclass_is_visible",
            "pg_collation_is_visible")) {
      stable(builder, signature(name, BOOL, OID), (Implementation.OfOne) (_, _) -> true);
    }
    stable(
        builder,
        signature("pg_relation_is_publishable", BOOL, REGCLASS),
        (Implementation.OfOne) (_, _) -> true);
    stable(
        builder,
        signature("pg_is_other_temp_schema", BOOL, OID),
        (Implementation.OfOne) (_, _) -> false);
  }

  /// There is one role, and it may do everything.
  private static void privileges(FunctionRegistry.Builder builder) {
    ArgumentType any = new ArgumentType.Any();
    for (String object :
        List.of("table", "schema", "database", "function", "language", "sequence", "type")) {
      String name = "has_" + object + "_privilege";
      ResultType bool = new ResultType.Fixed(BOOL);
      stable(builder, polymorphic(name, bool, any, any), (Implementation.OfTwo) (_, _, _) -> true);
      stable(
          builder, polymorphic(name, bool, any, any, any), (Implementation.OfMany) (_, _) -> true);
    }
    for (String name : List.of("has_column_privilege", "has_any_column_privilege")) {
      stable(
          builder,
          polymorphic(name, new ResultType.Fixed(BOOL), any, any, any),
          (Implementation.OfMany) (_, _) -> true);
    }
  }

  /// There are no comments yet.
  private static void comments(FunctionRegistry.Builder builder) {
    stable(builder, signature("obj_description", TEXT, OID), (Implementation.OfOne) (_, _) -> null);
    stable(
        builder,
        signature("obj_description", TEXT, OID, NAME),
        (Implementation.OfTwo) (_, _, _) -> null);
    stable(
        builder,
        signature("col_description", TEXT, OID, INT4),
        (Implementation.OfTwo) (_, _, _) -> null);
    stable(
        builder,
        signature("shobj_description", TEXT, OID, NAME),
        (Implementation.OfTwo) (_, _, _) -> null);
  }
}
