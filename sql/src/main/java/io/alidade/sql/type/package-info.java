/// SQL's types as Calcite's algebra sees them.
///
/// Here: [SqlType], which wraps a [io.alidade.model.ColumnType], and the factory that makes nothing
/// else. What a type converts to, and by which function, is in [io.alidade.sql.function].
///
/// Start with [SqlType].
@NullMarked
package io.alidade.sql.type;

import org.jspecify.annotations.NullMarked;
