package io.alidade.sql.analyze;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// What a FROM clause, or a part of it, gives.
///
/// @param rel the rows; one row without visible columns where there is no FROM
/// @param ranges what a qualifier can name
/// @param columns what `*` gives, and what can be named without a qualifier
record FromClause(RelNode rel, List<ScopeRange> ranges, List<ScopeColumn> columns) {
  FromClause {
    ranges = List.copyOf(ranges);
    columns = List.copyOf(columns);
  }

  static FromClause of(RelNode rel, ScopeRange range) {
    return new FromClause(rel, List.of(range), range.columns());
  }

  /// The same as the right side of a join whose left side has so many fields.
  FromClause shifted(int fields) {
    RexShuttle shift =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return new RexInputRef(reference.getIndex() + fields, reference.getType());
          }
        };
    return mapped(shift);
  }

  /// The same with every column's expression changed.
  FromClause mapped(RexShuttle change) {
    List<ScopeRange> newRanges = new ArrayList<>();
    for (ScopeRange range : ranges) {
      newRanges.add(
          new ScopeRange(
              range.name(),
              range.schema(),
              range.relation(),
              mapped(range.columns(), change),
              range.locked().stream()
                  .map(locked ->
                      new ScopeRange.LockedTable(
                          locked.table(),
                          locked.reference().accept(change),
                          locked.clause(),
                          locked.side()))
                  .toList()));
    }
    return new FromClause(rel, newRanges, mapped(columns, change));
  }

  private static List<ScopeColumn> mapped(List<ScopeColumn> columns, RexShuttle change) {
    return columns.stream().map(column -> column.withRex(column.rex().accept(change))).toList();
  }

  FromClause withRel(RelNode newRel) {
    return new FromClause(newRel, ranges, columns);
  }
}
