/// Search in one segment: what a segment must offer, and the ways to find its nearest rows.
///
/// What is here: [io.alidade.engine.search.SegmentView] (what storage implements), the choice of
/// strategy for a filtered search and its costs, the scan, the walk, and the plain filtered scan of
/// rows that SQL reads tables with.
///
/// What is not here: several segments and their merging (`io.alidade.engine`), the graph itself
/// (`hnsw`), and what a filter means (`filter`).
///
/// Start reading at `SegmentView`, then `SegmentSearch`.
@NullMarked
package io.alidade.engine.search;

import org.jspecify.annotations.NullMarked;
