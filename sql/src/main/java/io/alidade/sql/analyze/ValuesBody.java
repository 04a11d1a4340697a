package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/// `VALUES (...), (...)`.
final class ValuesBody implements QueryBody {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final List<List<Operand>> rows = new ArrayList<>();
  private final List<BodyColumn> columns = new ArrayList<>();

  ValuesBody(
      Analysis analysis, CommonTables tables, Scope.@Nullable OuterRow outer, Query.Values values) {
    this.analysis = analysis;
    Scope scope = new Scope(new FromAnalyzer(analysis, tables, outer).nothing(), outer);
    this.place = ExpressionPlace.plain(scope, tables, "VALUES");
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    int width = values.rows().getFirst().fields().size();
    for (Expression.Row row : values.rows()) {
      if (row.fields().size() != width) {
        throw Errors.of(
            SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length", row.position());
      }
      rows.add(expressions.analyzeAll(row.fields()));
    }
    for (int i = 0; i < width; i++) {
      columns.add(column(i));
    }
  }

  private BodyColumn column(int index) {
    List<Operand> cells = rows.stream().map(row -> row.get(index)).toList();
    boolean open = cells.stream().allMatch(cell -> cell.type().isEmpty());
    Optional<ColumnType> type =
        open ? Optional.empty() : Optional.of(analysis.coercion.commonType(cells, "VALUES"));
    return new BodyColumn("column" + (index + 1), type, cells.getFirst().position(), 0, (short) 0);
  }

  @Override
  public List<BodyColumn> columns() {
    return columns;
  }

  @Override
  public RelNode build(List<ColumnType> openTypes) {
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      types.add(columns.get(i).type().orElse(openTypes.get(i)));
    }
    List<List<RexNode>> cells = new ArrayList<>();
    for (List<Operand> row : rows) {
      List<RexNode> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        ColumnType type = types.get(i);
        values.add(analysis.coercion.exact(analysis.coercion.implicit(row.get(i), type), type));
      }
      cells.add(values);
    }
    List<String> names = columns.stream().map(BodyColumn::name).toList();
    return rel(analysis, cells, names, types, place.variables());
  }

  /// Rows of expressions that see no row of their own.
  static RelNode rel(
      Analysis analysis,
      List<List<RexNode>> rows,
      List<String> names,
      List<ColumnType> types,
      Set<CorrelationId> variables) {
    if (rows.stream().flatMap(List::stream).noneMatch(ValuesBody::dependsOnQueries)) {
      return new ComputedValues(
          analysis.cluster, analysis.projections().rowType(names, types), rows);
    }
    List<RelNode> inputs = new ArrayList<>();
    for (List<RexNode> row : rows) {
      inputs.add(
          analysis
              .projections()
              .project(LogicalValues.createOneRow(analysis.cluster), row, names, variables));
    }
    return inputs.size() == 1 ? inputs.getFirst() : LogicalUnion.create(inputs, true);
  }

  private static boolean dependsOnQueries(RexNode rex) {
    boolean[] depends = {false};
    rex.accept(
        new RexVisitorImpl<@Nullable Void>(true) {
          @Override
          public @Nullable Void visitSubQuery(RexSubQuery query) {
            depends[0] = true;
            return null;
          }

          @Override
          public @Nullable Void visitFieldAccess(RexFieldAccess access) {
            depends[0] = true;
            return null;
          }
        });
    return depends[0];
  }
}
