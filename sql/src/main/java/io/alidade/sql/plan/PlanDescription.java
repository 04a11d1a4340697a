package io.alidade.sql.plan;

import io.alidade.sql.rule.Estimates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A plan as EXPLAIN shows it: a tree of operators with what is to be said about each.
///
/// @param title such as `Index Scan using items_pkey on items`
/// @param estimate how many rows are expected, such as `rows=5`, where that is known
/// @param actual what was measured, such as `actual time=0.012..0.020 rows=5 loops=1`
/// @param details what follows, a line each
/// @param subPlans the sub-queries in its expressions
/// @param inputs what it reads from
public record PlanDescription(
    String title,
    Optional<String> estimate,
    Optional<String> actual,
    List<Detail> details,
    List<Named> subPlans,
    List<PlanDescription> inputs) {

  /// One thing that is said about an operator.
  public record Detail(String label, String value) {}

  /// A sub-query and its name.
  public record Named(String name, PlanDescription plan) {}

  /// What was measured about nodes.
  public interface Actuals {
    /// Nothing was measured.
    Actuals NONE =
        new Actuals() {
          @Override
          public Optional<String> of(PlanNode node) {
            return Optional.empty();
          }

          @Override
          public List<Detail> details(PlanNode node) {
            return List.of();
          }
        };

    /// Time, rows and loops of a node.
    Optional<String> of(PlanNode node);

    /// What else is to be said about it.
    List<Detail> details(PlanNode node);
  }

  /// Describes a plan.
  ///
  /// @param estimates what is known of tables and constants
  public static PlanDescription of(PhysicalPlan plan, Actuals actuals, Estimates estimates) {
    return new PlanDescriber(plan.slots(), actuals, estimates).describe(plan.root());
  }

  /// The lines of EXPLAIN's text format.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    write("", "", lines);
    return lines;
  }

  /// @param first what stands before the title
  /// @param indent what stands before everything below it
  private void write(String first, String indent, List<String> lines) {
    lines.add(
        first
            + title
            + estimate.map(text -> "  (" + text + ")").orElse("")
            + actual.map(text -> " (" + text + ")").orElse(""));
    details.forEach(detail -> lines.add(indent + "  " + detail.label() + ": " + detail.value()));
    for (Named subPlan : subPlans) {
      lines.add(indent + "  " + subPlan.name());
      subPlan.plan().write(indent + "    ->  ", indent + "        ", lines);
    }
    for (PlanDescription input : inputs) {
      input.write(indent + "  ->  ", indent + "      ", lines);
    }
  }
}
