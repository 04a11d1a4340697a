package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Query;
import io.alidade.storage.catalog.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;

/// Resolves an INSERT: which column gets what.
final class InsertAnalyzer {
  private final Analysis analysis;
  private final CommonTables tables;
  private final DataChange.Insert insert;
  private final ChangeTarget target;
  private final List<Integer> columns;

  InsertAnalyzer(Analysis analysis, CommonTables tables, DataChange.Insert insert) {
    this.analysis = analysis;
    this.tables = tables;
    this.insert = insert;
    this.target = ChangeTarget.of(analysis, tables, insert.table());
    this.columns = targetColumns();
  }

  private List<Integer> targetColumns() {
    List<Integer> named = new ArrayList<>();
    for (DataChange.Target each : insert.columns()) {
      int column = target.column(each);
      if (named.contains(column)) {
        throw Errors.of(
            SqlState.DUPLICATE_COLUMN,
            "column \"" + each.column() + "\" specified more than once",
            each.position());
      }
      named.add(column);
    }
    if (named.isEmpty()) {
      for (int i = 0; i < target.table().columns().size(); i++) {
        named.add(i);
      }
    }
    return named;
  }

  AnalyzedChange.Insert analyze() {
    RelNode source =
        switch (insert.source()) {
          case DataChange.Source.Defaults _ -> values(List.of(List.of()));
          case DataChange.Source.Rows(var query) ->
              isPlainValues(query) ? values(query) : query(query);
        };
    FromClause row = target.scan(insert.alias(), RowReferences.HIDDEN, insert.position());
    ReturningList returning =
        ReturningList.of(analysis, tables, row, insert.returning(), insert.position());
    Optional<AnalyzedChange.OnConflict> onConflict =
        Optional.ofNullable(insert.onConflict())
            .map(conflict ->
                new OnConflictAnalyzer(analysis, tables, target).analyze(conflict, insert.alias()));
    return new AnalyzedChange.Insert(
        target.table(),
        source,
        onConflict,
        returning.expressions(),
        returning.columns(),
        analysis.slots.finish());
  }

  private static boolean isPlainValues(Query query) {
    return query.body() instanceof Query.Values
        && query.with() == null
        && query.orderBy().isEmpty()
        && query.limit() == null;
  }

  private RelNode values(Query query) {
    List<List<Expression>> rows = new ArrayList<>();
    for (Expression.Row row : ((Query.Values) query.body()).rows()) {
      requireFitting(
          row.fields().size(),
          row.fields().size() > columns.size()
              ? row.fields().get(columns.size()).position()
              : row.position());
      if (row.fields().size() != ((Query.Values) query.body()).rows().getFirst().fields().size()) {
        throw Errors.of(
            SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length", row.position());
      }
      rows.add(row.fields());
    }
    return values(rows);
  }

  private void requireFitting(int given, int position) {
    if (given > columns.size()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR, "INSERT has more expressions than target columns", position);
    }
    if (given < columns.size() && !insert.columns().isEmpty()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR,
          "INSERT has more target columns than expressions",
          insert.columns().get(given).position());
    }
  }

  private RelNode values(List<List<Expression>> rows) {
    Scope scope = new Scope(new FromAnalyzer(analysis, tables, null).nothing(), null);
    ExpressionPlace place = ExpressionPlace.plain(scope, tables, "VALUES");
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    List<ColumnDefinition> all = target.table().columns();
    List<List<RexNode>> cells = new ArrayList<>();
    for (List<Expression> row : rows) {
      List<RexNode> values = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        int given = columns.indexOf(i);
        values.add(
            given < 0 || given >= row.size()
                ? target.defaultOf(i)
                : target.assigned(i, row.get(given), expressions));
      }
      cells.add(values);
    }
    return ValuesBody.rel(analysis, cells, names(), types(), place.variables());
  }

  private List<String> names() {
    return target.table().columns().stream().map(ColumnDefinition::name).toList();
  }

  private List<ColumnType> types() {
    return target.table().columns().stream().map(ColumnDefinition::type).toList();
  }

  private RelNode query(Query query) {
    QueryBody body = new QueryAnalyzer(analysis, tables, null).body(query);
    int given = body.columns().size();
    requireFitting(given, given == 0 ? query.position() : body.columns().getFirst().position());
    List<ColumnType> openTypes = new ArrayList<>();
    for (int i = 0; i < given; i++) {
      openTypes.add(types().get(columns.get(i)).withoutModifier());
    }
    QueryAnalyzer.Result result = QueryAnalyzer.result(body, openTypes);
    List<RexNode> values = new ArrayList<>();
    for (int i = 0; i < types().size(); i++) {
      int index = columns.indexOf(i);
      values.add(
          index < 0 || index >= given
              ? target.defaultOf(i)
              : target.assigned(
                  i,
                  new Operand.Value(
                      analysis.builder.makeInputRef(result.rel(), index),
                      result.columns().get(index).type(),
                      positionOf(body, index))));
    }
    return analysis.projections().project(result.rel(), values, names(), Set.of());
  }

  private static int positionOf(QueryBody body, int index) {
    return Math.max(body.columns().get(index).position(), DatabaseException.NO_POSITION);
  }
}
