/// A client's connection: what arrives, in which order it is done, and what is answered.
///
/// The work is split between two kinds of threads. On the *event loop*, [ClientConnection] takes
/// messages from the decoder into a bounded inbox and never waits. On a *worker*, at most one at a
/// time for each connection, [Conversation] takes them out, calls the [io.alidade.sql.Session], and
/// gives bytes back. Where a client does not read its results, the conversation leaves its worker
/// and is resumed by the event loop when there is room again.
///
/// Start with [Conversation], whose documentation draws the protocol.
@NullMarked
package io.alidade.pgwire.connection;

import org.jspecify.annotations.NullMarked;
