/// PostgreSQL's wire protocol: the front door for every PostgreSQL client.
///
/// Bytes become messages in [io.alidade.pgwire.codec], messages become calls of an
/// [io.alidade.sql.Session] in [io.alidade.pgwire.connection], and what comes of these becomes
/// bytes again. SQL is not known here, nor what a value means: only its forms on the wire.
///
/// Start with [PgServer].
@NullMarked
package io.alidade.pgwire;

import org.jspecify.annotations.NullMarked;
