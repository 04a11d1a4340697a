/// Measures what the engine's ways of searching take, for the constants of its cost model.
///
/// Run `Calibration` with the JVM flags that the server sets (see the module's documentation) on a
/// machine that does nothing else; it takes about two minutes and prints the constants of
/// `io.alidade.engine.search.SearchCosts`.
///
/// Not here: how good searches are (`io.alidade.bench.endtoend`).
@NullMarked
package io.alidade.bench.calibration;

import org.jspecify.annotations.NullMarked;
