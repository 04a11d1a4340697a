/// The vocabulary that every module speaks: types of columns, values, positions in the log, and
/// errors with their SQLSTATE.
///
/// Here are values and nothing that acts on them. Text and binary forms of values are in
/// [io.alidade.model.codec]; storage, SQL and the protocols are modules of their own.
///
/// Start with [ColumnType], which says by which Java class each SQL type's values are represented,
/// then [Lsn] and [DatabaseException].
@NullMarked
package io.alidade.model;

import org.jspecify.annotations.NullMarked;
