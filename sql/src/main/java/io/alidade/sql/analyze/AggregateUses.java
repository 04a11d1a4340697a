package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;

/// The aggregates that one SELECT uses. Until the grouping is known, a parameter far beyond those
/// of any statement stands for each.
final class AggregateUses {
  private static final int FIRST_REFERENCE = 1 << 28;

  private final List<Use> uses = new ArrayList<>();

  /// One aggregate.
  ///
  /// @param arguments over the row of FROM
  /// @param type of its result
  record Use(
      SqlAggFunction operator,
      List<RexNode> arguments,
      boolean distinct,
      Optional<RexNode> filter,
      List<SortKey> orderBy,
      ColumnType type) {}

  /// A key of an order.
  record SortKey(
      RexNode rex,
      RelFieldCollation.Direction direction,
      RelFieldCollation.NullDirection nullDirection) {}

  /// What stands for an aggregate.
  RexNode reference(Use use, RelDataType type) {
    int index = uses.indexOf(use);
    if (index < 0) {
      index = uses.size();
      uses.add(use);
    }
    return new RexDynamicParam(type, FIRST_REFERENCE + index);
  }

  List<Use> uses() {
    return uses;
  }

  /// Which aggregate a reference stands for; negative if it is a slot.
  static int indexOf(RexDynamicParam reference) {
    return reference.getIndex() - FIRST_REFERENCE;
  }
}
