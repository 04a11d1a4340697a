/// Storage's front door: a database, and the transactions that read and change it.
///
/// Here: [io.alidade.storage.Database], [io.alidade.storage.Transaction], locks, the committer,
/// checkpoints, what memory changes may take, and recovery; [io.alidade.storage.DatabaseCheck],
/// which verifies a directory that nobody has open. Not here: what a statement means (SQL), and how
/// segments are searched (the engine, through [io.alidade.storage.table.TableView]).
///
/// Start reading at [io.alidade.storage.Database], then [io.alidade.storage.Transaction].
@NullMarked
package io.alidade.storage;

import org.jspecify.annotations.NullMarked;
