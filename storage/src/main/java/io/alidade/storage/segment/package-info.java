/// Segments of a table: rows by ordinal, columnar, with their versions' times and their indexes.
///
/// Here: [io.alidade.storage.segment.MutableSegment], which takes rows in memory;
/// [io.alidade.storage.segment.SealedSegment], which is one mapped file that never changes, with
/// the deletions since then in memory; the columns both are made of; and
/// [io.alidade.storage.segment.SegmentSnapshot], through which a statement sees either. Not here:
/// which segments a table has (`storage.table`), the names of a file's sections
/// (`storage.format.v1`).
///
/// Columns lie outside the heap in the same layout in memory and in a file, so one reader serves
/// both and sealing is copying. A row version keeps its ordinal when its segment is sealed.
///
/// **Time.** A row version is there from the time it was created up to the time it was deleted. In
/// a shared segment a time is an LSN; in the segment of a transaction's own rows it is the number
/// of a statement.
///
/// **Graphs and updates.** A version with the vectors of the version before it is entered in no
/// graph: [io.alidade.storage.segment.HeapOnlyVersions].
///
/// **Lifetime.** A segment is counted: whoever reads it by address holds it, and its memory goes
/// with the last holder.
///
/// Start reading at [io.alidade.storage.segment.Segment].
@NullMarked
package io.alidade.storage.segment;

import org.jspecify.annotations.NullMarked;
