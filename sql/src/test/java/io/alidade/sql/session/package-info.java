/// Tests of sessions through the [io.alidade.sql.Session] interface, over a database in memory and
/// without a network.
@NullMarked
package io.alidade.sql.session;

import org.jspecify.annotations.NullMarked;
