package io.alidade.sql.constraint;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.constraint.DeferredChecks.Pending;
import io.alidade.sql.constraint.DeferredChecks.Side;
import io.alidade.storage.ConstraintErrors;
import io.alidade.storage.RowLock;
import io.alidade.storage.catalog.ConstraintDefinition.Action;
import io.alidade.storage.catalog.ConstraintDefinition.Match;
import io.alidade.storage.table.TableView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys that one statement has written or taken away, and what follows from it.
///
/// A key that points somewhere is looked up at once, and the row it points to locked: most are
/// there. Those that are not, and all that concerns rows which have gone, wait for the end of the
/// statement, in the order in which PostgreSQL would fire its triggers: what an action does is
/// followed by what follows from it before the next is looked at. The chain of actions is a list,
/// not a recursion: a row may point to a row that points to a row, a million times.
final class KeyChecks {

  /// The most that one statement puts off to its end.
  private static final int MAX_EVENTS = 16_000_000;

  /// How many keys are remembered to have been found.
  private static final int MAX_FOUND = 10_000;

  /// How many keys without an index are looked for in one pass over a table.
  private static final int MAX_TOGETHER = 100_000;

  private final ConstraintScope scope;
  private final ReferentialActions actions;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Set<Found> found = new HashSet<>();
  private Frame current = new Frame("");
  private int events;

  /// What one statement or action has brought about.
  ///
  /// @param cause the action as a statement, as errors show it; empty for the client's own
  private record Frame(String cause, Deque<Event> events) {
    Frame(String cause) {
      this(cause, new ArrayDeque<>());
    }
  }

  private record Found(int constraint, List<@Nullable Object> key) {}

  /// Something to look at when the statement ends.
  sealed interface Event {
    /// A row points to something that was not there.
    record Missing(ForeignKeyRule rule, List<@Nullable Object> pointer) implements Event {}

    /// A row is gone, or has another key.
    ///
    /// @param newTarget the key that it has now; empty for a deleted row
    record Gone(
        ForeignKeyRule rule,
        List<@Nullable Object> target,
        Optional<List<@Nullable Object>> newTarget)
        implements Event {

      Action action() {
        return newTarget.isEmpty() ? rule.key().onDelete() : rule.key().onUpdate();
      }
    }

    /// A row has a key of a deferrable unique constraint.
    record Claimed(TableRules table, TableRules.KeyRule rule, List<@Nullable Object> key)
        implements Event {}
  }

  KeyChecks(ConstraintScope scope, ConstrainedWriter writer) {
    this.scope = scope;
    this.actions = new ReferentialActions(scope, writer);
  }

  void inserted(TableRules table, @Nullable Object[] row) {
    for (ForeignKeyRule rule : table.pointing()) {
      pointed(rule, rule.pointer(row));
    }
    for (TableRules.KeyRule rule : table.keys()) {
      add(new Event.Claimed(table, rule, rule.key(row)));
    }
  }

  void updated(TableRules table, @Nullable Object[] before, @Nullable Object[] after) {
    for (ForeignKeyRule rule : table.pointedTo()) {
      List<@Nullable Object> was = rule.target(before);
      List<@Nullable Object> is = rule.target(after);
      boolean same = ForeignKeyRule.isSame(rule.to(), rule.key().referencedColumns(), was, is);
      if (!same && !was.contains(null)) {
        gone(new Event.Gone(rule, was, Optional.of(is)));
      }
    }
    for (ForeignKeyRule rule : table.pointing()) {
      List<@Nullable Object> is = rule.pointer(after);
      if (!ForeignKeyRule.isSame(rule.from(), rule.key().columns(), rule.pointer(before), is)) {
        pointed(rule, is);
      }
    }
    for (TableRules.KeyRule rule : table.keys()) {
      List<@Nullable Object> is = rule.key(after);
      if (!ForeignKeyRule.isSame(table.table(), rule.index().columns(), rule.key(before), is)) {
        add(new Event.Claimed(table, rule, is));
      }
    }
  }

