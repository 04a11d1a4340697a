/// Files that are whole or not there: mapping, checksums, atomic replacement, directory syncs.
///
/// Here: the data directory and its lock, files written in checksummed blocks, mapped files, and
/// [io.alidade.storage.file.CorruptFileException]. Not here: what the bytes mean
/// (`storage.format`), which files are live (`storage.manifest`), the commit log's files
/// (`storage.log`).
///
/// Start reading at [io.alidade.storage.file.DataDirectory], then
/// [io.alidade.storage.file.ChecksummedWriter] and [io.alidade.storage.file.MappedFile].
@NullMarked
package io.alidade.storage.file;

import org.jspecify.annotations.NullMarked;
