package io.alidade.sql.function;

import static io.alidade.model.ColumnType.REGTYPE;
import static io.alidade.model.ColumnType.TEXT;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions whose arguments may be of any type, which they need to know: analysis makes one for
/// the types of each call.
public final class PolymorphicFunctions {
  private PolymorphicFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    ColumnType text = TEXT;
    for (ColumnType other :
        ComparisonOverload.ALL.stream().map(ComparisonOverload::left).distinct().toList()) {
      if (!other.equals(text) && TypeCategory.of(other) != TypeCategory.STRING) {
        concatenation(builder, text, other);
        concatenation(builder, other, text);
      }
    }
  }

  /// `text || integer` and the like: the other side is taken as text.
  private static void concatenation(
      FunctionRegistry.Builder builder, ColumnType left, ColumnType right) {
    boolean vectors =
        left.kind().valueClass() == float[].class || right.kind().valueClass() == float[].class;
    boolean json = left.kind() == ColumnType.Kind.JSONB || right.kind() == ColumnType.Kind.JSONB;
    if (vectors || json) {
      return;
    }
    builder.scalar(
        FunctionRegistry.signature("||", TEXT, left, right),
        Volatility.STABLE,
        (Implementation.OfTwo)
            (context, l, r) -> textOf(l, left, context) + textOf(r, right, context));
  }

  private static String textOf(Object value, ColumnType type, EvaluationContext context) {
    return type.kind() == ColumnType.Kind.BOOL
        ? value.toString()
        : ValueTexts.format(value, type, context);
  }

  /// The function of a name for arguments of some types; null if there is none.
  public static @Nullable ScalarOperator of(String name, List<ColumnType> types) {
    return switch (name) {
      case "pg_typeof" -> types.size() == 1 ? typeOf(types.getFirst()) : null;
      case "concat" -> types.isEmpty() ? null : concat(types);
      case "concat_ws" -> types.size() < 2 ? null : concatWithSeparator(types);
      case "array_to_string" -> arrayToString(types);
      case "format" -> types.isEmpty() ? null : FormatFunction.of(types);
      case "to_jsonb" -> types.size() == 1 ? JsonFunctions.toJsonb(types.getFirst()) : null;
      case "jsonb_build_object" -> JsonFunctions.buildObject(types);
      case "jsonb_build_array" -> JsonFunctions.buildArray(types);
      case "quote_literal" -> types.size() == 1 ? quoteLiteral(types.getFirst()) : null;
      default -> null;
    };
  }

  private static ScalarOperator typeOf(ColumnType type) {
    return operator(
        "pg_typeof",
        REGTYPE,
        List.of(type),
        (context, _) -> context.objects().typeOid(type.withoutModifier()));
  }

  static ScalarOperator operator(
      String name, ColumnType result, List<ColumnType> types, Implementation.OfRow body) {
    return new ScalarOperator(
        FunctionRegistry.signature(name, result, types.toArray(ColumnType[]::new)),
        Volatility.STABLE,
        body);
  }

  private static ScalarOperator quoteLiteral(ColumnType type) {
    return operator(
        "quote_literal",
        TEXT,
        List.of(type),
        (context, arguments) ->
            arguments[0] == null
                ? null
                : StringEditing.literal(ValueTexts.format(arguments[0], type, context)));
  }

  private static @Nullable ScalarOperator arrayToString(List<ColumnType> types) {
    boolean fits = types.size() == 2 || types.size() == 3;
    if (!fits || types.getFirst().kind() != ColumnType.Kind.ARRAY) {
      return null;
    }
    List<ColumnType> wanted = new ArrayList<>(Collections.nCopies(types.size(), TEXT));
    wanted.set(0, types.getFirst().withoutModifier());
    ColumnType element = types.getFirst().elementType();
    return operator(
        "array_to_string",
        TEXT,
        wanted,
        (context, arguments) -> joined(arguments, element, context));
  }

  private static @Nullable Object joined(
      @Nullable Object[] arguments, ColumnType element, EvaluationContext context) {
    Object array = arguments[0];
    Object separator = arguments[1];
    if (array == null || separator == null) {
      return null;
    }
    Object forNull = arguments.length > 2 ? arguments[2] : null;
    List<String> texts = new ArrayList<>();
    for (Object each : ArrayConversions.elements(array)) {
      if (each != null) {
        texts.add(ValueTexts.format(each, element, context));
      } else if (forNull != null) {
        texts.add((String) forNull);
      }
    }
    return String.join((String) separator, texts);
  }

  private static ScalarOperator concat(List<ColumnType> types) {
    return operator(
        "concat",
        TEXT,
        types,
        (context, arguments) -> {
          StringBuilder text = new StringBuilder();
          for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument != null) {
              text.append(ValueTexts.format(argument, types.get(i), context));
            }
          }
          return text.toString();
        });
  }

  private static ScalarOperator concatWithSeparator(List<ColumnType> types) {
    return operator(
        "concat_ws",
        TEXT,
        types,
        (context, arguments) -> {
          if (arguments[0] == null) {
            return null;
          }
          String separator = ValueTexts.format(arguments[0], types.getFirst(), context);
          StringBuilder text = new StringBuilder();
          String before = "";
          for (int i = 1; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument != null) {
              text.append(before).append(ValueTexts.format(argument, types.get(i), context));
              before = separator;
            }
          }
          return text.toString();
        });
  }
}
