package io.alidade.sql.parse;

import io.alidade.sql.parse.Expression.Direction;
import io.alidade.sql.parse.Expression.Nulls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that makes, changes, empties or removes tables and indexes.
public sealed interface TableDefinition extends StatementSyntax {

  /// `CREATE TABLE`.
  record CreateTable(
      QualifiedName name,
      Persistence persistence,
      boolean ifNotExists,
      List<Column> columns,
      List<TableConstraint> constraints,
      List<StorageOption> options,
      OnCommit onCommit,
      int position)
      implements TableDefinition {}

  /// How long a table's rows live.
  enum Persistence {
    PERMANENT,
    TEMPORARY,
    UNLOGGED
  }

  /// What a temporary table does at COMMIT.
  enum OnCommit {
    PRESERVE_ROWS,
    DELETE_ROWS,
    DROP
  }

  /// One column of a CREATE TABLE.
  record Column(
      String name,
      TypeName type,
      @Nullable QualifiedName collation,
      List<ColumnConstraint> constraints,
      int position) {}

  /// A constraint, default or generation rule written with its column.
  sealed interface ColumnConstraint {
    /// The name after CONSTRAINT, or null.
    @Nullable String name();

    int position();

    record NotNull(@Nullable String name, int position) implements ColumnConstraint {}

    /// `NULL`: may be null, as it may without.
    record Nullability(@Nullable String name, int position) implements ColumnConstraint {}

    /// `DEFAULT value`.
    ///
    /// @param text of the value as written, for the catalog
    record DefaultValue(@Nullable String name, Expression value, String text, int position)
        implements ColumnConstraint {}

    record PrimaryKey(
        @Nullable String name,
        List<StorageOption> options,
        ConstraintAttributes attributes,
        int position)
        implements ColumnConstraint {}

    record Unique(
        @Nullable String name,
        NullsEqual nulls,
        List<StorageOption> options,
        ConstraintAttributes attributes,
        int position)
        implements ColumnConstraint {}

    /// `CHECK (condition)`.
    ///
    /// @param text of the condition as written, for the catalog
    record Check(
        @Nullable String name,
        Expression condition,
        String text,
        ConstraintAttributes attributes,
        int position)
        implements ColumnConstraint {}

    record References(
        @Nullable String name, ForeignTable target, ConstraintAttributes attributes, int position)
        implements ColumnConstraint {}

    /// `GENERATED ALWAYS AS (expression) STORED`.
    ///
    /// @param text of the expression as written, for the catalog
    record Generated(@Nullable String name, Expression expression, String text, int position)
        implements ColumnConstraint {}

    /// `GENERATED ALWAYS | BY DEFAULT AS IDENTITY`.
    record Identity(
        @Nullable String name, IdentityKind kind, List<StorageOption> options, int position)
        implements ColumnConstraint {}
  }

  /// Whether an identity column may be given a value.
  enum IdentityKind {
    ALWAYS,
    BY_DEFAULT
  }

  /// Whether NULLs count as equal in a unique constraint or index.
  enum NullsEqual {
    DISTINCT,
    NOT_DISTINCT
  }

  /// A constraint of a whole table.
  sealed interface TableConstraint {
    /// The name after CONSTRAINT, or null.
    @Nullable String name();

    int position();

    /// `PRIMARY KEY (columns)` or `PRIMARY KEY USING INDEX index`.
    ///
    /// @param index null where columns are given
    record PrimaryKey(
        @Nullable String name,
        List<String> columns,
        @Nullable String index,
        List<StorageOption> options,
        ConstraintAttributes attributes,
        int position)
        implements TableConstraint {}

    /// `UNIQUE (columns)` or `UNIQUE USING INDEX index`.
    ///
    /// @param index null where columns are given
    record Unique(
        @Nullable String name,
        NullsEqual nulls,
        List<String> columns,
        @Nullable String index,
        List<StorageOption> options,
        ConstraintAttributes attributes,
        int position)
        implements TableConstraint {}

    /// `CHECK (condition)`.
    ///
    /// @param text of the condition as written, for the catalog
    record Check(
        @Nullable String name,
        Expression condition,
        String text,
        ConstraintAttributes attributes,
        int position)
        implements TableConstraint {}

    record ForeignKey(
        @Nullable String name,
        List<String> columns,
        ForeignTable target,
        ConstraintAttributes attributes,
        int position)
        implements TableConstraint {}
  }

