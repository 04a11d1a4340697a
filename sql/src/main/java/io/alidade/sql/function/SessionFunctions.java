package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NAME;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.model.ColumnType.UUID;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.EvaluationContext.SettingScope;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Functions about the session: who, where, settings.
final class SessionFunctions {
  private static final double MICROS_PER_SECOND = 1e6;

  private SessionFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    builder.none("version", TEXT, Volatility.STABLE, EvaluationContext::serverVersion);
    builder.none("current_database", NAME, Volatility.STABLE, EvaluationContext::currentDatabase);
    builder.none("current_catalog", NAME, Volatility.STABLE, EvaluationContext::currentDatabase);
    builder.none("current_user", NAME, Volatility.STABLE, EvaluationContext::currentUser);
    builder.none("session_user", NAME, Volatility.STABLE, EvaluationContext::sessionUser);
    builder.none("current_schema", NAME, Volatility.STABLE, SessionFunctions::currentSchema);
    builder.scalar(
        signature("current_schemas", ColumnType.arrayOf(NAME), BOOL),
        Volatility.STABLE,
        (Implementation.OfOne) (context, implicit) -> currentSchemas(context, (Boolean) implicit));
    builder.none("pg_backend_pid", INT4, Volatility.STABLE, EvaluationContext::processId);
    builder.none("txid_current", INT8, Volatility.STABLE, EvaluationContext::transactionId);
    builder.none("pg_is_in_recovery", BOOL, Volatility.STABLE, _ -> false);
    builder.none("random", FLOAT8, Volatility.VOLATILE, context -> context.random().nextDouble());
    builder.none("gen_random_uuid", UUID, Volatility.VOLATILE, _ -> java.util.UUID.randomUUID());
    builder.scalar(
        signature("pg_sleep", TEXT, FLOAT8),
        Volatility.VOLATILE,
        (Implementation.OfOne) (context, seconds) -> sleep(context, (Double) seconds));
    builder.scalar(
        signature("current_setting", TEXT, TEXT),
        Volatility.STABLE,
        (Implementation.OfOne) (context, name) -> setting(context, (String) name));
    builder.scalar(
        signature("current_setting", TEXT, TEXT, BOOL),
        Volatility.STABLE,
        (Implementation.OfTwo)
            (context, name, missingOk) ->
                (Boolean) missingOk
                    ? context.setting((String) name).orElse(null)
                    : setting(context, (String) name));
    builder.scalar(
        signature("set_config", TEXT, TEXT, TEXT, BOOL),
        Volatility.VOLATILE,
        (Implementation.OfRow) SessionFunctions::setConfig);
  }

  private static @Nullable String currentSchema(EvaluationContext context) {
    return context.searchPath().isEmpty() ? null : context.searchPath().getFirst();
  }

  private static List<@Nullable Object> currentSchemas(
      EvaluationContext context, boolean implicit) {
    List<@Nullable Object> schemas = new ArrayList<>(context.searchPath());
    if (implicit && !schemas.contains("pg_catalog")) {
      schemas.addFirst("pg_catalog");
    }
    return Collections.unmodifiableList(schemas);
  }

  /// PostgreSQL's result is of type `void`, whose text is empty.
  private static String sleep(EvaluationContext context, double seconds) {
    if (seconds > 0) {
      context.sleep((long) (seconds * MICROS_PER_SECOND));
    }
    return "";
  }

  private static String setting(EvaluationContext context, String name) {
    Optional<String> value = context.setting(name);
    return value.orElseThrow(() ->
        new DatabaseException(
            SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\""));
  }

  private static @Nullable Object setConfig(
      EvaluationContext context, @Nullable Object[] arguments) {
    if (!(arguments[0] instanceof String name)) {
      throw new DatabaseException(SqlState.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
    }
    boolean local = Boolean.TRUE.equals(arguments[2]);
    return context.changeSetting(
        name, (String) arguments[1], local ? SettingScope.TRANSACTION : SettingScope.SESSION);
  }
}
