package io.alidade.sql.rule;

import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.Relation;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;

/// A scan of a stored table becomes [TableRows], which other rules push work into.
final class ScanRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof TableScan scan)
        || !(scan.getTable() instanceof AlidadeTable table)
        || !(table.relation() instanceof Relation.Stored(var definition))) {
      return Optional.empty();
    }
    return Optional.of(
        new TableRows(
            scan.getCluster(),
            scan.getRowType(),
            definition,
            table.references(),
            Optional.empty(),
            Set.of()));
  }
}
