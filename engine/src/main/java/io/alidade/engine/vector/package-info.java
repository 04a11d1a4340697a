/// Vectors off-heap, the distances between them, and the kernels that compute those.
///
/// What is here: [io.alidade.engine.vector.Distance] (pgvector's distances and their values),
/// [io.alidade.engine.vector.VectorStore] (rows of 32-bit floats reached by absolute address), and
/// [io.alidade.engine.vector.QueryScorer] (one query against many rows). The incubating Vector API
/// is used in this package only, beside a scalar implementation that gives the same answers.
///
/// What is not here: graphs, files and filters. A store does not know where its bytes come from.
///
/// Start reading at `VectorStore`, then `QueryScorer`.
@NullMarked
package io.alidade.engine.vector;

import org.jspecify.annotations.NullMarked;
