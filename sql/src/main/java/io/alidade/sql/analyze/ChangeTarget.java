package io.alidade.sql.analyze;

import io.alidade.model.SqlState;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.FromItem;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.SqlParser;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/// The table that a statement changes: its columns, their defaults, and what is assigned to them.
final class ChangeTarget {
  private final Analysis analysis;
  private final CommonTables tables;
  private final TableDefinition table;

  private ChangeTarget(Analysis analysis, CommonTables tables, TableDefinition table) {
    this.analysis = analysis;
    this.tables = tables;
    this.table = table;
  }

  /// @throws io.alidade.model.DatabaseException 42P01; 42501 for a system relation
  static ChangeTarget of(Analysis analysis, CommonTables tables, QualifiedName name) {
    return switch (FromAnalyzer.relation(analysis, name)) {
      case Relation.Stored(var table) -> new ChangeTarget(analysis, tables, table);
      case Relation.System system ->
          throw Errors.of(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "permission denied: \"" + system.name() + "\" is a system catalog",
              name.position());
    };
  }

  TableDefinition table() {
    return table;
  }

  /// The table's rows as FROM would give them.
  FromClause scan(@Nullable String alias, RowReferences references, int position) {
    return new FromAnalyzer(analysis, tables, null)
        .scan(
            new Relation.Stored(table),
            alias == null ? null : new FromItem.Alias(alias, List.of()),
            position,
            references);
  }

  /// The column that an assignment names.
  int column(DataChange.Target target) {
    if (!target.fields().isEmpty() || !target.subscripts().isEmpty()) {
      throw Errors.unsupported("assigning to a part of a column is", target.position());
    }
    return column(target.column(), target.position());
  }

  int column(String name, int position) {
    return table
        .column(name)
        .orElseThrow(() ->
            Errors.of(
                SqlState.UNDEFINED_COLUMN,
                "column \"" + name + "\" of relation \"" + table.name() + "\" does not exist",
                position));
  }

  /// What a column gets from an expression.
  RexNode assigned(int column, Expression value, ExpressionAnalyzer expressions) {
    return value instanceof Expression.Default
        ? defaultOf(column)
        : assigned(column, expressions.analyze(value));
  }

  RexNode assigned(int column, Operand value) {
    ColumnDefinition definition = table.columns().get(column);
    return analysis.coercion.exact(
        analysis.coercion.assign(value, definition.name(), definition.type()), definition.type());
  }

  /// What a column gets where nothing is given.
  RexNode defaultOf(int column) {
    ColumnDefinition definition = table.columns().get(column);
    if (definition.defaultExpression().isEmpty()) {
      return analysis.builder.nullOf(definition.type());
    }
    Scope nothing = new Scope(new FromAnalyzer(analysis, tables, null).nothing(), null);
    ExpressionPlace place =
        ExpressionPlace.plain(nothing, CommonTables.NONE, "DEFAULT expressions");
    Expression expression = SqlParser.parseExpression(definition.defaultExpression().get());
    analysis.slots.enterStoredText();
    RexNode value = assigned(column, new ExpressionAnalyzer(analysis, place).analyze(expression));
    analysis.slots.leaveStoredText();
    return value;
  }

  /// Refuses sub-queries in expressions that are computed outside of the algebra.
  static void requireNoQueries(List<RexNode> expressions, String place, int position) {
    for (RexNode expression : expressions) {
      expression.accept(
          new RexVisitorImpl<@Nullable Void>(true) {
            @Override
            public @Nullable Void visitSubQuery(RexSubQuery query) {
              throw Errors.unsupported("sub-queries in " + place + " are", position);
            }
          });
    }
  }
}
