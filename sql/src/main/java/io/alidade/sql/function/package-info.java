/// What SQL can compute: functions, operators, casts, aggregates and set-returning functions, one
/// family a file, each with its implementation.
///
/// Here is also the choice among overloads ([FunctionRegistry]) by the rules of chapter 10 of
/// PostgreSQL's manual, and the rules of conversion between types ([CastRegistry]). What an
/// implementation may ask of its surroundings is [EvaluationContext]. Names of columns and
/// relations are resolved in [io.alidade.sql.analyze]; expressions are run in
/// [io.alidade.sql.execute].
///
/// Start with [ScalarOperator], then [FunctionRegistry].
@NullMarked
package io.alidade.sql.function;

import org.jspecify.annotations.NullMarked;
