/// The commit log: the one ordered, durable record of every committed transaction.
///
/// Here: [io.alidade.storage.log.CommitLog], its standalone implementation on Chronicle Queue (no
/// other package sees Chronicle), one in memory, the bytes of a frame, and
/// [io.alidade.storage.log.LogInspection], which reads a log and changes nothing. Not here: what a
/// payload means, who groups commits, when a checkpoint lets go of the log.
///
/// Start reading at [io.alidade.storage.log.CommitLog], then `ChronicleCommitLog`.
///
/// ## On disk
///
/// `log/<epoch>-<first LSN>-<sequence>/` holds one Chronicle file, `*.cq4`, and Chronicle's
/// `metadata.cq4t`, which we never read. Chronicle documents (a 4-byte header, then as many bytes
/// as it says) that are not metadata hold one frame each; `Frame` gives a frame's bytes,
/// `DirectoryStart` those of the first frame's payload. `log/next-*` is a directory in preparation.
///
/// ## What is relied upon
///
/// - A directory is named only after its first frame is durable, so one without it is damaged.
/// - No file is appended to by a process that did not create it.
/// - All frames of an epoch form a chain by checksum; LSNs are dense; an epoch begins where the one
///   before was found to end, and what that holds beyond is dead.
/// - A frame tells which LSN was durable when it was written. A damaged or missing frame followed
///   by one that proves it durable is a hole, and the log refuses to open; otherwise it is the torn
///   tail of a crash. A run that ends in order writes such a proof last.
/// - Durability is `msync` of what was appended, of the current and each just-left file, through
///   our own mapping ([FileForce]), and `fsync` of the directory; an error of either stops the log
///   for good.
@NullMarked
package io.alidade.storage.log;

import org.jspecify.annotations.NullMarked;
