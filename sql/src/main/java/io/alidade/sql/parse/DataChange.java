package io.alidade.sql.parse;

import io.alidade.sql.parse.Query.SelectItem;
import io.alidade.sql.parse.Query.With;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that changes rows.
public sealed interface DataChange extends StatementSyntax {
  @Nullable With with();

  QualifiedName table();

  /// The RETURNING list, empty if there is none.
  List<SelectItem> returning();

  int position();

  /// `INSERT INTO table (columns) ...`.
  ///
  /// @param columns empty if not written
  record Insert(
      @Nullable With with,
      QualifiedName table,
      @Nullable String alias,
      List<Target> columns,
      Overriding overriding,
      Source source,
      @Nullable OnConflict onConflict,
      List<SelectItem> returning,
      int position)
      implements DataChange {}

  /// `UPDATE table SET ... FROM ... WHERE ...`.
  record Update(
      @Nullable With with,
      QualifiedName table,
      @Nullable String alias,
      List<Assignment> assignments,
      List<FromItem> from,
      @Nullable Expression where,
      List<SelectItem> returning,
      int position)
      implements DataChange {}

  /// `DELETE FROM table USING ... WHERE ...`.
  record Delete(
      @Nullable With with,
      QualifiedName table,
      @Nullable String alias,
      List<FromItem> using,
      @Nullable Expression where,
      List<SelectItem> returning,
      int position)
      implements DataChange {}

  /// A column that is written to, or part of it.
  record Target(
      String column, List<String> fields, List<Expression.Subscript> subscripts, int position) {}

  /// The `OVERRIDING` clause of an INSERT.
  enum Overriding {
    NONE,
    SYSTEM_VALUE,
    USER_VALUE
  }

  /// Where an INSERT takes its rows from.
  sealed interface Source {
    /// A query; `VALUES` is one, and may hold {@link Expression.Default}.
    record Rows(Query query) implements Source {}

    /// `DEFAULT VALUES`.
    record Defaults() implements Source {}
  }

  /// The ON CONFLICT clause.
  ///
  /// @param target null if none was given
  record OnConflict(@Nullable ConflictTarget target, ConflictAction action, int position) {}

  /// What {@link OnConflict} watches.
  sealed interface ConflictTarget {
    /// `(columns) [WHERE predicate]`.
    record Index(List<TableDefinition.IndexElement> elements, @Nullable Expression where)
        implements ConflictTarget {}

    /// `ON CONSTRAINT name`.
    record Constraint(String name, int position) implements ConflictTarget {}
  }

  /// What {@link OnConflict} does.
  sealed interface ConflictAction {
    record DoNothing() implements ConflictAction {}

    record DoUpdate(List<Assignment> assignments, @Nullable Expression where)
        implements ConflictAction {}
  }

  /// One assignment of a SET list.
  sealed interface Assignment {
    /// `column = value`, the value perhaps {@link Expression.Default}.
    record Single(Target target, Expression value) implements Assignment {}

    /// `(a, b) = row or sub-query`.
    record Multiple(List<Target> targets, Expression value, int position) implements Assignment {}
  }
}
