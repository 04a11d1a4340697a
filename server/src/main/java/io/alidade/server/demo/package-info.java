/// The demonstration: WordNet, embedded, loaded and asked through JDBC as any client would.
///
/// Here: what is read, how it is loaded, what is asked. Not here: the server that answers; a demo
/// knows it by its URL only. Start at [io.alidade.server.demo.Demo].
@NullMarked
package io.alidade.server.demo;

import org.jspecify.annotations.NullMarked;
