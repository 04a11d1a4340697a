package io.alidade.sql.rule;

import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.Relation;
import io.alidade.storage.statistics.ColumnStatistics;
import io.alidade.storage.statistics.TableProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// About how many rows a relation without joins has, and what is known of its columns.
///
/// @param rows how many, before the conditions that are still above it
/// @param profile what is known of its columns, by their numbers in it
record RelationEstimate(double rows, TableProfile profile) {

  /// Estimates; empty where nothing is known of a table, or the relation is too much to look into.
  static Optional<RelationEstimate> of(RelNode relation, Estimates estimates) {
    return switch (relation) {
      case TableScan scan
          when scan.getTable() instanceof AlidadeTable table
              && table.relation() instanceof Relation.Stored(var definition) ->
          table(estimates.profiles().apply(definition.oid()));
      case TableRows table ->
          table(estimates.profiles().apply(table.table().oid()))
              .map(
                  all -> table.filter().map(filter -> all.filtered(filter, estimates)).orElse(all));
      case Filter filter ->
          of(filter.getInput(), estimates)
              .map(input -> input.filtered(filter.getCondition(), estimates));
      case Project project -> of(project.getInput(), estimates).map(input -> input.of(project));
      case Values values ->
          Optional.of(
              new RelationEstimate(
                  values.getTuples().size(),
                  new TableProfile(values.getTuples().size(), List.of(), List.of())));
      default -> Optional.empty();
    };
  }

  private static Optional<RelationEstimate> table(Optional<TableProfile> profile) {
    return profile.map(known -> new RelationEstimate(known.rows(), known));
  }

  private RelationEstimate filtered(RexNode condition, Estimates estimates) {
    double share = new Selectivity(profile, estimates.values()).of(condition);
    return new RelationEstimate(Math.max(1, rows * share), profile);
  }

  private RelationEstimate of(Project project) {
    List<Optional<ColumnStatistics>> columns = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      columns.add(
          expression instanceof RexInputRef column
              ? profile.column(column.getIndex())
              : Optional.empty());
    }
    return new RelationEstimate(rows, new TableProfile(profile.rows(), List.of(), columns));
  }

  /// How many different values a column has among the rows, at least 1; a tenth of the rows if that
  /// is not known.
  double distinct(int column) {
    double known = profile.column(column).map(ColumnStatistics::distinct).orElse(0.0);
    return Math.max(1, Math.min(rows, known >= 1 ? known : rows / 10));
  }
}