  void deleted(TableRules table, @Nullable Object[] row) {
    for (ForeignKeyRule rule : table.pointedTo()) {
      List<@Nullable Object> was = rule.target(row);
      if (!was.contains(null)) {
        gone(new Event.Gone(rule, was, Optional.empty()));
      }
    }
  }

  private void gone(Event.Gone event) {
    found.clear(); // Keys of the same statement may have been found in the row that is gone.
    add(event);
  }

  private void pointed(ForeignKeyRule rule, List<@Nullable Object> pointer) {
    if (!rule.points(pointer)) {
      return;
    }
    Found key = new Found(rule.key().oid(), pointer);
    if (found.contains(key)) {
      return;
    }
    if (isThere(rule, pointer)) {
      if (found.size() >= MAX_FOUND) {
        found.clear();
      }
      found.add(key);
    } else {
      add(new Event.Missing(rule, pointer));
    }
  }

  private void add(Event event) {
    if (++events > MAX_EVENTS) {
      throw new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory")
          .withDetail(
              "A statement can have at most " + MAX_EVENTS + " keys to look at when it ends.")
          .withHint("Write fewer rows in one statement.");
    }
    current.events.add(event);
  }

  /// Looks a key up where it points to, and locks the row.
  private boolean isThere(ForeignKeyRule rule, List<@Nullable Object> pointer) {
    if (pointer.contains(null)) {
      return false; // MATCH FULL, null in part.
    }
    Optional<List<@Nullable Object>> key = rule.indexKey(pointer);
    return key.isPresent()
        && scope
            .transaction()
            .lockKey(rule.to().oid(), rule.key().referencedIndex(), key.get(), RowLock.KEY_SHARE);
  }

  void finish() {
    frames.push(current);
    while (!frames.isEmpty()) {
      Event next = frames.element().events.poll();
      if (next == null) {
        frames.pop();
        continue;
      }
      events--;
      current = new Frame("");
      try {
        handle(next);
      } catch (DatabaseException e) {
        throw withCauses(e);
      }
      if (!current.events.isEmpty()) {
        frames.push(current);
      }
    }
    current = new Frame("");
  }

  /// Tells which actions an error came from, the innermost first.
  private DatabaseException withCauses(DatabaseException error) {
    List<String> causes = new ArrayList<>();
    error.field(DatabaseException.Field.WHERE).ifPresent(causes::add);
    if (!current.cause.isEmpty()) {
      causes.add("SQL statement \"" + current.cause + "\"");
    }
    for (Frame frame : frames) {
      if (!frame.cause.isEmpty()) {
        causes.add("SQL statement \"" + frame.cause + "\"");
      }
    }
    return causes.isEmpty()
        ? error
        : error.with(DatabaseException.Field.WHERE, String.join("\n", causes));
  }

  private void handle(Event event) {
    switch (event) {
      case Event.Missing(var rule, var pointer) -> {
        if (scope.deferred().isDeferred(rule.key())) {
          defer(rule, Side.REFERENCING, pointer);
        } else {
          requireThere(rule, pointer);
        }
      }
      case Event.Claimed(var table, var rule, var key) -> {
        if (scope.deferred().isDeferred(rule.constraint())) {
          scope
              .deferred()
              .add(new Pending(table.table().oid(), rule.constraint().oid(), Side.UNIQUE, key));
        } else {
          scope.transaction().requireUnique(table.table().oid(), rule.index().oid(), key);
        }
      }
      case Event.Gone gone -> handle(gone);
    }
  }

