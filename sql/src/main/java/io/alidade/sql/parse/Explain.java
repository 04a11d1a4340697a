package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `EXPLAIN [ANALYZE] [VERBOSE] statement` or `EXPLAIN (options) statement`.
///
/// @param statementOffset where the explained statement starts in the whole text
public record Explain(List<Option> options, StatementSyntax statement, int statementOffset)
    implements StatementSyntax {

  /// One option, lower case.
  ///
  /// @param value null if only the name was written, which means on
  public record Option(String name, @Nullable String value, int position) {}
}
