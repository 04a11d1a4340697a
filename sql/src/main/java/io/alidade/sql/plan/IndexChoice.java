package io.alidade.sql.plan;

import io.alidade.sql.rule.Expressions;
import io.alidade.sql.rule.TableRows;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// The ordered index that can list a part of a filter's rows, if there is one.
///
/// An index serves equalities on its first columns, then a range on the next. Whether using it pays
/// is decided when the plan runs, with real values: the engine falls back to reading everything.
///
/// @param condition what the index answers
/// @param key of a unique index whose columns are all fixed, an expression for each; else empty
/// @param filter all other conditions
record IndexChoice(
    IndexDefinition index, RexNode condition, List<RexNode> key, Optional<RexNode> filter) {

  /// A comparison of a column with something that is the same for all rows.
  private record Comparison(RexNode condition, int column, SqlKind kind, RexNode value) {}

  static Optional<IndexChoice> of(TableRows rows) {
    if (rows.filter().isEmpty()) {
      return Optional.empty();
    }
    List<RexNode> conditions = Expressions.conjuncts(rows.filter().get());
    List<Comparison> comparisons = new ArrayList<>();
    conditions.forEach(c -> comparison(c, rows).ifPresent(comparisons::add));
    if (comparisons.isEmpty()) {
      return Optional.empty();
    }
    return rows.table().indexes().stream()
        .filter(index -> index.method() == IndexDefinition.Method.BTREE)
        .flatMap(index -> of(rows, index, conditions, comparisons).stream())
        .max(Comparator.comparingInt(IndexChoice::worth));
  }

  /// Unique keys first, then more conditions.
  private int worth() {
    return (key.isEmpty() ? 0 : 1000) + Expressions.conjuncts(condition).size();
  }

  private static Optional<IndexChoice> of(
      TableRows rows,
      IndexDefinition index,
      List<RexNode> conditions,
      List<Comparison> comparisons) {
    List<RexNode> used = new ArrayList<>();
    List<RexNode> key = new ArrayList<>();
    for (int column : index.columns()) {
      Optional<Comparison> equality =
          comparisons.stream()
              .filter(c -> c.column() == column && c.kind() == SqlKind.EQUALS)
              .findFirst();
      if (equality.isEmpty()) {
        comparisons.stream()
            .filter(c -> c.column() == column)
            .forEach(range -> used.add(range.condition()));
        break;
      }
      used.add(equality.get().condition());
      key.add(equality.get().value());
    }
    if (used.isEmpty()) {
      return Optional.empty();
    }
    boolean isOneRow = index.isUnique() && key.size() == index.columns().size();
    List<RexNode> rest = new ArrayList<>(conditions);
    rest.removeAll(used);
    var builder = rows.getCluster().getRexBuilder();
    return Optional.of(
        new IndexChoice(
            index,
            Expressions.conjunction(builder, used).orElseThrow(),
            isOneRow ? key : List.of(),
            Expressions.conjunction(builder, rest)));
  }

  private static Optional<Comparison> comparison(RexNode condition, TableRows rows) {
    SqlKind kind = condition.getKind();
    if (kind == SqlKind.NOT_EQUALS || !SqlKind.COMPARISON.contains(kind)) {
      return Optional.empty();
    }
    List<RexNode> operands = ((RexCall) condition).getOperands();
    if (operands.size() != 2 || !isIndexable(kind)) {
      return Optional.empty();
    }
    Optional<Comparison> found =
        comparison(condition, operands.get(0), kind, operands.get(1), rows);
    return found.isPresent()
        ? found
        : comparison(condition, operands.get(1), kind.reverse(), operands.get(0), rows);
  }

  private static boolean isIndexable(SqlKind kind) {
    return switch (kind) {
      case EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> true;
      default -> false;
    };
  }

  private static Optional<Comparison> comparison(
      RexNode condition, RexNode column, SqlKind kind, RexNode value, TableRows rows) {
    java.util.Set<CorrelationId> variables = rows.getVariablesSet();
    if (column instanceof RexInputRef reference
        && reference.getIndex() < rows.table().columns().size()
        && Expressions.isConstant(value, variables)) {
      return Optional.of(new Comparison(condition, reference.getIndex(), kind, value));
    }
    return Optional.empty();
  }
}
