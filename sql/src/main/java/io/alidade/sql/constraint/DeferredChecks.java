package io.alidade.sql.constraint;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.ConstraintDefinition.Deferral;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What one session's transaction has put off: keys that are looked at when it commits, or when SET
/// CONSTRAINTS asks for it; and what SET CONSTRAINTS has said. For one thread.
///
/// A check is put off as the key alone. When its time comes, the key is looked up on both sides as
/// they are then, so rows that were written and deleted again leave nothing to find.
public final class DeferredChecks {

  /// The most checks that a transaction may put off.
  public static final int MAX_PENDING = 4_000_000;

  private Set<Pending> pending = new LinkedHashSet<>();
  private final List<Pending> ofStatement = new ArrayList<>();
  private Map<Integer, Timing> timings = new HashMap<>();
  private Optional<Timing> all = Optional.empty();

  /// When a deferrable constraint is checked.
  public enum Timing {
    IMMEDIATE,
    DEFERRED
  }

  /// What is known of a key that waits.
  enum Side {
    /// A row points to it.
    REFERENCING,
    /// A row that had it is gone.
    REFERENCED,
    /// A row of a deferrable unique constraint has it.
    UNIQUE
  }

  /// A key that waits.
  ///
  /// @param table the OID of the constraint's table
  record Pending(int table, int constraint, Side side, List<@Nullable Object> key) {}

  /// A state to go back to.
  public record Mark(Set<Object> pending, Map<Integer, Timing> timings, Optional<Timing> all) {}

  /// Whether a constraint is checked at the end of the transaction only.
  boolean isDeferred(ConstraintDefinition constraint) {
    if (!constraint.deferral().isDeferrable()) {
      return false;
    }
    Timing timing = timings.get(constraint.oid());
    if (timing == null) {
      timing =
          all.orElse(
              constraint.deferral() == Deferral.INITIALLY_DEFERRED
                  ? Timing.DEFERRED
                  : Timing.IMMEDIATE);
    }
    return timing == Timing.DEFERRED;
  }

  void add(Pending check) {
    if (pending.size() >= MAX_PENDING) {
      throw new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory")
          .withDetail(
              "A transaction can put off at most " + MAX_PENDING + " checks of constraints.");
    }
    if (pending.add(check)) {
      ofStatement.add(check);
    }
  }

  /// A statement begins.
  public void beginStatement() {
    ofStatement.clear();
  }

  /// Forgets what the running statement has put off: it runs anew.
  public void undoStatement() {
    ofStatement.forEach(pending::remove);
    ofStatement.clear();
  }

  /// Sets when all deferrable constraints are checked, until the end of the transaction.
  public void setAll(Timing timing) {
    timings = new HashMap<>();
    all = Optional.of(timing);
  }

  /// Sets when one constraint is checked, until the end of the transaction.
  public void set(int constraintOid, Timing timing) {
    timings = new HashMap<>(timings);
    timings.put(constraintOid, timing);
  }

  public boolean isEmpty() {
    return pending.isEmpty();
  }

  /// Whether checks of a table's rows wait.
  public boolean concern(IntPredicate table) {
    return pending.stream().anyMatch(check -> table.test(check.table()));
  }

  /// Takes out what waits for constraints.
  ///
  /// @param constraint by OID
  Set<Pending> take(IntPredicate constraint) {
    Set<Pending> taken = new LinkedHashSet<>();
    Set<Pending> left = new LinkedHashSet<>();
    for (Pending check : pending) {
      (constraint.test(check.constraint()) ? taken : left).add(check);
    }
    pending = left;
    return taken;
  }

  /// The state now, for a savepoint.
  public Mark mark() {
    return new Mark(new LinkedHashSet<>(pending), timings, all);
  }

  /// Goes back to a savepoint.
  public void rollbackTo(Mark mark) {
    pending = new LinkedHashSet<>();
    mark.pending.forEach(check -> pending.add((Pending) check));
    timings = mark.timings;
    all = mark.all;
  }

  /// Forgets everything: the transaction has ended.
  public void clear() {
    pending = new LinkedHashSet<>();
    timings = new HashMap<>();
    all = Optional.empty();
    ofStatement.clear();
  }
}
