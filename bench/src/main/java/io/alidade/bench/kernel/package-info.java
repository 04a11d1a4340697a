/// Benchmarks of the engine's inner loops, run by JMH.
///
/// What is here: `KernelBenchmark` takes the time of one distance of floats, `CodeKernelBenchmark`
/// that of codes and of bits, `NarrowKernelBenchmark` that of rows narrower than floats; scattered
/// rows four at a time and rows in their order, on vector instructions and without. Run them with
/// the JVM flags the server sets (see the module's documentation): without
/// `-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0` scattered rows take three times as long.
/// Until it is compiled a kernel on the Vector API takes a hundred times as long: on a busy machine
/// look at the last iterations, or compile in the foreground (`-jvmArgsAppend -Xbatch`).
///
/// What is not here: whole searches (`bench.peers`, `bench.endtoend`).
@NullMarked
package io.alidade.bench.kernel;

import org.jspecify.annotations.NullMarked;
