package io.alidade.storage.catalog;

import io.alidade.model.ColumnType;
import java.util.Optional;

/// A column of a table.
///
/// @param name its name, unique in its table
/// @param type the type of its values
/// @param nullability whether it takes SQL NULL
/// @param defaultExpression the SQL text of its default, if it has one
public record ColumnDefinition(
    String name, ColumnType type, Nullability nullability, Optional<String> defaultExpression) {

  /// Whether a column takes SQL NULL.
  public enum Nullability {
    NULLABLE,
    NOT_NULL
  }

  /// A column that takes SQL NULL and has no default.
  public static ColumnDefinition nullable(String name, ColumnType type) {
    return new ColumnDefinition(name, type, Nullability.NULLABLE, Optional.empty());
  }

  /// A column that takes no SQL NULL and has no default.
  public static ColumnDefinition notNull(String name, ColumnType type) {
    return new ColumnDefinition(name, type, Nullability.NOT_NULL, Optional.empty());
  }

  /// Whether it takes SQL NULL.
  public boolean isNullable() {
    return nullability == Nullability.NULLABLE;
  }
}
