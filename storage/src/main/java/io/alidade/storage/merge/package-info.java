/// Background work on segments: building vector indexes.
///
/// Here: [io.alidade.storage.merge.IndexBuilder], which brings committed rows into the graphs of
/// their tables with a bounded number of threads. Not here: the graphs (the engine), and when
/// segments are sealed (the checkpoint, in `io.alidade.storage`).
@NullMarked
package io.alidade.storage.merge;

import org.jspecify.annotations.NullMarked;
