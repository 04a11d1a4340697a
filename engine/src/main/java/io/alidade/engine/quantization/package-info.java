/// Codes: vectors shortened so that a walk or a scan reads a few cache lines where the vectors
/// themselves are many; the nearest by code are compared again by the vectors.
///
/// [Quantization] names the methods as users do. A [Codec] is one of them trained on some rows: it
/// encodes vectors into fixed-size records and makes [CodeScorer]s that compare a query with such
/// records. [VectorCodes] holds the records of one vector column of one segment, and says by a test
/// on its own rows how well they rank ([CodeSelfTest]). Every codec centres its rows and rotates
/// them ([Rotation]), because codes of raw dimensions fail on uneven data.
///
/// Not here: kernels (`engine.vector`), the walk and the rescoring (`engine.hnsw`,
/// `engine.search`). Start at [VectorCodes].
@NullMarked
package io.alidade.engine.quantization;

import org.jspecify.annotations.NullMarked;
