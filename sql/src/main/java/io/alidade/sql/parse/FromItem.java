package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a FROM list holds: tables, sub-queries, functions and joins of these.
public sealed interface FromItem {
  int position();

  /// `table [[AS] alias [(columns)]]`.
  record Table(QualifiedName name, Inheritance inheritance, @Nullable Alias alias, int position)
      implements FromItem {}

  /// Whether `ONLY` was written.
  enum Inheritance {
    WITH_CHILDREN,
    ONLY
  }

  /// `[LATERAL] (SELECT ...) [AS] alias`.
  record Subquery(Scope scope, Query query, @Nullable Alias alias, int position)
      implements FromItem {}

  /// `[LATERAL] f(...) [WITH ORDINALITY] [alias]`, or `ROWS FROM (f(...), g(...))`.
  ///
  /// @param calls one, unless it is ROWS FROM; casts and `current_date` are calls too
  /// @param columns of `AS alias (name type, ...)`, else empty
  record Function(
      Scope scope,
      List<Call> calls,
      boolean withOrdinality,
      @Nullable Alias alias,
      List<TypedColumn> columns,
      int position)
      implements FromItem {}

  /// One function of a {@link Function}, with its columns in ROWS FROM.
  record Call(Expression call, List<TypedColumn> columns) {}

  /// A column with its type, in the alias of a function that returns records.
  record TypedColumn(String name, TypeName type, int position) {}

  /// Whether items to the left are seen: written out for sub-queries, always for functions.
  enum Scope {
    PLAIN,
    LATERAL
  }

  /// A join, perhaps in parentheses with an alias of its own.
  record Join(
      JoinKind kind,
      FromItem left,
      FromItem right,
      JoinCondition condition,
      @Nullable Alias alias,
      int position)
      implements FromItem {}

  /// The kind of a {@link Join}.
  enum JoinKind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    CROSS
  }

  /// How the sides of a {@link Join} meet.
  sealed interface JoinCondition {
    /// Of a CROSS JOIN only.
    record None() implements JoinCondition {}

    record On(Expression condition) implements JoinCondition {}

    /// `USING (columns) [AS alias]`.
    record Using(List<String> columns, @Nullable String alias, int position)
        implements JoinCondition {}

    record Natural() implements JoinCondition {}
  }

  /// The name given to an item, and to its columns from the left.
  record Alias(String name, List<String> columns) {}
}
