package io.alidade.sql.analyze;

import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.Query;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// What a qualifier in an expression can name: an item of FROM.
///
/// @param name its alias, or the table's name
/// @param schema the table's schema where it has no alias, else null
/// @param relation the relation it is, if it is one
/// @param locked the rows of tables in it that a locking clause is about
record ScopeRange(
    String name,
    @Nullable String schema,
    Optional<Relation> relation,
    List<ScopeColumn> columns,
    List<LockedTable> locked) {
  ScopeRange {
    columns = List.copyOf(columns);
    locked = List.copyOf(locked);
  }

  ScopeRange(
      String name,
      @Nullable String schema,
      Optional<Relation> relation,
      List<ScopeColumn> columns) {
    this(name, schema, relation, columns, List.of());
  }

  /// A table whose rows are to be locked.
  ///
  /// @param reference says where the row is
  /// @param side whether there may be no row
  record LockedTable(
      TableDefinition table, RexNode reference, Query.Locking clause, JoinSide side) {}

  /// On which side of outer joins something is.
  enum JoinSide {
    PRESERVED,
    NULLABLE
  }

  /// The same on the nullable side of an outer join.
  ScopeRange nullable() {
    List<LockedTable> nullable =
        locked.stream()
            .map(it -> new LockedTable(it.table(), it.reference(), it.clause(), JoinSide.NULLABLE))
            .toList();
    return new ScopeRange(name, schema, relation, columns, nullable);
  }

  boolean isNamed(List<String> qualifier) {
    if (!qualifier.getLast().equals(name)) {
      return false;
    }
    return qualifier.size() == 1 || qualifier.get(qualifier.size() - 2).equals(schema);
  }
}
