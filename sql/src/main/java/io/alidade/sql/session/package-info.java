/// Sessions: what a client's statements are run by.
///
/// Here are transactions as PostgreSQL's blocks and implicit transactions, settings, prepared
/// statements and portals, the plan cache, and the statements that are no queries: changes of rows,
/// definitions, COPY, EXPLAIN and the commands about the session itself. What queries mean is
/// decided in `io.alidade.sql.analyze`, how they run in `io.alidade.sql.plan` and
/// `io.alidade.sql.execute`.
///
/// Start with [io.alidade.sql.session.SessionEngine], then `ClientSession`, then
/// `StatementCompiler`.
@NullMarked
package io.alidade.sql.session;

import org.jspecify.annotations.NullMarked;
