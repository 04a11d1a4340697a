/// Background work on segments: building vector indexes, choosing what to merge.
///
/// Here: [io.alidade.storage.merge.IndexBuilder], which brings committed rows into the graphs of
/// their tables with a bounded number of threads, and [io.alidade.storage.merge.MergePolicy], which
/// chooses the segments that are merged. Not here: the graphs (the engine), and when segments are
/// sealed and how they are merged (the checkpoint and the merger, in `io.alidade.storage`).
@NullMarked
package io.alidade.storage.merge;

import org.jspecify.annotations.NullMarked;
