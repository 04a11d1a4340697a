/// Vectors off-heap, the distances between them, and the kernels that compute those.
///
/// What is here: [io.alidade.engine.vector.Distance] and [io.alidade.engine.vector.BitDistance]
/// (pgvector's distances and their values), [io.alidade.engine.vector.VectorElement] (what rows
/// consist of), [io.alidade.engine.vector.VectorStore] (rows reached by absolute address), and
/// [io.alidade.engine.vector.QueryScorer] (one query against many rows, whatever they consist of).
/// Below them the kernels, a family for each kind of row: [io.alidade.engine.vector.Kernel] for
/// floats, [io.alidade.engine.vector.NarrowKernel] for half floats and bytes,
/// [io.alidade.engine.vector.Int8Kernel] for signed bytes, [io.alidade.engine.vector.CodeKernel]
/// for codes of a bit or a byte a dimension, [io.alidade.engine.vector.NibbleKernel] for four bits
/// a number, [io.alidade.engine.vector.BitKernel] for bits, [io.alidade.engine.vector.TableLookup]
/// for product codes. The incubating Vector API is used in this package only, beside a scalar
/// implementation that gives the same answers; which of the two runs, a self-test decides that the
/// log tells of, or the system property `alidade.kernels` (`vector` or `scalar`).
///
/// What is not here: graphs, files and filters. A store does not know where its bytes come from.
///
/// Start reading at `VectorStore`, then `QueryScorer`.
@NullMarked
package io.alidade.engine.vector;

import org.jspecify.annotations.NullMarked;
