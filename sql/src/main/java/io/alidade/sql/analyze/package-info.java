/// From syntax to meaning: names and types are resolved as PostgreSQL resolves them, and the result
/// is Calcite's relational algebra.
///
/// Here: scopes of names, expressions, queries, and the parts of INSERT, UPDATE and DELETE. A
/// constant of the text or a `$n` becomes a [SlotDefinition], referred to as a `RexDynamicParam` of
/// that index, so that texts which differ only in their constants share a plan. Of Calcite's own
/// operators the algebra has AND OR NOT, `= <> < <= > >=`, IS [NOT] NULL/TRUE/FALSE, IS [NOT]
/// DISTINCT FROM, CASE, RexSubQuery, COUNT and what its rules bring in (SINGLE_VALUE, MIN, casts
/// that only change nullability); both sides of a comparison have the same type. All else is a
/// [io.alidade.sql.function.ScalarOperator] or [io.alidade.sql.function.AggregateOperator].
///
/// Not here: which plan is best, and running it.
///
/// Start with [Analyzer].
@NullMarked
package io.alidade.sql.analyze;

import org.jspecify.annotations.NullMarked;
