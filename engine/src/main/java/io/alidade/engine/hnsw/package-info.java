/// The hierarchical navigable small world graph: built while it is searched, saved, opened mapped.
///
/// After Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
/// Hierarchical Navigable Small World graphs" (2016). What is here:
/// [io.alidade.engine.hnsw.HnswIndex] (the front), the adjacency in flat off-heap records, the
/// insertion, the walk, the repair after deletions (`GraphRepair` says why readers need not wait),
/// the merge of several graphs (`GraphMerge`), and the saved form (documented at `GraphFile`),
/// which can hold copies of the codes beside the lists, for graphs that are read from a disk.
///
/// What is not here: files, checksums, and visibility: the graph knows ordinals and their vectors.
@NullMarked
package io.alidade.engine.hnsw;

import org.jspecify.annotations.NullMarked;
