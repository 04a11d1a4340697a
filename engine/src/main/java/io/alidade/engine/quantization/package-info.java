/// Codes: vectors shortened so that a walk or a scan reads a few cache lines where the vectors
/// themselves are many; the nearest by code are compared again by the vectors.
///
/// [Quantization] names the methods as users do. A [Codec] is one of them trained on some rows: it
/// encodes vectors into fixed-size records and makes [CodeScorer]s that compare a query with such
/// records, and know how far each estimate may be off. [VectorCodes] holds the records of one
/// vector column of one segment. [CodeSelfTest] tells by a segment's own rows how well codes rank
/// them, [CodeChoice] chooses by it, [QuantizationStatistics] shows it.
///
/// Every codec centres its rows and rotates them ([Centring], [Rotation]), because codes of raw
/// dimensions fail on uneven data; only L1, which a rotation would change, is centred alone
/// ([ManhattanCodec]). Binary and turbo codes are sums of signs ([SignCodec], [SignLevels]),
/// product codes numbers of centroids ([ProductCodec]), scalar codes bytes ([ScalarCodec]).
///
/// Not here: kernels (`engine.vector`), the walk and the rescoring (`engine.hnsw`,
/// `engine.search`). Start at [VectorCodes].
@NullMarked
package io.alidade.engine.quantization;

import org.jspecify.annotations.NullMarked;
