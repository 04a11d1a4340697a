package io.alidade.sql.function;

import java.util.Optional;

/// A way from one type to another.
///
/// @param context the least explicit place where it happens
/// @param operator what converts; empty where both types have the same values
public record Conversion(Context context, Optional<ScalarOperator> operator) {

  /// Where a conversion is wanted, each also allowing what those before it allow.
  public enum Context {
    /// In expressions, unasked.
    IMPLICIT,
    /// When a column is assigned.
    ASSIGNMENT,
    /// By `CAST` or `::`.
    EXPLICIT;

    /// Whether what needs `least` may happen here.
    public boolean allows(Context least) {
      return least.compareTo(this) <= 0;
    }
  }
}
