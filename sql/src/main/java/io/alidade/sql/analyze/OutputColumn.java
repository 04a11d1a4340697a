package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;

/// A column of a statement's result.
///
/// @param tableOid the table's OID when it is plainly a table's column, else 0
/// @param attributeNumber its 1-based number in that table, else 0
public record OutputColumn(String name, ColumnType type, int tableOid, short attributeNumber) {}
