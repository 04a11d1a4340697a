/// Filters: SQL predicates over the columns of a segment, as a tree that a search can look into.
///
/// What is here: the sealed [io.alidade.engine.filter.Filter] with SQL's three-valued logic, its
/// binding to a segment's columns ([io.alidade.engine.filter.BoundFilter]), and the estimate of how
/// many rows match with the index range that lists them
/// ([io.alidade.engine.filter.FilterEstimate]).
///
/// What is not here: visibility of rows, and SQL expressions: any that the tree cannot say comes as
/// a [io.alidade.engine.filter.Filter.Computed].
@NullMarked
package io.alidade.engine.filter;

import org.jspecify.annotations.NullMarked;
