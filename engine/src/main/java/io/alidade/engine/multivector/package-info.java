/// Rows that are lists of vectors, compared by max_sim, and the approximate index over them.
///
/// What is here: [io.alidade.engine.multivector.MultiVectors] (what storage implements), the exact
/// score of a row, and [io.alidade.engine.multivector.MultiVectorIndex]: a graph over the vectors
/// of all rows, walked once for each vector of a query, with the rows of what was found ranked by a
/// bound of their score. Its saved form is documented at `MultiVectorFile`.
///
/// What is not here: the choice between the index and the exact search, filters and visibility
/// (`search`), and the graph itself (`hnsw`).
///
/// Start reading at `MultiVectorIndex`, then `MultiVectorWalk`.
@NullMarked
package io.alidade.engine.multivector;

import org.jspecify.annotations.NullMarked;
