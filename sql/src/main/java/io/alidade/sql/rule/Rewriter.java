package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;

/// Applies rules to a tree until none of them fires.
public final class Rewriter {
  /// Rules that together do not end are a mistake of ours; this many rewrites of one node tell.
  private static final int MAX_REWRITES = 1000;

  private final List<RewriteRule> rules;

  public Rewriter(List<RewriteRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// The tree as the rules leave it: a node before its inputs, so that filters sink in one pass,
  /// and once more after them.
  public RelNode rewrite(RelNode node) {
    RelNode current = node;
    for (int i = 0; i < MAX_REWRITES; i++) {
      RelNode fired = applied(current);
      RelNode next = withInputs(fired);
      if (next == current) {
        return current;
      }
      current = next;
    }
    throw new IllegalStateException("rules do not end on " + node);
  }

  private RelNode applied(RelNode node) {
    RelNode current = node;
    for (int i = 0; i < MAX_REWRITES; i++) {
      Optional<RelNode> replacement = firstReplacement(current);
      if (replacement.isEmpty()) {
        return current;
      }
      current = replacement.get();
    }
    throw new IllegalStateException("rules do not end on " + node);
  }

  private Optional<RelNode> firstReplacement(RelNode node) {
    for (RewriteRule rule : rules) {
      Optional<RelNode> replacement = rule.apply(node);
      if (replacement.isPresent()) {
        return replacement;
      }
    }
    return Optional.empty();
  }

  private RelNode withInputs(RelNode node) {
    List<RelNode> inputs = new ArrayList<>();
    boolean changed = false;
    for (RelNode input : node.getInputs()) {
      RelNode rewritten = rewrite(input);
      changed |= rewritten != input;
      inputs.add(rewritten);
    }
    return changed ? node.copy(node.getTraitSet(), inputs) : node;
  }
}
