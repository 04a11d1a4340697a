/// The commit log: the one ordered, durable record of every committed transaction.
///
/// Here: [io.alidade.storage.log.CommitLog], its standalone implementation on Chronicle Queue
/// (no other package sees Chronicle), one in memory, and the bytes of a frame. Not here: what a
/// payload means, who groups commits, when a checkpoint lets go of the log.
///
/// Start reading at [io.alidade.storage.log.CommitLog], then `ChronicleCommitLog`.
@NullMarked
package io.alidade.storage.log;

import org.jspecify.annotations.NullMarked;
