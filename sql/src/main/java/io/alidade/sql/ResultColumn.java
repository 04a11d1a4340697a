package io.alidade.sql;

import io.alidade.model.ColumnType;

/// A column of a result.
///
/// @param name its name, as RowDescription gives it
/// @param type its type
/// @param tableOid the table's OID when it is plainly a table's column, else 0
/// @param attributeNumber the column's 1-based number in that table, else 0
public record ResultColumn(String name, ColumnType type, int tableOid, short attributeNumber) {}
