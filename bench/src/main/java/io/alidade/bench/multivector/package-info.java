/// Approximate against exact search among lists of vectors by max_sim: time and recall.
///
/// Here: [io.alidade.bench.multivector.MultiVectorMeasurement], a program, and the made-up lists
/// that it searches. Not here: single vectors (`bench.peers`).
@NullMarked
package io.alidade.bench.multivector;

import org.jspecify.annotations.NullMarked;
