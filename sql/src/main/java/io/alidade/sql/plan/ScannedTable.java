package io.alidade.sql.plan;

import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;

/// A table as a scan reads it.
///
/// A row is as wide as the table, and one wider if it shows where it is, so that columns are called
/// by the same numbers everywhere; the columns that nobody reads are left NULL.
///
/// @param definition the table
/// @param references whether the last column is the row's reference
/// @param read the columns that are read, ascending
public record ScannedTable(
    TableDefinition definition, RowReferences references, List<Integer> read) {
  public ScannedTable {
    read = List.copyOf(read);
  }

  /// The names of the columns of its rows.
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (ColumnDefinition column : definition.columns()) {
      columns.add(column.name());
    }
    if (references == RowReferences.SHOWN) {
      columns.add(AlidadeTable.ROW_REFERENCE);
    }
    return columns;
  }
}
