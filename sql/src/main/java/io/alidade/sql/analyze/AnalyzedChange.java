package io.alidade.sql.analyze;

import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// An INSERT, UPDATE or DELETE whose names and types are resolved.
///
/// Values are already of their columns' types: defaults are filled in, and assignment casts are
/// part of the expressions. NOT NULL, CHECK and uniqueness are left to whoever writes the rows.
public sealed interface AnalyzedChange extends AnalyzedStatement {
  TableDefinition table();

  /// The rows to change; what its columns are, each kind of change says.
  RelNode source();

  /// The RETURNING list as expressions over a row that each kind of change describes; empty if
  /// there is none.
  List<RexNode> returning();

  /// Rows to add.
  ///
  /// @param source complete rows of the table
  /// @param returning over the new row
  record Insert(
      TableDefinition table,
      RelNode source,
      Optional<OnConflict> onConflict,
      List<RexNode> returning,
      List<OutputColumn> columns,
      Slots slots)
      implements AnalyzedChange {}

  /// Rows to give new values.
  ///
  /// @param source where the row is (see [io.alidade.sql.catalog.AlidadeTable#ROW_REFERENCE]), then
  ///   the complete new row, then the columns of FROM
  /// @param assigned the 0-based columns that SET names
  /// @param returning over the new row followed by the columns of FROM
  record Update(
      TableDefinition table,
      RelNode source,
      List<Integer> assigned,
      List<RexNode> returning,
      List<OutputColumn> columns,
      Slots slots)
      implements AnalyzedChange {}

  /// Rows to remove.
  ///
  /// @param source where the row is; then, only if there is RETURNING, the complete old row and the
  ///   columns of USING
  /// @param returning over the old row followed by the columns of USING
  record Delete(
      TableDefinition table,
      RelNode source,
      List<RexNode> returning,
      List<OutputColumn> columns,
      Slots slots)
      implements AnalyzedChange {}

  /// What an INSERT does with rows that are there already.
  ///
  /// @param columns the 0-based columns of the unique key that is watched, in the key's order;
  ///   empty for any
  /// @param update empty for DO NOTHING
  record OnConflict(List<Integer> columns, Optional<ConflictUpdate> update) {}

  /// DO UPDATE.
  ///
  /// @param newRow the complete new row, over the existing row followed by the one proposed
  /// @param assigned the 0-based columns that SET names
  /// @param condition of its WHERE, over the same
  record ConflictUpdate(
      List<RexNode> newRow, List<Integer> assigned, Optional<RexNode> condition) {}
}
