/// Operators over batches of rows that need nothing but rows: joins, sorting, grouping, set
/// operations.
///
/// What is here: [io.alidade.sql.execute.row.RowCursor] (how rows are pulled), the operators behind
/// it, how values are ordered and hashed as SQL wants it ([io.alidade.sql.execute.row.RowOrder],
/// [io.alidade.sql.execute.row.RowKeys]) and how much memory they may take
/// ([io.alidade.sql.execute.row.MemoryBudget]).
///
/// What is not here: tables, expressions and plans; those are in `io.alidade.sql.execute`, which
/// wires these operators.
///
/// A row is a `@Nullable Object[]`; nobody changes one after it was handed on, so rows are shared.
@NullMarked
package io.alidade.sql.execute.row;

import org.jspecify.annotations.NullMarked;
