package io.alidade.sql.analyze;

import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.parse.DataChange;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// Resolves an UPDATE.
final class UpdateAnalyzer {
  private final Analysis analysis;
  private final CommonTables tables;

  UpdateAnalyzer(Analysis analysis, CommonTables tables) {
    this.analysis = analysis;
    this.tables = tables;
  }

  AnalyzedChange.Update analyze(DataChange.Update update) {
    ChangeTarget target = ChangeTarget.of(analysis, tables, update.table());
    FromClause old = target.scan(update.alias(), RowReferences.SHOWN, update.position());
    ChangedRows rows = ChangedRows.of(analysis, tables, old, update.from(), update.where());
    ExpressionPlace place = ExpressionPlace.plain(rows.scope(), tables, "UPDATE");
    Assignments assignments = new Assignments(target, new ExpressionAnalyzer(analysis, place));
    assignments.addAll(update.assignments());
    int width = target.table().columns().size();
    List<RexNode> outputs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    outputs.add(analysis.builder.makeInputRef(rows.rel(), width));
    names.add(AlidadeTable.ROW_REFERENCE);
    outputs.addAll(assignments.newRow(old.columns()));
    names.addAll(rows.rel().getRowType().getFieldNames().subList(0, width));
    rows.addOthers(analysis, width, outputs, names);
    RelNode source =
        analysis
            .projections()
            .project(rows.rel(), outputs, names, CorrelatedRows.used(outputs, place.variables()));
    ReturningList returning =
        ReturningList.of(
            analysis,
            tables,
            ReturningList.without(rows.scope().from(), width),
            update.returning(),
            update.position());
    return new AnalyzedChange.Update(
        target.table(),
        source,
        assignments.columns(),
        returning.expressions(),
        returning.columns(),
        analysis.slots.finish());
  }
}
