package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.model.codec.TextCodec;
import org.jspecify.annotations.Nullable;

/// Which type converts to which, by what function, and whether it must be asked for.
public final class CastRegistry {
  private CastRegistry() {}

  /// A constant's value in a type.
  ///
  /// @param written the type it has as written; `text` for one in quotes
  /// @param sign -1 to negate it
  public static @Nullable Object literal(
      String text, ColumnType written, int sign, ColumnType target, EvaluationContext context) {
    return TextCodec.parse(text, target, context.timeZone());
  }
}
