/// Backups: snapshots of a data directory, their form as a stream, and the archived log.
///
/// Here: the files and bytes. Not here: how a checkpoint makes a state that snapshots link to, and
/// how a restore puts a database together (`storage`). Start reading at
/// [io.alidade.storage.backup.SnapshotStore], then [io.alidade.storage.backup.BackupStream].
///
/// ## Records
///
/// A backup and a file of archived log are sequences of records: u64 magic number, u32 format
/// version, then records; numbers are little-endian, text is UTF-8.
///
/// ```
/// u32 length, u8 type, u32 number (0, 1, 2...), content, u32 CRC32C of all of that
/// ```
///
/// The last has type 0, and its content is the SHA-256 of all bytes before it; nothing follows. A
/// sequence that was cut off, altered, or put together in another order is refused, always.
///
/// ## A backup
///
/// Magic `ALDABKUP`, version 1. Records of type 1: the header, in as many as it takes
/// (`BackupHeader` writes it, big-endian: the text of the history, u8 scope 1 database 2 table, u64
/// LSN, u64 first LSN of the log to go on with, u64 epoch, u64 time, u32 files, u64 bytes, u32
/// tables and their names). Then for each file: type 2 (u64 length, its path in the data
/// directory), type 3 as often as needed (its bytes, in order), type 4 (u32 CRC32C of the file).
///
/// A snapshot in `snapshots/<name>/` is the same files, and the header in `SNAPSHOT` (magic
/// `ALDASNAP`, version 1, records of type 1).
///
/// ## History
///
/// The file `HISTORY` is lines of text: `alidade-history 1`, `database UUID`, a line `branch UUID
/// LSN TIME` for each branch, `checksum` and the CRC32C of the lines before in hexadecimal.
///
/// ## Archived log
///
/// `<archive>/<database>/<branch>/<first LSN>-<last LSN>.log`, the LSNs of commits in 16
/// hexadecimal digits: magic `ALDAALOG`, version 1, a record of type 1 (the identities of database
/// and branch, u64 first LSN, u64 epoch), then for each entry of the log type 2 (u8 1 chunk 2
/// commit 3 abort, u64 LSN, u64 transaction id, u64 length of the payload, as much of it as fits)
/// and type 3 (the rest of it). Entries behind the last commit are in the next file again, and do
/// not count here.
@NullMarked
package io.alidade.storage.backup;

import org.jspecify.annotations.NullMarked;
