package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `COPY` in either direction; the option list of the old syntax is rewritten to the new one.
///
/// @param where of `COPY ... FROM ... WHERE`
public record Copy(
    Subject subject,
    Direction direction,
    Endpoint endpoint,
    List<Option> options,
    @Nullable Expression where,
    int position)
    implements StatementSyntax {

  /// What is copied.
  public sealed interface Subject {
    /// A table.
    ///
    /// @param columns empty for all
    record Table(QualifiedName name, List<String> columns) implements Subject {}

    /// The result of a statement, `TO` only: a {@link Query} or a {@link DataChange}.
    record Result(StatementSyntax statement) implements Subject {}
  }

  /// Into the table or out of it.
  public enum Direction {
    FROM,
    TO
  }

  /// The other end.
  public sealed interface Endpoint {
    /// `STDIN` or `STDOUT`, which mean the same.
    record Client() implements Endpoint {}

    record File(String path) implements Endpoint {}

    record Program(String command) implements Endpoint {}
  }

  /// One option, its name lower case as in the new syntax (`format`, `delimiter`, `force_quote`).
  ///
  /// @param values empty if only the name was written; `*` alone for every column
  public record Option(String name, List<String> values, int position) {}
}
