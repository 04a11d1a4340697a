package io.alidade.sql.parse;

import org.jspecify.annotations.Nullable;

/// An operator as written: its symbol, and its schema if it was `OPERATOR(schema.symbol)`.
///
/// `!=` is `<>`, as in PostgreSQL.
public record OperatorName(@Nullable String schema, String symbol) {

  /// An operator without schema.
  public static OperatorName of(String symbol) {
    return new OperatorName(null, symbol);
  }

  @Override
  public String toString() {
    return schema == null ? symbol : "OPERATOR(" + schema + "." + symbol + ")";
  }
}
