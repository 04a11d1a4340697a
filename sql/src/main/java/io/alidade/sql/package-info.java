/// SQL's front door: sessions, prepared statements, portals.
///
/// A text becomes a tree in [io.alidade.sql.parse], names and types are resolved and Calcite's
/// algebra is built in [io.alidade.sql.analyze], rules of [io.alidade.sql.rule] push work into
/// scans, [io.alidade.sql.plan] holds the physical plan and [io.alidade.sql.execute] runs it. What
/// wire protocols send is not known here.
///
/// Start with [Session], which gives the order of calls, then [SqlEngine].
@NullMarked
package io.alidade.sql;

import org.jspecify.annotations.NullMarked;
