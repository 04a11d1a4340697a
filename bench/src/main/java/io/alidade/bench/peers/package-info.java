/// The engine beside other vector indexes, on the same vectors and in one run.
///
/// [io.alidade.bench.peers.Peers] is the command. Every index is built in one child process and
/// searched in another, so that no JVM has been warmed up by, and no memory is laid out after,
/// somebody else's work; passes over the queries are interleaved, and the processor time that is
/// quoted is the median of the rounds. The children speak the small protocol of
/// [io.alidade.bench.peers.ChildPeer]: a JVM in [io.alidade.bench.peers.EngineHost], or Node in the
/// resource `node-host.js`. PostgreSQL is reached over JDBC, where one answers.
///
/// Not here: the server's own cost, which `io.alidade.bench.endtoend` measures.
@NullMarked
package io.alidade.bench.peers;

import org.jspecify.annotations.NullMarked;
