package io.alidade.storage.catalog;

import java.util.List;

/// A constraint of a table: what its rows must fulfil, beyond NOT NULL.
///
/// Columns are indexes into the table's columns. What a constraint asks is checked by who writes
/// rows; storage itself keeps the unique indexes that are not deferrable.
public sealed interface ConstraintDefinition {

  /// Its OID, never used again.
  int oid();

  /// Its name, unique among the constraints of its table.
  String name();

  /// When it is checked.
  Deferral deferral();

  /// The same constraint under another name.
  ConstraintDefinition withName(String newName);

  /// When a constraint is checked.
  enum Deferral {
    /// At the end of each statement at the latest.
    NOT_DEFERRABLE,
    /// At the end of each statement, unless SET CONSTRAINTS says otherwise.
    INITIALLY_IMMEDIATE,
    /// At COMMIT, unless SET CONSTRAINTS says otherwise.
    INITIALLY_DEFERRED;

    /// Whether SET CONSTRAINTS may say when.
    public boolean isDeferrable() {
      return this != NOT_DEFERRABLE;
    }
  }

  /// Whether the rows that were there before a constraint fulfil it.
  enum Validity {
    VALIDATED,
    /// Only rows that were written since are known to.
    NOT_VALID
  }

  /// Whether a CHECK would hold for tables that inherit from its own; there are none.
  enum Inheritance {
    INHERITED,
    NO_INHERIT
  }

  /// `CHECK (condition)`: not false for any row.
  ///
  /// @param condition SQL's text, over the table's column names
  /// @param shown the same as PostgreSQL would show it, with all parentheses
  /// @param pretty the same with those that are needed only
  /// @param columns those that the condition names
  record Check(
      int oid,
      String name,
      String condition,
      String shown,
      String pretty,
      List<Integer> columns,
      Validity validity,
      Inheritance inheritance)
      implements ConstraintDefinition {
    public Check {
      columns = List.copyOf(columns);
    }

    @Override
    public Deferral deferral() {
      return Deferral.NOT_DEFERRABLE;
    }

    @Override
    public Check withName(String newName) {
      return new Check(oid, newName, condition, shown, pretty, columns, validity, inheritance);
    }

    /// The same constraint, known to hold for all rows or not.
    public Check withValidity(Validity newValidity) {
      return new Check(oid, name, condition, shown, pretty, columns, newValidity, inheritance);
    }
  }

  /// A primary key or unique constraint: the unique index that was made for it.
  ///
  /// @param name the index's name too
  /// @param indexOid an index of the same table
  record Key(int oid, String name, int indexOid, Deferral deferral)
      implements ConstraintDefinition {
    @Override
    public Key withName(String newName) {
      return new Key(oid, newName, indexOid, deferral);
    }
  }

  /// `FOREIGN KEY (columns) REFERENCES table (referencedColumns)`.
  ///
  /// @param columns in the order in which they were written
  /// @param referencedTable the OID of the table that the key points to; may be the table's own
  /// @param referencedIndex the OID of its unique index that keys are looked up in
  /// @param referencedColumns one for each of `columns`
  /// @param resetOnDelete which of `columns` ON DELETE SET NULL and SET DEFAULT set; empty for all
  record ForeignKey(
      int oid,
      String name,
      List<Integer> columns,
      int referencedTable,
      int referencedIndex,
      List<Integer> referencedColumns,
      Match match,
      Action onDelete,
      List<Integer> resetOnDelete,
      Action onUpdate,
      Deferral deferral,
      Validity validity)
      implements ConstraintDefinition {
    public ForeignKey {
      columns = List.copyOf(columns);
      referencedColumns = List.copyOf(referencedColumns);
      resetOnDelete = List.copyOf(resetOnDelete);
      if (columns.isEmpty() || columns.size() != referencedColumns.size()) {
        throw new IllegalArgumentException(
            "foreign key " + name + " of " + columns + " to " + referencedColumns);
      }
    }

    @Override
    public ForeignKey withName(String newName) {
      return new ForeignKey(
          oid,
          newName,
          columns,
          referencedTable,
          referencedIndex,
          referencedColumns,
          match,
          onDelete,
          resetOnDelete,
          onUpdate,
          deferral,
          validity);
    }

    /// The same constraint, known to hold for all rows or not.
    public ForeignKey withValidity(Validity newValidity) {
      return new ForeignKey(
          oid,
          name,
          columns,
          referencedTable,
          referencedIndex,
          referencedColumns,
          match,
          onDelete,
          resetOnDelete,
          onUpdate,
          deferral,
          newValidity);
    }
  }

  /// What a foreign key makes of NULLs.
  enum Match {
    /// A row with a NULL in the key points nowhere, and may.
    SIMPLE,
    /// All columns of the key are NULL, or none.
    FULL
  }

  /// What becomes of rows when the row that they point to goes or gets another key.
  enum Action {
    /// It may not, if rows still point to it when the constraint is checked.
    NO_ACTION,
    /// It may not, even if another row takes its place, or the constraint is deferred.
    RESTRICT,
    /// They go, or follow.
    CASCADE,
    SET_NULL,
    SET_DEFAULT
  }
}
