/// The live segments of every table and the checkpoint they belong to, replaced as one.
///
/// Here: [io.alidade.storage.manifest.Manifest] and its bytes. Not here: how a checkpoint is made
/// (`io.alidade.storage`), and the files that a manifest names (`storage.format.v1`).
///
/// ## Bytes
///
/// The file `MANIFEST` in the data directory; numbers are big-endian.
///
/// ```
/// u64 magic "ALIDMANI", u32 version 1, u64 checkpoint LSN, u64 LSN that replay begins at,
/// u64 next segment id, u32 length, the bytes of the catalog (CatalogCodec), u32 tables, then each:
///   u32 OID, u32 generation, u64 next row id, u32 segments, then each, oldest first:
///     u64 id, u64 LSN of its tombstones or 0, u32 indexes, then each: u32 OID of an index with a file
/// u32 CRC32C of everything before
/// ```
@NullMarked
package io.alidade.storage.manifest;

import org.jspecify.annotations.NullMarked;
