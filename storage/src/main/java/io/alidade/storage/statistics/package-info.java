/// What is known of the values of columns: how many are NULL, how many differ, which are frequent,
/// and how the others are spread.
///
/// Here: [io.alidade.storage.statistics.ColumnSummary], which is made of a segment's column in one
/// pass and kept with the segment, and [io.alidade.storage.statistics.TableProfile], into which the
/// summaries of a table's segments are merged for the planner and `pg_stats`. What counts as
/// frequent, and how many bounds a histogram has, is PostgreSQL's (`compute_scalar_stats`,
/// `analyze_mcv_list`). Not here: the bytes of a summary (`storage.segment`), when tables are
/// analysed (`storage`), and what is estimated from statistics (`sql.rule`).
///
/// Start at [io.alidade.storage.statistics.ColumnSummary].
@NullMarked
package io.alidade.storage.statistics;

import org.jspecify.annotations.NullMarked;
