/// PostgreSQL's protocol messages, both ways, as records.
///
/// Here is what they say; their bytes are in [io.alidade.pgwire.codec]. The rows of results have no
/// record: they go from values to bytes directly, in [io.alidade.pgwire.codec.RowWriter].
///
/// The messages are described in the chapter "Frontend/Backend Protocol" of PostgreSQL's manual.
/// Start with [FrontendMessage].
@NullMarked
package io.alidade.pgwire.message;

import org.jspecify.annotations.NullMarked;
