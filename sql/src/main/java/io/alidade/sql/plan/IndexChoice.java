package io.alidade.sql.plan;

import io.alidade.sql.rule.Estimates;
import io.alidade.sql.rule.Expressions;
import io.alidade.sql.rule.Selectivity;
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
  ///
  /// @param kind IN for a choice of values, which no index column may follow
  private record Comparison(RexNode condition, int column, SqlKind kind, RexNode value) {
    /// Whether it says what the column must be, in the column's own type.
    boolean fixes() {
      RexCall call = (RexCall) condition;
      return kind == SqlKind.EQUALS
          && (call.getOperands().get(0) instanceof RexInputRef
              || call.getOperands().get(1) instanceof RexInputRef);
    }
  }

  static Optional<IndexChoice> of(TableRows rows, Estimates estimates) {
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
        .max(order(rows, estimates));
  }

  /// Unique keys first; then the condition that lets the fewest rows through if that is known,
  /// otherwise more conditions.
  private static Comparator<IndexChoice> order(TableRows rows, Estimates estimates) {
    Comparator<IndexChoice> byWorth = Comparator.comparingInt(IndexChoice::worth);
    return estimates
        .profiles()
        .apply(rows.table().oid())
        .map(profile -> new Selectivity(profile, estimates.values()))
        .map(selectivity ->
            Comparator.<IndexChoice>comparingInt(choice -> choice.key().isEmpty() ? 0 : 1)
                .thenComparing(
                    choice -> selectivity.of(choice.condition()), Comparator.reverseOrder())
                .thenComparing(byWorth))
        .orElse(byWorth);
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
          comparisons.stream().filter(c -> c.column() == column && c.fixes()).findFirst();
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
    if (kind == SqlKind.OR) {
      return choice(condition, rows);
    }
    if (Expressions.isColumnInArray(condition)) {
      List<RexNode> sides = ((RexCall) condition).getOperands();
      return comparison(condition, sides.get(0), SqlKind.IN, sides.get(1), rows);
    }
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

  /// `column IN (...)` as it is written in the algebra.
  private static Optional<Comparison> choice(RexNode condition, TableRows rows) {
    Optional<Comparison> first = Optional.empty();
    for (RexNode alternative : Expressions.flattened(condition, SqlKind.OR)) {
      Optional<Comparison> equality =
          alternative.getKind() == SqlKind.EQUALS
              ? comparison(alternative, rows).filter(Comparison::fixes)
              : Optional.empty();
      if (equality.isEmpty()
          || first.isPresent() && first.get().column() != equality.get().column()) {
        return Optional.empty();
      }
      first = equality;
    }
    return first.map(c -> new Comparison(condition, c.column(), SqlKind.IN, c.value()));
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
    return Expressions.comparedColumn(column)
        .filter(reference -> reference.getIndex() < rows.table().columns().size())
        .filter(_ -> Expressions.isConstant(value, variables))
        .map(reference -> new Comparison(condition, reference.getIndex(), kind, value));
  }
}
