/// Rewrites of relational algebra: one rule a file, with the relational nodes that the rules bring
/// in.
///
/// What is here: [io.alidade.sql.rule.RewriteRule] and its implementations,
/// [io.alidade.sql.rule.Rewriter], which applies them until none fires, and two leaf nodes:
/// [io.alidade.sql.rule.TableRows] (a table with its filter) and [io.alidade.sql.rule.NearestRows]
/// (a nearest-neighbour search). Rules that choose by how many rows there are ask
/// [io.alidade.sql.rule.Estimates], by way of [io.alidade.sql.rule.Selectivity].
///
/// The rules match on trees directly instead of through Calcite's planners: the shapes they look
/// for are chains of any length, and a statement on one table is to be planned within a few
/// milliseconds the first time.
///
/// Start reading at `Rewriter`, then `VectorTopKRule`.
@NullMarked
package io.alidade.sql.rule;

import org.jspecify.annotations.NullMarked;
