package io.alidade.sql.analyze;

import io.alidade.storage.LockWait;
import io.alidade.storage.RowLock;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;

/// The input's rows, with the rows of tables that they were made of locked: `FOR UPDATE` and its
/// relatives.
///
/// Nothing may be moved through it: a row that goes through is locked, and one that does not is
/// not.
public final class LockedRows extends SingleRel {
  private final List<Mark> marks;

  /// What is locked for each row.
  ///
  /// @param column the input's column with the reference of the table's row
  public record Mark(int column, TableDefinition table, RowLock mode, LockWait patience) {}

  LockedRows(RelNode input, List<Mark> marks) {
    super(input.getCluster(), input.getTraitSet(), input);
    this.marks = List.copyOf(marks);
  }

  public List<Mark> marks() {
    return marks;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new LockedRows(inputs.getFirst(), marks);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("marks", marks);
  }
}
