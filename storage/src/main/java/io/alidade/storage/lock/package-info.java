/// The locks of transactions: on rows, keys, tables and the catalog, kept to the transaction's end,
/// or until it goes back to a savepoint from before.
///
/// Here: [io.alidade.storage.lock.LockTable] with its waiting, deadlock detection and bounds, and
/// [io.alidade.storage.lock.LockMode], PostgreSQL's modes, and [io.alidade.storage.lock.LockKey],
/// what a lock is on. Not here: what has to be locked when, which is the transaction's to know.
///
/// Start reading at [io.alidade.storage.lock.LockTable].
@NullMarked
package io.alidade.storage.lock;

import org.jspecify.annotations.NullMarked;
