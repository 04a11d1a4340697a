package io.alidade.sql.analyze;

import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.parse.DataChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// Resolves a DELETE.
final class DeleteAnalyzer {
  private final Analysis analysis;
  private final CommonTables tables;

  DeleteAnalyzer(Analysis analysis, CommonTables tables) {
    this.analysis = analysis;
    this.tables = tables;
  }

  AnalyzedChange.Delete analyze(DataChange.Delete delete) {
    ChangeTarget target = ChangeTarget.of(analysis, tables, delete.table());
    FromClause old = target.scan(delete.alias(), RowReferences.SHOWN, delete.position());
    ChangedRows rows = ChangedRows.of(analysis, tables, old, delete.using(), delete.where());
    int width = target.table().columns().size();
    List<RexNode> outputs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    outputs.add(analysis.builder.makeInputRef(rows.rel(), width));
    names.add(AlidadeTable.ROW_REFERENCE);
    if (!delete.returning().isEmpty()) {
      old.columns().forEach(column -> outputs.add(column.rex()));
      names.addAll(rows.rel().getRowType().getFieldNames().subList(0, width));
      rows.addOthers(analysis, width, outputs, names);
    }
    RelNode source = analysis.projections().project(rows.rel(), outputs, names, Set.of());
    ReturningList returning =
        ReturningList.of(
            analysis,
            tables,
            ReturningList.without(rows.scope().from(), width),
            delete.returning(),
            delete.position());
    return new AnalyzedChange.Delete(
        target.table(),
        source,
        returning.expressions(),
        returning.columns(),
        analysis.slots.finish());
  }
}
