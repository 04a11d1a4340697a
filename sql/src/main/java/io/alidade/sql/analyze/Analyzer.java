package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Query;
import io.alidade.storage.catalog.TableDefinition;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/// Resolves the names and types of a statement. Stateless: each call is one statement's analysis.
public final class Analyzer {
  private Analyzer() {}

  /// A query: SELECT, VALUES, TABLE.
  public static AnalyzedQuery analyzeQuery(Query query, AnalysisContext context) {
    Analysis analysis = new Analysis(context);
    QueryAnalyzer.Result result =
        new QueryAnalyzer(analysis, CommonTables.NONE, null).analyze(query);
    QueryAnalyzer.Result shown = ObjectNamesAsText.show(analysis, result);
    return new AnalyzedQuery(
        shown.rel(), shown.columns(), analysis.slots.finish(), analysis.locks());
  }

  /// An INSERT, UPDATE or DELETE.
  public static AnalyzedChange analyzeChange(DataChange change, AnalysisContext context) {
    Analysis analysis = new Analysis(context);
    CommonTables tables = QueryAnalyzer.withTables(CommonTables.NONE, change.with());
    return switch (change) {
      case DataChange.Insert insert -> new InsertAnalyzer(analysis, tables, insert).analyze();
      case DataChange.Update update -> new UpdateAnalyzer(analysis, tables).analyze(update);
      case DataChange.Delete delete -> new DeleteAnalyzer(analysis, tables).analyze(delete);
    };
  }

  /// The condition of a CHECK over one row of a table.
  ///
  /// @throws DatabaseException also 42804 when it is no condition, 0A000 for sub-queries
  public static AnalyzedScalar analyzeCheck(
      Expression condition, TableDefinition table, AnalysisContext context) {
    Analysis analysis = new Analysis(context);
    FromClause row =
        new FromAnalyzer(analysis, CommonTables.NONE, null)
            .scan(new Relation.Stored(table), null, 0, RowReferences.HIDDEN);
    ExpressionPlace place =
        ExpressionPlace.plain(new Scope(row, null), CommonTables.NONE, ExpressionPlace.CHECK);
    RexNode rex = new ExpressionAnalyzer(analysis, place).condition(condition, "CHECK");
    return new AnalyzedScalar(rex, ColumnType.BOOL, analysis.slots.finish());
  }

  /// An expression over one row of a table: a DEFAULT (which sees no columns), the WHERE of a COPY.
  ///
  /// @param table the row's columns; empty if none may be named
  /// @param target the type it is assigned to; empty if its own is wanted
  /// @throws DatabaseException also 42804 where it cannot be assigned to `target`
  public static AnalyzedScalar analyzeScalar(
      Expression expression,
      Optional<TableDefinition> table,
      Optional<ColumnType> target,
      AnalysisContext context) {
    Analysis analysis = new Analysis(context);
    FromAnalyzer from = new FromAnalyzer(analysis, CommonTables.NONE, null);
    FromClause row =
        table.isEmpty()
            ? from.nothing()
            : from.scan(new Relation.Stored(table.get()), null, 0, RowReferences.HIDDEN);
    ExpressionPlace place =
        ExpressionPlace.plain(new Scope(row, null), CommonTables.NONE, "expressions of a table");
    Operand operand = new ExpressionAnalyzer(analysis, place).analyze(expression);
    ColumnType type = target.or(operand::type).orElse(ColumnType.TEXT);
    RexNode rex =
        target.isPresent()
            ? analysis.coercion.assign(operand, "expression", type)
            : analysis.coercion.settle(operand).rex();
    return new AnalyzedScalar(rex, type, analysis.slots.finish());
  }
}
