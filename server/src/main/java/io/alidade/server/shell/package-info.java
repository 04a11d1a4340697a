/// A small SQL shell over JDBC, for machines without psql.
///
/// Here: splitting what is typed into statements, running them, printing rows as aligned text.
/// Start at [io.alidade.server.shell.Shell].
@NullMarked
package io.alidade.server.shell;

import org.jspecify.annotations.NullMarked;
