/// One table: what a read sees of it, and its shared state.
///
/// Here: [io.alidade.storage.table.TableView], a consistent set of a table's segments at a snapshot
/// with the own transaction's changes; and the table's shared state, which the committer changes.
/// Not here: the segments themselves (`storage.segment`), transactions and locks
/// (`io.alidade.storage`).
///
/// Start reading at [io.alidade.storage.table.TableView].
@NullMarked
package io.alidade.storage.table;

import org.jspecify.annotations.NullMarked;