  /// What may be written after a constraint.
  record ConstraintAttributes(Deferrability deferrability, boolean notValid, boolean noInherit) {
    static final ConstraintAttributes NONE =
        new ConstraintAttributes(Deferrability.NOT_DEFERRABLE, false, false);
  }

  /// When a constraint is checked.
  enum Deferrability {
    /// Also when nothing is written.
    NOT_DEFERRABLE,
    INITIALLY_IMMEDIATE,
    INITIALLY_DEFERRED
  }

  /// The table a foreign key points to.
  ///
  /// @param columns empty for its primary key
  /// @param resetOnDelete the columns of `ON DELETE SET NULL (columns)`; empty for all
  record ForeignTable(
      QualifiedName table,
      List<String> columns,
      MatchKind match,
      ReferentialAction onDelete,
      List<String> resetOnDelete,
      ReferentialAction onUpdate) {}

  /// The MATCH of a foreign key.
  enum MatchKind {
    SIMPLE,
    FULL
  }

  /// What a foreign key does when the row it points to changes.
  enum ReferentialAction {
    NO_ACTION,
    RESTRICT,
    CASCADE,
    SET_NULL,
    SET_DEFAULT
  }

  /// `name = value` of a WITH list, the name lower case.
  ///
  /// @param value null if only the name was written
  record StorageOption(String name, @Nullable String value, int position) {}

  /// `CREATE INDEX`.
  ///
  /// @param name null if it is to be made up; an index is in its table's schema
  /// @param method `btree` if not written
  record CreateIndex(
      @Nullable String name,
      QualifiedName table,
      String method,
      Uniqueness uniqueness,
      BuildMode build,
      boolean ifNotExists,
      List<IndexElement> elements,
      List<IndexElement> include,
      NullsEqual nulls,
      List<StorageOption> options,
      @Nullable Predicate where,
      int position)
      implements TableDefinition {}

  /// The condition of a partial index.
  ///
  /// @param text of the condition as written, for the catalog
  record Predicate(Expression condition, String text) {}

  /// Whether an index is UNIQUE.
  enum Uniqueness {
    NOT_UNIQUE,
    UNIQUE
  }

  /// Whether an index statement said CONCURRENTLY.
  enum BuildMode {
    BLOCKING,
    CONCURRENT
  }

  /// A column or expression of an index.
  ///
  /// @param text of the key as written, for the catalog
  /// @param key a {@link Expression.ColumnReference} of one part for a column
  record IndexElement(
      Expression key,
      String text,
      @Nullable QualifiedName collation,
      @Nullable QualifiedName operatorClass,
      List<StorageOption> operatorClassOptions,
      Direction direction,
      Nulls nulls,
      int position) {}

  /// `DROP TABLE a, b`.
  record DropTable(List<QualifiedName> names, boolean ifExists, DropBehavior behavior)
      implements TableDefinition {}

  /// `DROP INDEX a, b`.
  record DropIndex(
      List<QualifiedName> names, boolean ifExists, BuildMode build, DropBehavior behavior)
      implements TableDefinition {}

  /// `ALTER INDEX a SET (...), RESET (...)` or `ALTER INDEX a RENAME TO b`.
  ///
  /// @param changes in the order in which they were written
  record AlterIndex(QualifiedName name, boolean ifExists, List<IndexChange> changes, int position)
      implements TableDefinition {}

  /// One thing that an ALTER INDEX does.
  sealed interface IndexChange {
    /// `SET (name = value, ...)`.
    record SetOptions(List<StorageOption> options) implements IndexChange {}

    /// `RESET (name, ...)`.
    record ResetOptions(List<StorageOption> options) implements IndexChange {}

    /// `RENAME TO name`.
    record Rename(String name) implements IndexChange {}
  }

  /// `ALTER TABLE a ADD COLUMN ..., DROP COLUMN ...`.
  ///
  /// @param changes in the order in which they were written
  record AlterTable(QualifiedName name, boolean ifExists, List<TableChange> changes, int position)
      implements TableDefinition {}

  /// What a DROP or TRUNCATE does to what depends on it.
  enum DropBehavior {
    /// Also when nothing is written.
    RESTRICT,
    CASCADE
  }

  /// `TRUNCATE a, b`.
  record Truncate(List<QualifiedName> names, IdentityOnTruncate identity, DropBehavior behavior)
      implements TableDefinition {}

  /// What TRUNCATE does to identity columns.
  enum IdentityOnTruncate {
    CONTINUE,
    RESTART
  }
}
