package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/// An analysed expression, whose type may yet be open: a constant in quotes, a parameter and NULL
/// take the type that their place asks for.
sealed interface Operand {
  int position();

  /// Empty while it is open.
  Optional<ColumnType> type();

  /// How it is called in an error.
  default String typeName() {
    return type().map(type -> type.withoutModifier().toString()).orElse("unknown");
  }

  /// A value of a certain type.
  ///
  /// @param rex of that type, or of one with the same values
  /// @param known its type
  record Value(RexNode rex, ColumnType known, int position) implements Operand {
    @Override
    public Optional<ColumnType> type() {
      return Optional.of(known);
    }
  }

  /// A constant number: its type is certain, but it can be read as another one at once.
  record Number(String text, ColumnType known, int sign, int slot, int position)
      implements Operand {
    @Override
    public Optional<ColumnType> type() {
      return Optional.of(known);
    }

    Number negated() {
      return new Number(
          text,
          io.alidade.sql.function.CastRegistry.numberType(text, -sign),
          -sign,
          slot,
          position);
    }
  }

  /// A constant in quotes.
  record Quoted(String text, int slot, int position) implements Operand {
    @Override
    public Optional<ColumnType> type() {
      return Optional.empty();
    }
  }

  /// A parameter whose type is not known yet.
  ///
  /// @param index 0 for `$1`
  record Open(int index, int position) implements Operand {
    @Override
    public Optional<ColumnType> type() {
      return Optional.empty();
    }
  }

  /// NULL.
  record Null(int position) implements Operand {
    @Override
    public Optional<ColumnType> type() {
      return Optional.empty();
    }
  }
}
