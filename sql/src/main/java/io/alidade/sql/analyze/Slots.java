package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.sql.analyze.SlotDefinition.Source;
import io.alidade.sql.function.CastRegistry;
import io.alidade.sql.function.EvaluationContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values that an analysed statement takes when it runs.
///
/// @param definitions in the order of the `RexDynamicParam`s that stand for them
/// @param parameterTypes the types of `$1`, `$2`... as declared or inferred
public record Slots(List<SlotDefinition> definitions, List<ColumnType> parameterTypes) {
  public Slots {
    definitions = List.copyOf(definitions);
    parameterTypes = List.copyOf(parameterTypes);
  }

  /// Whether a plan made from this analysis serves a statement of the same key with these literals.
  public boolean serves(List<String> literals) {
    for (SlotDefinition slot : definitions) {
      if (slot.source() instanceof Source.Literal literal
          && literal.literal() >= 0
          && !serves(literal, literals.get(literal.literal()))) {
        return false;
      }
    }
    return true;
  }

  private boolean serves(Source.Literal literal, String text) {
    return literal.written().equals(ColumnType.TEXT)
        || literal.written().equals(CastRegistry.numberType(text, literal.sign()));
  }

  /// The values of all slots.
  ///
  /// @param parameters the client's, each of its type
  /// @param literals of the statement's key; empty to take those it was analysed from
  public @Nullable Object[] values(
      List<@Nullable Object> parameters, List<String> literals, EvaluationContext context) {
    @Nullable Object[] values = new @Nullable Object[definitions.size()];
    for (int i = 0; i < values.length; i++) {
      SlotDefinition slot = definitions.get(i);
      values[i] =
          switch (slot.source()) {
            case Source.Parameter(var index) -> parameters.get(index);
            case Source.Literal literal -> value(literal, slot.type(), literals, context);
          };
    }
    return values;
  }

  /// The values of the constants that it was analysed from; null for parameters, which have none
  /// yet.
  public @Nullable Object[] literals(EvaluationContext context) {
    @Nullable Object[] values = new @Nullable Object[definitions.size()];
    for (int i = 0; i < values.length; i++) {
      SlotDefinition slot = definitions.get(i);
      values[i] =
          switch (slot.source()) {
            case Source.Parameter _ -> null;
            case Source.Literal literal -> value(literal, slot.type(), List.of(), context);
          };
    }
    return values;
  }

  private static @Nullable Object value(
      Source.Literal literal, ColumnType type, List<String> literals, EvaluationContext context) {
    boolean fixed = literal.literal() < 0 || literals.isEmpty();
    String text = fixed ? literal.text() : literals.get(literal.literal());
    return CastRegistry.literal(text, literal.written(), literal.sign(), type, context);
  }
}
