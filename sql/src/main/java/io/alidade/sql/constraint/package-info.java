/// Constraints kept: every writer of rows goes through here.
///
/// **The way of a row.** INSERT, UPDATE, DELETE, COPY and ON CONFLICT hand complete rows to a
/// [io.alidade.sql.constraint.ConstrainedWriter], which evaluates CHECK, hands the rows on to the
/// [io.alidade.storage.Transaction] (NOT NULL and unique keys are storage's), and notes what
/// foreign keys and deferrable keys have to be looked at. At the end of the statement it looks:
/// keys that must be there are looked up in the unique index that they point to, and the rows found
/// are locked, so that nobody deletes them before the transaction ends; rows that point to what has
/// gone are found, and refused, deleted or changed, by the same writer, as the action says. What is
/// deferred waits in [io.alidade.sql.constraint.DeferredChecks] for COMMIT or SET CONSTRAINTS.
///
/// Here: what a table's rows must fulfil, compiled; the checks and actions; PostgreSQL's text of a
/// condition. Not here: how constraints are defined (`sql.session`), their definitions
/// (`storage.catalog`), row locks (`storage.lock`). Another door to the database (HTTP) writes
/// through a [io.alidade.sql.constraint.ConstrainedWriter] of its own.
@NullMarked
package io.alidade.sql.constraint;

import org.jspecify.annotations.NullMarked;
