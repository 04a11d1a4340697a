package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression.SetQuantifier;
import io.alidade.sql.parse.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalIntersect;
import org.apache.calcite.rel.logical.LogicalMinus;
import org.apache.calcite.rel.logical.LogicalUnion;

/// A UNION, INTERSECT or EXCEPT, its columns brought to common types.
final class SetOperationBody implements QueryBody {
  private final Analysis analysis;
  private final Query.SetOperation operation;
  private final QueryBody left;
  private final QueryBody right;
  private final List<BodyColumn> columns;

  SetOperationBody(
      Analysis analysis, Query.SetOperation operation, QueryBody left, QueryBody right) {
    this.analysis = analysis;
    this.operation = operation;
    this.left = left;
    this.right = right;
    if (left.columns().size() != right.columns().size()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR,
          "each " + operation.operator() + " query must have the same number of columns",
          right.columns().isEmpty() ? operation.position() : right.columns().getFirst().position());
    }
    this.columns = common();
  }

  private List<BodyColumn> common() {
    List<BodyColumn> common = new ArrayList<>();
    for (int i = 0; i < left.columns().size(); i++) {
      BodyColumn first = left.columns().get(i);
      BodyColumn second = right.columns().get(i);
      Optional<ColumnType> type = first.type().or(second::type);
      if (first.type().isPresent() && second.type().isPresent()) {
        ColumnType one = first.type().get();
        ColumnType other = second.type().get();
        type =
            Optional.of(
                one.equals(other)
                    ? one
                    : Coercion.commonType(
                        one, other, operation.operator().name(), second.position()));
      }
      // Two constants in quotes meet as text; PostgreSQL decides here too.
      common.add(
          new BodyColumn(
              first.name(),
              Optional.of(type.orElse(ColumnType.TEXT)),
              first.position(),
              0,
              (short) 0));
    }
    return common;
  }

  @Override
  public List<BodyColumn> columns() {
    return columns;
  }

  @Override
  public RelNode build(List<ColumnType> openTypes) {
    List<ColumnType> types = types();
    List<RelNode> inputs =
        List.of(
            analysis.projections().converted(left.build(types), types),
            analysis.projections().converted(right.build(types), types));
    boolean all = operation.quantifier() == SetQuantifier.ALL;
    return switch (operation.operator()) {
      case UNION -> LogicalUnion.create(inputs, all);
      case INTERSECT -> LogicalIntersect.create(inputs, all);
      case EXCEPT -> LogicalMinus.create(inputs, all);
    };
  }
}
