/// The two forms in which PostgreSQL's clients send and receive values: text and binary.
///
/// Every kind of [io.alidade.model.ColumnType] has both, in both directions, with PostgreSQL's
/// spelling, rounding and errors; pgvector's for `vector` and `halfvec`. Sessions, catalogs and
/// messages are not known here: what a name such as `'pg_class'::regclass` means is for SQL to say,
/// so the `reg...` types are numbers here.
///
/// The binary forms are those of PostgreSQL's `typsend` functions, big-endian: integers and floats
/// as they are; `numeric` as digits to base 10000; `date` as days and `timestamp` as microseconds
/// since 2000-01-01; `jsonb` as a version byte (1) and its text; `vector` as its dimensions
/// (int16), an unused int16 of 0, and its elements as float32, those of `halfvec` as float16; `bit`
/// as its length in bits (int32) and its bytes; arrays as the number of dimensions, a flag for
/// nulls and the element's OID (int32 each), then length and lower bound, then each element with
/// its length.
///
/// Start with [TextCodec] and [BinaryCodec]; [Modifiers] applies `varchar(n)` and its like;
/// [TypeOids] has the numbers and names.
@NullMarked
package io.alidade.model.codec;

import org.jspecify.annotations.NullMarked;
