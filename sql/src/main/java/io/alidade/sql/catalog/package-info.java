/// The catalog as SQL sees it: tables by name along the search path, and PostgreSQL's system
/// catalogs computed from it.
///
/// Here: [CatalogReader], which analysis asks; [AlidadeTable], which stands in a scan; and the
/// system relations, one family a file, whose rows are made when they are asked for. What tables
/// are is in [io.alidade.storage.catalog].
///
/// Start with [CatalogReader].
@NullMarked
package io.alidade.sql.catalog;

import org.jspecify.annotations.NullMarked;
