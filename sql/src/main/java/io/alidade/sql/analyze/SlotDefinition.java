package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;

/// A value that an analysed statement is given when it runs; its index among the slots is that of
/// the `RexDynamicParam`s which stand for it.
///
/// @param type the type of the value
public record SlotDefinition(ColumnType type, Source source) {

  /// Where the value comes from.
  public sealed interface Source {
    /// The client's parameter.
    ///
    /// @param index 0 for `$1`
    record Parameter(int index) implements Source {}

    /// A constant of the statement's text.
    ///
    /// @param literal its index among the literals of the statement's key, or
    ///   [io.alidade.sql.parse.Expression#NO_SLOT] where it is always `text`
    /// @param text as it was in the text this statement was analysed from
    /// @param written the type it had as written; `text` for one in quotes, which any type reads
    /// @param sign -1 where a minus stood before it
    record Literal(int literal, String text, ColumnType written, int sign) implements Source {}
  }
}
