package io.alidade.sql.rule;

import java.util.Optional;
import org.apache.calcite.rel.RelNode;

/// A rewrite of relational algebra into something that gives the same rows.
public interface RewriteRule {
  /// The replacement of a node, or empty if the rule does not fire on it.
  ///
  /// A replacement must get closer to an end: rules are applied to what they gave until none fires.
  Optional<RelNode> apply(RelNode node);
}
