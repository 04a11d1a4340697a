package io.alidade.sql.plan;

import io.alidade.sql.analyze.Slots;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A statement's plan: immutable, without parameter values, to be run any number of times by any
/// number of threads.
public final class PhysicalPlan {
  private final PlanNode root;
  private final Slots slots;
  private volatile @Nullable Object compiled;

  PhysicalPlan(PlanNode root, Slots slots) {
    this.root = root;
    this.slots = slots;
  }

  public PlanNode root() {
    return root;
  }

  /// What stands behind the dynamic parameters in its expressions.
  public Slots slots() {
    return slots;
  }

  /// What whoever runs plans makes of this one, made once and kept with it.
  ///
  /// @param type the class of what is made, the same at each call
  public <T> T compiled(Class<T> type, Function<PlanNode, T> compiler) {
    Object kept = compiled;
    if (kept == null) {
      kept = compiler.apply(root); // Two threads may both do it once; the outcome is the same.
      compiled = kept;
    }
    return type.cast(kept);
  }
}
