package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.sql.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;

/// Makes projections whose columns have certain types and distinct names.
final class Projections {
  private final Analysis analysis;

  Projections(Analysis analysis) {
    this.analysis = analysis;
  }

  /// A projection.
  ///
  /// @param variables the correlation variables that stand for the input's row in sub-queries
  RelNode project(
      RelNode input, List<RexNode> expressions, List<String> names, Set<CorrelationId> variables) {
    return LogicalProject.create(input, List.of(), expressions, distinct(names), variables);
  }

  private static List<String> distinct(List<String> names) {
    Set<String> used = new LinkedHashSet<>();
    for (String name : names) {
      String candidate = name;
      for (int i = 1; !used.add(candidate); i++) {
        candidate = name + "$" + i;
      }
    }
    return List.copyOf(used);
  }

  /// The rows with their columns converted, unasked, to some types; themselves if they have them.
  RelNode converted(RelNode rel, List<ColumnType> types) {
    List<RelDataTypeField> fields = rel.getRowType().getFieldList();
    List<RexNode> expressions = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < fields.size(); i++) {
      RexNode field = analysis.builder.makeInputRef(rel, i);
      ColumnType from = SqlType.columnTypeOf(fields.get(i).getType());
      ColumnType to = types.get(i);
      if (!from.equals(to)) {
        changed = true;
        Operand.Value value = new Operand.Value(field, from, 0);
        field = analysis.coercion.exact(analysis.coercion.implicit(value, to), to);
      }
      expressions.add(field);
    }
    return changed ? project(rel, expressions, rel.getRowType().getFieldNames(), Set.of()) : rel;
  }

  /// The first columns only.
  RelNode first(RelNode rel, int count) {
    if (rel.getRowType().getFieldCount() == count) {
      return rel;
    }
    List<RexNode> expressions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      expressions.add(analysis.builder.makeInputRef(rel, i));
    }
    return project(rel, expressions, rel.getRowType().getFieldNames().subList(0, count), Set.of());
  }

  RelDataType rowType(List<String> names, List<ColumnType> types) {
    var row = analysis.types.builder();
    List<String> unique = distinct(names);
    for (int i = 0; i < unique.size(); i++) {
      row.add(unique.get(i), analysis.types.nullable(types.get(i)));
    }
    return row.build();
  }
}
