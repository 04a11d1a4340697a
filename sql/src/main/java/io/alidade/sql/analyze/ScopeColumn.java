package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import org.apache.calcite.rex.RexNode;

/// A column that a FROM clause makes visible.
///
/// @param rex over the row that the FROM clause gives
/// @param tableOid the table's OID when it is plainly a table's column, else 0
/// @param attributeNumber its 1-based number in that table, else 0
record ScopeColumn(String name, RexNode rex, ColumnType type, int tableOid, short attributeNumber) {

  ScopeColumn renamed(String newName) {
    return new ScopeColumn(newName, rex, type, tableOid, attributeNumber);
  }

  ScopeColumn withRex(RexNode newRex) {
    return new ScopeColumn(name, newRex, type, tableOid, attributeNumber);
  }
}
