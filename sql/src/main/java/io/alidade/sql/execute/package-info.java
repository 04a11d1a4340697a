/// Running a plan: expressions become closures, nodes become operators, rows come in batches.
///
/// What is here: [io.alidade.sql.execute.PlanExecutor] (the front), the state of one execution
/// ([io.alidade.sql.execute.ExecutionContext]), expressions
/// ([io.alidade.sql.execute.CompiledExpression]), filters as the engine understands them, and the
/// scans. Nothing is generated or compiled to byte code: a plan that is run once must not pay for a
/// compiler.
///
/// What is not here: operators that know only rows (`io.alidade.sql.execute.row`), planning
/// (`io.alidade.sql.plan`), and changing rows (`io.alidade.sql.session`).
///
/// Start reading at `PlanExecutor`, then `PlanCompiler`.
@NullMarked
package io.alidade.sql.execute;

import org.jspecify.annotations.NullMarked;
