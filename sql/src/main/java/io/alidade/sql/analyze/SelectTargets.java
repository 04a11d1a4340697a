package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.function.TableFunction;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/// The items of a select list, stars expanded.
final class SelectTargets {
  private final Analysis analysis;
  private final List<Target> targets = new ArrayList<>();

  SelectTargets(Analysis analysis) {
    this.analysis = analysis;
  }

  private record Target(String name, Operand operand, int tableOid, short attributeNumber) {}

  void addAll(List<Query.SelectItem> items, ExpressionAnalyzer expressions) {
    for (Query.SelectItem item : items) {
      if (item.expression() instanceof Expression.Star star) {
        addStar(star, expressions.place().scope());
      } else if (item.expression() instanceof Expression.AllFields fields
          && fields.base() instanceof Expression.FunctionCall call) {
        addFields(call, fields.position(), expressions);
      } else {
        add(item, expressions);
      }
    }
  }

  private void addStar(Expression.Star star, Scope scope) {
    if (star.qualifier().isEmpty() && scope.from().ranges().isEmpty()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR, "SELECT * with no tables specified is not valid", star.position());
    }
    List<ScopeColumn> columns =
        star.qualifier().isEmpty()
            ? scope.from().columns()
            : scope.columnsOf(star.qualifier(), star.position());
    for (ScopeColumn column : columns) {
      Operand value = new Operand.Value(column.rex(), column.type(), star.position());
      targets.add(new Target(column.name(), value, column.tableOid(), column.attributeNumber()));
    }
  }

  /// `(function(...)).*`.
  private void addFields(
      Expression.FunctionCall call, int position, ExpressionAnalyzer expressions) {
    List<TableFunction> overloads = analysis.functions.tableFunctions(call.name().name());
    if (overloads.isEmpty()) {
      throw Errors.unsupported("fields of composite values are", position);
    }
    for (TableFunction.Column column : overloads.getFirst().columns()) {
      Expression field = new Expression.FieldSelection(call, column.name(), position);
      targets.add(new Target(column.name(), expressions.analyze(field), 0, (short) 0));
    }
  }

  private void add(Query.SelectItem item, ExpressionAnalyzer expressions) {
    String alias = item.alias();
    String name = alias != null ? alias : OutputNames.of(item.expression());
    Operand operand = expressions.analyze(item.expression());
    int tableOid = 0;
    short attributeNumber = 0;
    if (item.expression() instanceof Expression.ColumnReference reference) {
      ScopeColumn column = expressions.place().scope().resolve(reference);
      tableOid = column.tableOid();
      attributeNumber = column.attributeNumber();
    }
    targets.add(new Target(name, operand, tableOid, attributeNumber));
  }

  int size() {
    return targets.size();
  }

  /// The target of a name, which an output column has.
  Optional<Integer> named(Expression.ColumnReference reference) {
    Optional<Integer> found = Optional.empty();
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).name().equals(reference.name())) {
        if (found.isPresent() && !sameValue(found.get(), i)) {
          throw Errors.of(
              SqlState.AMBIGUOUS_COLUMN,
              "ORDER BY \"" + reference.name() + "\" is ambiguous",
              reference.position());
        }
        found = found.isPresent() ? found : Optional.of(i);
      }
    }
    return found;
  }

  private boolean sameValue(int left, int right) {
    return targets.get(left).operand() instanceof Operand.Value one
        && targets.get(right).operand() instanceof Operand.Value other
        && one.rex().equals(other.rex());
  }

  /// A target as a value, of the given type if its own is open.
  Operand.Value settled(int index, ColumnType openType) {
    Target target = targets.get(index);
    if (target.operand() instanceof Operand.Value value) {
      return value;
    }
    ColumnType type = target.operand().type().orElse(openType);
    Operand.Value value =
        new Operand.Value(
            analysis.coercion.implicit(target.operand(), type), type, target.operand().position());
    targets.set(
        index, new Target(target.name(), value, target.tableOid(), target.attributeNumber()));
    return value;
  }

  boolean holdsAggregate(int index) {
    boolean[] found = {false};
    settled(index, ColumnType.TEXT)
        .rex()
        .accept(
            new RexVisitorImpl<@Nullable Void>(true) {
              @Override
              public @Nullable Void visitDynamicParam(RexDynamicParam reference) {
                found[0] |=
                    AggregateUses.indexOf(reference) >= 0
                        && !RowFunctionUses.isReference(reference);
                return null;
              }
            });
    return found[0];
  }

  List<QueryBody.BodyColumn> columns() {
    return targets.stream()
        .map(target ->
            new QueryBody.BodyColumn(
                target.name(),
                target.operand().type(),
                target.operand().position(),
                target.tableOid(),
                target.attributeNumber()))
        .toList();
  }
}
