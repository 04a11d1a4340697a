/// What a transaction does, as it is written to the commit log and replayed from it.
///
/// Here: the sealed [io.alidade.storage.mutation.Mutation], the bytes of a list of them
/// ([io.alidade.storage.mutation.MutationCodec]) and the buffer they are gathered in. Not here: the
/// values inside a block of rows, which are the columns' own (`storage.segment`), and the frames
/// and checksums around it all (`storage.log`).
///
/// ## Bytes
///
/// A transaction's payloads, chunks and commit alike, each begin with a version byte (2) and a u64,
/// the time of the commit in microseconds since 1970 (0 in chunks), then hold mutations to the end;
/// numbers are little-endian. Times never go back while a server runs. A mutation is a type byte
/// and:
///
/// ```
/// 1 catalog change   u32 length, the bytes of CatalogCodec
/// 2 delete rows      u32 table OID, u32 count, count x u64 row id
/// 3 insert rows      u32 table OID, u32 generation, u32 count, u32 columns, u32 length, the block
/// 4 discard rows     u32 table OID, u32 generation, u32 count, count x u32 number
/// ```
///
/// A block of rows is columnar: count x u64 row id, then for each column u8 storage (1 fixed width,
/// 2 variable, 3 vectors of f32, 4 vectors of f16, 5 bits), u32 width of a value in bytes (0 if
/// variable; of bits their number), ceil(count / 8) bytes with a bit set for each NULL (bit 0 is
/// the first row), and the values: of a fixed width one after the other, bits in whole bytes with
/// the first the lowest; variable ones as count x u32 length, then their bytes.
///
/// ## Order
///
/// Within a transaction the order does not matter: its catalog changes happen first, then its
/// deletions, then its insertions into the generation that its tables have after that. *Discard*
/// takes back rows that the same transaction inserted in an earlier chunk; rows are numbered by the
/// order in which the transaction inserted them into the table's generation, from 0.
@NullMarked
package io.alidade.storage.mutation;

import org.jspecify.annotations.NullMarked;
