package io.alidade.sql.parse;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A statement about a cursor.
public sealed interface CursorCommand extends StatementSyntax {

  /// `DECLARE name CURSOR FOR query`.
  record Declare(String name, Set<CursorOption> options, Query query, int position)
      implements CursorCommand {}

  /// The words a {@link Declare} may carry.
  enum CursorOption {
    BINARY,
    ASENSITIVE,
    INSENSITIVE,
    SCROLL,
    NO_SCROLL,
    WITH_HOLD
  }

  /// `FETCH` or `MOVE`.
  ///
  /// @param count rows for FORWARD and BACKWARD ({@link #ALL_ROWS} for ALL), a place for the others
  record Fetch(String cursor, Purpose purpose, Movement movement, long count, int position)
      implements CursorCommand {
    /// The count of `FETCH ALL`.
    public static final long ALL_ROWS = Long.MAX_VALUE;
  }

  /// Whether the rows are wanted.
  enum Purpose {
    FETCH,
    MOVE
  }

  /// How a {@link Fetch} counts.
  enum Movement {
    FORWARD,
    BACKWARD,
    ABSOLUTE,
    RELATIVE
  }

  /// `CLOSE name`, or all of them.
  ///
  /// @param name null for ALL
  record Close(@Nullable String name, int position) implements CursorCommand {}
}
