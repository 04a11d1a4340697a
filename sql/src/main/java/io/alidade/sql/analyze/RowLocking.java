package io.alidade.sql.analyze;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.FromItem;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.Query;
import io.alidade.storage.LockWait;
import io.alidade.storage.RowLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the locking clauses of one query ask of the items of its FROM: `FOR UPDATE OF t NOWAIT`.
///
/// A clause without OF is about all tables, and reaches into sub-queries of FROM; other items it
/// passes over. Where several clauses are about one item, the strongest mode and the least patience
/// count.
final class RowLocking {
  static final RowLocking NONE = new RowLocking(Map.of());

  private final Map<String, Query.Locking> byName;

  private RowLocking(Map<String, Query.Locking> byName) {
    this.byName = byName;
  }

  /// @throws DatabaseException 42P01 and 0A000 where OF names what is not there or cannot be locked
  static RowLocking of(List<Query.Locking> clauses, List<FromItem> from, CommonTables tables) {
    if (clauses.isEmpty()) {
      return NONE;
    }
    Map<String, Kind> kinds = new HashMap<>();
    from.forEach(item -> collect(item, tables, kinds));
    Map<String, Query.Locking> byName = new HashMap<>();
    for (Query.Locking clause : clauses) {
      Set<String> names = new HashSet<>();
      if (clause.of().isEmpty()) {
        kinds.forEach((name, kind) -> {
          if (kind == Kind.TABLE || kind == Kind.SUB_QUERY) {
            names.add(name);
          }
        });
      }
      for (QualifiedName name : clause.of()) {
        names.add(lockable(name, kinds, clause));
      }
      for (String name : names) {
        byName.merge(name, clause, RowLocking::stronger);
      }
    }
    return new RowLocking(byName);
  }

  private enum Kind {
    TABLE,
    SUB_QUERY,
    WITH_QUERY,
    FUNCTION,
    JOIN
  }

  private static void collect(FromItem item, CommonTables tables, Map<String, Kind> kinds) {
    switch (item) {
      case FromItem.Table table -> {
        boolean common =
            table.name().schema() == null && tables.find(table.name().name()).isPresent();
        kinds.putIfAbsent(nameOf(table), common ? Kind.WITH_QUERY : Kind.TABLE);
      }
      case FromItem.Subquery subquery -> name(subquery.alias(), Kind.SUB_QUERY, kinds);
      case FromItem.Function function -> name(function.alias(), Kind.FUNCTION, kinds);
      case FromItem.Join join -> {
        collect(join.left(), tables, kinds);
        collect(join.right(), tables, kinds);
        name(join.alias(), Kind.JOIN, kinds);
      }
    }
  }

  private static void name(FromItem.@Nullable Alias alias, Kind kind, Map<String, Kind> kinds) {
    if (alias != null) {
      kinds.putIfAbsent(alias.name(), kind);
    }
  }

  private static String nameOf(FromItem.Table table) {
    FromItem.Alias alias = table.alias();
    return alias == null ? table.name().name() : alias.name();
  }

  private static String lockable(
      QualifiedName name, Map<String, Kind> kinds, Query.Locking clause) {
    String lock = nameOf(clause.strength());
    if (name.schema() != null) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR,
          lock + " must specify unqualified relation names",
          name.position());
    }
    Kind kind = kinds.get(name.name());
    if (kind == null) {
      throw Errors.of(
          SqlState.UNDEFINED_TABLE,
          "relation \"" + name.name() + "\" in " + lock + " clause not found in FROM clause",
          name.position());
    }
    return switch (kind) {
      case TABLE, SUB_QUERY -> name.name();
      case WITH_QUERY -> throw cannotBeAppliedTo("a WITH query", lock, name.position());
      case FUNCTION -> throw cannotBeAppliedTo("a function", lock, name.position());
      case JOIN -> throw cannotBeAppliedTo("a join", lock, name.position());
    };
  }

  private static DatabaseException cannotBeAppliedTo(String what, String lock, int position) {
    return Errors.of(
        SqlState.FEATURE_NOT_SUPPORTED, lock + " cannot be applied to " + what, position);
  }

  private static Query.Locking stronger(Query.Locking one, Query.Locking other) {
    return new Query.Locking(
        mode(one.strength()).compareTo(mode(other.strength())) >= 0
            ? one.strength()
            : other.strength(),
        List.of(),
        patience(one.waiting()) <= patience(other.waiting()) ? one.waiting() : other.waiting());
  }

  private static int patience(Query.LockWait wait) {
    return switch (wait) {
      case NOWAIT -> 0;
      case SKIP_LOCKED -> 1;
      case BLOCK -> 2;
    };
  }

  /// How a table's rows are locked, if they are.
  Optional<Query.Locking> of(FromItem.Table table) {
    return Optional.ofNullable(byName.get(nameOf(table)));
  }

  /// A sub-query with what is asked of all its tables.
  Query into(FromItem.Subquery subquery) {
    FromItem.Alias alias = subquery.alias();
    Query.Locking clause = alias == null ? null : byName.get(alias.name());
    Query query = subquery.query();
    if (clause == null || query.body() instanceof Query.Values) {
      return query;
    }
    List<Query.Locking> all = new ArrayList<>(query.locking());
    all.add(new Query.Locking(clause.strength(), List.of(), clause.waiting()));
    return new Query(
        query.with(), query.body(), query.orderBy(), query.limit(), all, query.position());
  }

  static RowLock mode(Query.LockStrength strength) {
    return switch (strength) {
      case UPDATE -> RowLock.UPDATE;
      case NO_KEY_UPDATE -> RowLock.NO_KEY_UPDATE;
      case SHARE -> RowLock.SHARE;
      case KEY_SHARE -> RowLock.KEY_SHARE;
    };
  }

  static LockWait wait(Query.LockWait wait) {
    return switch (wait) {
      case BLOCK -> LockWait.WAIT;
      case NOWAIT -> LockWait.REFUSE;
      case SKIP_LOCKED -> LockWait.SKIP;
    };
  }

  static String nameOf(Query.LockStrength strength) {
    return switch (strength) {
      case UPDATE -> "FOR UPDATE";
      case NO_KEY_UPDATE -> "FOR NO KEY UPDATE";
      case SHARE -> "FOR SHARE";
      case KEY_SHARE -> "FOR KEY SHARE";
    };
  }

  /// Refuses clauses on a query whose rows are not rows of tables.
  static void requireNone(List<Query.Locking> clauses, String where) {
    if (!clauses.isEmpty()) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, nameOf(clauses.getFirst().strength()) + " " + where);
    }
  }
}
