/// What a commit costs: the commit log against plain files on the same disk, in one run.
///
/// Here: [io.alidade.bench.log.CommitLogBenchmark], a program. Not here: commits through SQL
/// (`bench.endtoend`).
@NullMarked
package io.alidade.bench.log;

import org.jspecify.annotations.NullMarked;
