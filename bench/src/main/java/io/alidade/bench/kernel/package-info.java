/// Benchmarks of the engine's inner loops, run by JMH.
///
/// `KernelBenchmark` takes the time of one distance: scattered rows four at a time and rows in
/// their order, on vector instructions and without. Run it with the JVM flags the server sets (see
/// the module's documentation): without `-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0`
/// scattered rows take three times as long.
@NullMarked
package io.alidade.bench.kernel;

import org.jspecify.annotations.NullMarked;
