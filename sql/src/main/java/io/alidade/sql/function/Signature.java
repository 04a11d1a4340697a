package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import java.util.List;

/// The name, argument types and result type of one overload.
///
/// @param variadic whether the last argument may be repeated
public record Signature(
    String name, List<ArgumentType> arguments, boolean variadic, ResultType result) {
  public Signature {
    arguments = List.copyOf(arguments);
  }

  /// The result's type for actual arguments.
  public ColumnType resultFor(List<ColumnType> actual) {
    return switch (result) {
      case ResultType.Fixed(var type) -> type;
      case ResultType.SameAs(var index) -> actual.get(index).withoutModifier();
      case ResultType.ElementOf(var index) -> actual.get(index).elementType();
      case ResultType.ArrayOf(var index) -> ColumnType.arrayOf(actual.get(index).withoutModifier());
    };
  }

  /// What an argument may be.
  public sealed interface ArgumentType {
    /// Of this type.
    record Exact(ColumnType type) implements ArgumentType {}

    /// Of any type, an unknown literal being text.
    record Any() implements ArgumentType {}

    /// An array whose elements are of the type that [AnyElement] is.
    record AnyArray() implements ArgumentType {}

    /// Of the type of the elements of [AnyArray].
    record AnyElement() implements ArgumentType {}
  }

  /// What the result is.
  public sealed interface ResultType {
    /// Always of this type.
    record Fixed(ColumnType type) implements ResultType {}

    /// Of an argument's type.
    record SameAs(int argument) implements ResultType {}

    /// Of the type of an argument's elements.
    record ElementOf(int argument) implements ResultType {}

    /// An array of an argument's type.
    record ArrayOf(int argument) implements ResultType {}
  }
}
