package io.alidade.sql.analyze;

import io.alidade.sql.function.TableFunction;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;

/// The calls of set-returning functions in one select list. Until the row they depend on is known,
/// a reference to a column far outside of any row stands for each of their columns.
final class RowFunctionUses {
  private static final int FIRST_REFERENCE = 1 << 29;
  private static final int MAX_COLUMNS = 16;

  private final List<Use> uses = new ArrayList<>();

  /// One call.
  record Use(TableFunction function, List<RexNode> arguments, List<RelDataType> columnTypes) {}

  /// What stands for a column of a call's rows.
  RexNode reference(Use use, int column) {
    int index = uses.indexOf(use);
    if (index < 0) {
      index = uses.size();
      uses.add(use);
    }
    return new RexDynamicParam(
        use.columnTypes().get(column), FIRST_REFERENCE + index * MAX_COLUMNS + column);
  }

  List<Use> uses() {
    return uses;
  }

  static boolean isReference(RexDynamicParam reference) {
    return reference.getIndex() >= FIRST_REFERENCE;
  }

  static int useOf(RexDynamicParam reference) {
    return (reference.getIndex() - FIRST_REFERENCE) / MAX_COLUMNS;
  }

  static int columnOf(RexDynamicParam reference) {
    return (reference.getIndex() - FIRST_REFERENCE) % MAX_COLUMNS;
  }
}
