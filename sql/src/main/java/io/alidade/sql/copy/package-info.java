/// The data of COPY: PostgreSQL's text, CSV and binary forms, read and written row by row.
///
/// Readers take bytes in pieces cut anywhere and give whole rows; how the rows get into a table,
/// and where those to be written come from, is the session's business.
///
/// Start with [io.alidade.sql.copy.CopyOptions], then [io.alidade.sql.copy.CopyReader].
@NullMarked
package io.alidade.sql.copy;

import org.jspecify.annotations.NullMarked;
