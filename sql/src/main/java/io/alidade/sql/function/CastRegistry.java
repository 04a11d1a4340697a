package io.alidade.sql.function;

import static io.alidade.sql.function.Conversion.Context.ASSIGNMENT;
import static io.alidade.sql.function.Conversion.Context.EXPLICIT;
import static io.alidade.sql.function.Conversion.Context.IMPLICIT;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.codec.Modifiers;
import io.alidade.sql.function.Conversion.Context;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which type converts to which, by what function, and whether it must be asked for: PostgreSQL's
/// `pg_cast` for our types, and pgvector's.
public final class CastRegistry {
  private static final Map<CastTable.Pair, Conversion> TABLE = CastTable.conversions();

  private CastRegistry() {}

  /// Whether a type converts to another in some place.
  public static boolean converts(ColumnType from, ColumnType to, Context context) {
    return find(from, to).filter(found -> context.allows(found.context())).isPresent();
  }

  /// How a type converts to another, modifiers aside; empty if it does not.
  public static Optional<Conversion> find(ColumnType from, ColumnType to) {
    if (from.withoutModifier().equals(to.withoutModifier())) {
      return Optional.of(new Conversion(IMPLICIT, Optional.empty()));
    }
    if (from.kind() == Kind.ARRAY || to.kind() == Kind.ARRAY) {
      return findForArrays(from, to);
    }
    Conversion listed = TABLE.get(new CastTable.Pair(from.kind(), to.kind()));
    return listed != null ? Optional.of(listed) : throughText(from, to);
  }

  private static Optional<Conversion> findForArrays(ColumnType from, ColumnType to) {
    if (from.kind() == Kind.ARRAY && to.kind() == Kind.ARRAY) {
      return find(from.elementType(), to.elementType())
          .map(element -> ArrayConversions.ofElements(element, to));
    }
    Optional<Conversion> vector = ArrayConversions.withVector(from, to);
    return vector.isPresent() ? vector : throughText(from, to);
  }

  /// The conversion by output and input functions, which exists to and from every string type.
  private static Optional<Conversion> throughText(ColumnType from, ColumnType to) {
    boolean toText = isString(to);
    if (!toText && !isString(from)) {
      return Optional.empty();
    }
    ColumnType source = from.withoutModifier();
    ColumnType target = to.withoutModifier();
    Implementation.OfOne body =
        toText
            ? (context, value) ->
                ValueTexts.parse(ValueTexts.format(value, source, context), target, context)
            : (context, value) -> ValueTexts.parse((String) value, target, context);
    return Optional.of(
        new Conversion(
            toText ? ASSIGNMENT : EXPLICIT,
            Optional.of(operator(from, target, Volatility.STABLE, body))));
  }

  private static boolean isString(ColumnType type) {
    return TypeCategory.of(type) == TypeCategory.STRING || type.kind() == Kind.CHAR;
  }

  /// The operator that makes values fit a type's modifier; empty if there is nothing to do.
  ///
  /// @param from a type of the same kind
  public static Optional<ScalarOperator> fitting(
      ColumnType from, ColumnType to, Modifiers.Coercion coercion) {
    ColumnType modified = to.kind() == Kind.ARRAY ? to.elementType() : to;
    if (!modified.hasModifier() || from.equals(to)) {
      return Optional.empty();
    }
    return Optional.of(
        operator(
            from,
            to,
            Volatility.IMMUTABLE,
            (context, value) -> Modifiers.coerce(value, to, coercion)));
  }

  static ScalarOperator operator(
      ColumnType from, ColumnType to, Volatility volatility, Implementation.OfOne body) {
    return new ScalarOperator(
        FunctionRegistry.signature("::" + to, to, from.withoutModifier()), volatility, body);
  }

  /// A constant's value in a type.
  ///
  /// @param written the type it has as written; `text` for one in quotes
  /// @param sign -1 to negate it
  public static @Nullable Object literal(
      String text, ColumnType written, int sign, ColumnType target, EvaluationContext context) {
    if (written.equals(ColumnType.TEXT)) {
      return ValueTexts.parse(text, target, context);
    }
    Object number = ValueTexts.parse(sign < 0 ? "-" + text : text, written, context);
    Conversion conversion =
        find(written, target)
            .orElseThrow(() -> new IllegalStateException(written + " to " + target));
    Object converted = number;
    if (conversion.operator().isPresent()) {
      converted = conversion.operator().get().apply(context, number);
    }
    return converted == null ? null : Modifiers.coerce(converted, target, Modifiers.Coercion.CAST);
  }

  /// The type of a numeric constant as written.
  public static ColumnType numberType(String text, int sign) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return ColumnType.NUMERIC;
      }
    }
    BigDecimal value = new BigDecimal(sign < 0 ? "-" + text : text);
    if (fits(value, Integer.MIN_VALUE, Integer.MAX_VALUE)) {
      return ColumnType.INT4;
    }
    return fits(value, Long.MIN_VALUE, Long.MAX_VALUE) ? ColumnType.INT8 : ColumnType.NUMERIC;
  }

  private static boolean fits(BigDecimal value, long min, long max) {
    return value.compareTo(BigDecimal.valueOf(min)) >= 0
        && value.compareTo(BigDecimal.valueOf(max)) <= 0;
  }
}
