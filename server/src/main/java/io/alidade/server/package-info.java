/// The program: the command line, configuration, and the one place where all parts are put
/// together.
///
/// Here: [io.alidade.server.Main] with a class for each command, and
/// [io.alidade.server.AlidadeServer], which makes the database, the SQL engine and the doors and
/// ends them in the opposite order. Not here: anything that a part could do by itself. Start at
/// `AlidadeServer`.
@NullMarked
package io.alidade.server;

import org.jspecify.annotations.NullMarked;
