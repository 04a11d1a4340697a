package io.alidade.sql.analyze;

import java.util.List;
import org.apache.calcite.rel.RelNode;

/// A query whose names and types are resolved.
///
/// @param rel gives the rows, in the query's order if it has one, with exactly `columns`
public record AnalyzedQuery(RelNode rel, List<OutputColumn> columns, Slots slots)
    implements AnalyzedStatement {}
