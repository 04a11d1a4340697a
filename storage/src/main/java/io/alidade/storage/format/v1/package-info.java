/// The files of sealed segments, format version 1: their names, sections and bytes.
///
/// Here: what the files are called and what their sections hold. Not here: the frame around
/// sections with its checksums (`storage.file`), and the code that reads and writes columns
/// (`storage.segment`).
///
/// All files are checksummed section files ([io.alidade.storage.file.ChecksummedFile]) with format
/// version 1, in the directory `segments`; numbers are little-endian. N is the number of row
/// versions.
///
/// **`<segment>.rows`** (the segment's id, 16 hexadecimal digits): the rows, never changed.
///
/// ```
/// header             u64 segment id, u32 table OID, u32 generation, u32 N, u32 columns,
///                    then per column: u32 length, the type as SQL spells it, in UTF-8
/// rows.ids           N x u64 row id
/// rows.created       N x u64 LSN that created the version
/// rows.deleted       N x u64 LSN that deleted it, 2^63-1 if none had when it was sealed
/// rows.order         N x u32: the ordinals by row id, then ordinal
/// rows.heap-only     only if there are any: ceil(N / 8) bytes, a bit set for a version that no graph
///                    holds; its root is the latest version of its row before it whose bit is clear,
///                    in whatever segment
/// column.<i>.nulls   ceil(N / 8) bytes, a bit set for NULL, bit 0 of byte 0 for ordinal 0
/// column.<i>.values  of a fixed width: N x value
/// column.<i>.slots   of any width: N x (u32 length, u32 position in column.<i>.bytes in units of 8)
/// column.<i>.bytes   their bytes
/// column.<i>.dictionary  text of few different values only: each of them is once in `bytes`, and these
///                    are their slots (N of them, 8 bytes each); the slot of a row is one of them
/// column.<i>.vectors vectors: N rows, each filled up to a multiple of 64 bytes, then N inverse norms
///                    (f32; -1 for NULL, which has no `nulls` section). Rows are f32 of a `vector`, f16
///                    of a `halfvec`, and bits of a `bit`, the first the lowest of the first byte
/// column.<i>.summary what is known of the values: counts, extremes, the most common ones, a histogram
///                    and a sketch of the distinct ones. Nothing is known of a column without it
/// ```
///
/// **`<segment>-<index OID>.index`**: one index over it.
///
/// ```
/// header             u64 segment id, u32 index OID, u32 N; of a vector index then: u32 length, the
///                    coding that its codes answer, in UTF-8 (such as `auto` or `scalar`)
/// permutation        of an ordered index: N x u32, the ordinals in the order of its keys
/// graph              of a vector index: the engine's saved graph
/// codes              of a vector index that is walked on codes: the engine's saved codes
/// ```
///
/// Graph and codes say their own versions. A file without the coding is an older one, whose codes
/// are made anew after opening. When the codes of an index change, the next checkpoint writes the
/// file again under another name and gives it its own at once: old or new, it fits the rows.
///
/// **`<segment>-<LSN>.tombstones`**: what was deleted since it was sealed and up to an LSN.
///
/// ```
/// header             u64 segment id, u64 LSN, u32 count
/// tombstones         count x (u64 LSN, u32 ordinal)
/// ```
@NullMarked
package io.alidade.storage.format.v1;

import org.jspecify.annotations.NullMarked;
