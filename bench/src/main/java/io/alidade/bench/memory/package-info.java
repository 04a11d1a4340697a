/// What memory a large table with a vector index takes while it is loaded and served.
///
/// Here: [io.alidade.bench.memory.MemoryMeasurement], a program. Not here: how fast it answers
/// (`bench.peers`, `bench.endtoend`).
@NullMarked
package io.alidade.bench.memory;

import org.jspecify.annotations.NullMarked;
