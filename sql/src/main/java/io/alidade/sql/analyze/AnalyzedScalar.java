package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import org.apache.calcite.rex.RexNode;

/// An expression over one row of a table, such as a DEFAULT or CHECK.
///
/// @param rex its input references are 0-based columns of the table
public record AnalyzedScalar(RexNode rex, ColumnType type, Slots slots) {}
