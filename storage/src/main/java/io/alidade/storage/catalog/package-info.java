/// The definitions of schemas, tables, columns, indexes and extensions, as stored.
///
/// Here: [io.alidade.storage.catalog.Catalog], one immutable state of them all;
/// [io.alidade.storage.catalog.CatalogChange], one step from a state to the next; and the bytes of
/// both ([io.alidade.storage.catalog.CatalogCodec]). Not here: rows, locks, and what PostgreSQL's
/// `pg_catalog` shows of it, which is SQL's to compute.
///
/// Start reading at [io.alidade.storage.catalog.Catalog].
@NullMarked
package io.alidade.storage.catalog;

import org.jspecify.annotations.NullMarked;