  private void handle(Event.Gone gone) {
    ForeignKeyRule rule = gone.rule;
    switch (gone.action()) {
      case NO_ACTION -> {
        if (scope.deferred().isDeferred(rule.key())) {
          defer(rule, Side.REFERENCED, gone.target);
        } else {
          requireUnreferenced(rule, together(gone), Action.NO_ACTION);
        }
      }
      case RESTRICT -> requireUnreferenced(rule, together(gone), Action.RESTRICT);
      case CASCADE, SET_NULL, SET_DEFAULT -> {
        current = new Frame(actions.statement(gone));
        actions.run(gone);
        if (gone.action() == Action.SET_DEFAULT) {
          // Those whose defaults are what they had still point to it.
          Frame done = current;
          current = new Frame("");
          requireUnreferenced(rule, List.of(gone.target), Action.NO_ACTION);
          current = done;
        }
      }
    }
  }

  private void defer(ForeignKeyRule rule, Side side, List<@Nullable Object> key) {
    scope.deferred().add(new Pending(rule.from().oid(), rule.key().oid(), side, key));
  }

  /// The keys that are gone alike, to be looked for in one pass where there is no index.
  private List<List<@Nullable Object>> together(Event.Gone first) {
    List<List<@Nullable Object>> targets = new ArrayList<>();
    targets.add(first.target);
    if (!ReferencingRows.isIndexed(first.rule)) {
      Iterator<Event> rest = frames.element().events.iterator();
      while (rest.hasNext() && targets.size() < MAX_TOGETHER) {
        if (rest.next() instanceof Event.Gone other
            && other.rule.key().oid() == first.rule.key().oid()
            && other.action() == first.action()) {
          targets.add(other.target);
          rest.remove();
          events--;
        }
      }
    }
    return targets;
  }

  /// @throws DatabaseException 23503 when a row has the key and it points to nothing
  private void requireThere(ForeignKeyRule rule, List<@Nullable Object> pointer) {
    if (isThere(rule, pointer)) {
      return;
    }
    boolean mixed = rule.key().match() == Match.FULL && ForeignKeyRule.isMixed(pointer);
    try (TableView view = scope.transaction().latest(rule.from().oid())) {
      if (!mixed && view.matching(rule.key().columns(), pointer, 1, scope.checkpoint()).isEmpty()) {
        return; // The row is gone again.
      }
    }
    throw mixed
        ? ConstraintErrors.mixedNulls(rule.from(), rule.key())
        : ConstraintErrors.missing(rule.from(), rule.to(), rule.key(), pointer);
  }

  /// @param action [Action#RESTRICT] when another row with the key does not help
  /// @throws DatabaseException 23503 when a row points to one of the keys
  private void requireUnreferenced(
      ForeignKeyRule rule, List<List<@Nullable Object>> targets, Action action) {
    List<List<@Nullable Object>> left = new ArrayList<>();
    for (List<@Nullable Object> target : targets) {
      if (action == Action.RESTRICT
          || !isThere(rule, target)) { // A key as the columns that it points to have it, too.
        left.add(target);
      }
    }
    if (left.isEmpty()) {
      return;
    }
    try (TableView view = scope.transaction().latest(rule.from().oid())) {
      ReferencingRows.of(rule, view, left, 1, scope.checkpoint()).stream()
          .mapToInt(ReferencingRows.Found::target)
          .min()
          .ifPresent(first -> {
            throw ConstraintErrors.referenced(rule.from(), rule.to(), rule.key(), left.get(first));
          });
    }
  }

  /// Looks at what was put off.
  void check(TableRules table, Pending pending) {
    switch (pending.side()) {
      case REFERENCING ->
          table.pointing().stream()
              .filter(rule -> rule.key().oid() == pending.constraint())
              .forEach(rule -> requireThere(rule, pending.key()));
      case REFERENCED ->
          table.pointing().stream()
              .filter(rule -> rule.key().oid() == pending.constraint())
              .forEach(rule -> requireUnreferenced(rule, List.of(pending.key()), Action.NO_ACTION));
      case UNIQUE ->
          table.keys().stream()
              .filter(rule -> rule.constraint().oid() == pending.constraint())
              .forEach(rule ->
                  scope
                      .transaction()
                      .requireUnique(table.table().oid(), rule.index().oid(), pending.key()));
    }
  }
}
