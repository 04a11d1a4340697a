/// The physical plan: what runs, as sealed records that print like PostgreSQL's EXPLAIN.
///
/// What is here: the nodes ([io.alidade.sql.plan.PlanNode]), the way from relational algebra to
/// them ([io.alidade.sql.plan.Planner], which first lets the rules of `io.alidade.sql.rule` do
/// their work), and their description for EXPLAIN ([io.alidade.sql.plan.PlanDescription]).
///
/// What is not here: running a plan (`io.alidade.sql.execute`). A plan is immutable and knows no
/// parameter values, so that it can be kept and used by many threads.
///
/// Start reading at `Planner`, then `PlanNode`.
@NullMarked
package io.alidade.sql.plan;

import org.jspecify.annotations.NullMarked;
