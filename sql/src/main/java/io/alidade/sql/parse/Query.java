package io.alidade.sql.parse;

import io.alidade.sql.parse.Expression.SetQuantifier;
import io.alidade.sql.parse.Expression.SortItem;
import io.alidade.sql.parse.Expression.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement or sub-query that returns rows: a body, and what is applied to all of it.
public record Query(
    @Nullable With with,
    Body body,
    List<SortItem> orderBy,
    @Nullable RowLimit limit,
    List<Locking> locking,
    int position)
    implements StatementSyntax {

  /// Where the rows come from.
  public sealed interface Body {
    int position();
  }

  /// `SELECT ... FROM ...`; `TABLE t` is `SELECT * FROM t`.
  ///
  /// @param items may be empty
  /// @param from joined by comma
  public record Select(
      @Nullable Distinct distinct,
      List<SelectItem> items,
      List<FromItem> from,
      @Nullable Expression where,
      @Nullable GroupBy groupBy,
      @Nullable Expression having,
      List<NamedWindow> windows,
      int position)
      implements Body {}

  /// `VALUES (...), (...)`.
  public record Values(List<Expression.Row> rows, int position) implements Body {}

  /// `UNION`, `INTERSECT` or `EXCEPT` of two bodies.
  public record SetOperation(
      SetOperator operator, SetQuantifier quantifier, Body left, Body right, int position)
      implements Body {}

  /// An operand of a set operation with an ORDER BY, LIMIT, WITH or FOR of its own.
  public record Nested(Query query, int position) implements Body {}

  /// The operator of a {@link SetOperation}.
  public enum SetOperator {
    UNION,
    INTERSECT,
    EXCEPT
  }

  /// `DISTINCT` or `DISTINCT ON (...)`.
  ///
  /// @param on empty for the plain one
  public record Distinct(List<Expression> on) {}

  /// One item of a select list or a RETURNING list; a bare `*` is an {@link Expression.Star}.
  public record SelectItem(Expression expression, @Nullable String alias, int position) {}

  /// The GROUP BY clause.
  public record GroupBy(SetQuantifier quantifier, List<GroupingElement> elements) {}

  /// One element of a GROUP BY.
  public sealed interface GroupingElement {
    /// An expression; `(a, b)` is a {@link Expression.Row}.
    record Key(Expression expression) implements GroupingElement {}

    /// `()`.
    record Empty(int position) implements GroupingElement {}

    /// `ROLLUP (...)`.
    record Rollup(List<Expression> keys, int position) implements GroupingElement {}

    /// `CUBE (...)`.
    record Cube(List<Expression> keys, int position) implements GroupingElement {}

    /// `GROUPING SETS (...)`.
    record Sets(List<GroupingElement> sets, int position) implements GroupingElement {}
  }

  /// A definition of the WINDOW clause.
  public record NamedWindow(String name, Window window) {}

  /// LIMIT and OFFSET, or FETCH FIRST.
  ///
  /// @param count null for none, and for `LIMIT ALL`
  public record RowLimit(
      @Nullable Expression count, @Nullable Expression offset, Ties ties, int position) {}

  /// Whether rows equal to the last one come too.
  public enum Ties {
    ONLY,
    WITH_TIES
  }

  /// `FOR UPDATE OF t NOWAIT` and its relatives.
  public record Locking(LockStrength strength, List<QualifiedName> of, LockWait waiting) {}

  /// How strong a {@link Locking} is.
  public enum LockStrength {
    UPDATE,
    NO_KEY_UPDATE,
    SHARE,
    KEY_SHARE
  }

  /// What a {@link Locking} does when a row is locked already.
  public enum LockWait {
    BLOCK,
    NOWAIT,
    SKIP_LOCKED
  }

  /// `WITH [RECURSIVE] ...`.
  public record With(boolean recursive, List<CommonTable> tables, int position) {}

  /// One table of a WITH.
  ///
  /// @param columns empty if not renamed
  /// @param statement a {@link Query} or a {@link DataChange}
  public record CommonTable(
      String name,
      List<String> columns,
      Materialization materialization,
      StatementSyntax statement,
      int position) {}

  /// What was asked of a {@link CommonTable}.
  public enum Materialization {
    DEFAULT,
    MATERIALIZED,
    NOT_MATERIALIZED
  }
}
