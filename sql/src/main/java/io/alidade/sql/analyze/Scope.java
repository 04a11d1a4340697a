package io.alidade.sql.analyze;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.jspecify.annotations.Nullable;

/// The columns that an expression sees: those of its own FROM clause, then those of the queries
/// around it.
final class Scope {
  private final FromClause from;
  private final @Nullable OuterRow outer;

  /// @param outer the row of the query around this one; null if there is none
  Scope(FromClause from, @Nullable OuterRow outer) {
    this.from = from;
    this.outer = outer;
  }

  FromClause from() {
    return from;
  }

  @Nullable OuterRow outer() {
    return outer;
  }

  /// The column that a reference means; the expression of an outer query's column is correlated.
  ScopeColumn resolve(Expression.ColumnReference reference) {
    Optional<ScopeColumn> own = find(reference);
    if (own.isPresent()) {
      return own.get();
    }
    for (OuterRow row = outer; row != null; row = row.scope().outer) {
      Optional<ScopeColumn> found = row.scope().find(reference);
      if (found.isPresent()) {
        return row.correlated(found.get());
      }
    }
    throw notFound(reference);
  }

  private Optional<ScopeColumn> find(Expression.ColumnReference reference) {
    List<ScopeColumn> visible = from.columns();
    if (!reference.qualifier().isEmpty()) {
      Optional<ScopeRange> range = range(reference.qualifier());
      if (range.isEmpty()) {
        return Optional.empty();
      }
      visible = range.get().columns();
    }
    List<ScopeColumn> found =
        visible.stream().filter(column -> column.name().equals(reference.name())).toList();
    if (found.size() > 1) {
      throw Errors.of(
          SqlState.AMBIGUOUS_COLUMN,
          "column reference \"" + reference.name() + "\" is ambiguous",
          reference.position());
    }
    return found.stream().findFirst();
  }

  private Optional<ScopeRange> range(List<String> qualifier) {
    return from.ranges().stream().filter(range -> range.isNamed(qualifier)).findFirst();
  }

  /// The columns of `t.*`.
  List<ScopeColumn> columnsOf(List<String> qualifier, int position) {
    Optional<ScopeRange> own = range(qualifier);
    if (own.isPresent()) {
      return own.get().columns();
    }
    for (OuterRow row = outer; row != null; row = row.scope().outer) {
      Optional<ScopeRange> found = row.scope().range(qualifier);
      if (found.isPresent()) {
        OuterRow at = row;
        return found.get().columns().stream().map(at::correlated).toList();
      }
    }
    throw missing(qualifier, position);
  }

  private DatabaseException notFound(Expression.ColumnReference reference) {
    if (reference.qualifier().isEmpty()) {
      if (from.ranges().stream().anyMatch(range -> range.name().equals(reference.name()))) {
        return Errors.unsupported("whole-row references are", reference.position());
      }
      DatabaseException error =
          Errors.of(
              SqlState.UNDEFINED_COLUMN,
              "column \"" + reference.name() + "\" does not exist",
              reference.position());
      return NameSuggestion.forColumn(reference.name(), allRanges())
          .map(error::withHint)
          .orElse(error);
    }
    Optional<ScopeRange> range =
        allRanges().stream().filter(one -> one.isNamed(reference.qualifier())).findFirst();
    if (range.isEmpty()) {
      return missing(reference.qualifier(), reference.position());
    }
    DatabaseException error =
        Errors.of(
            SqlState.UNDEFINED_COLUMN,
            "column " + String.join(".", reference.path()) + " does not exist",
            reference.position());
    return NameSuggestion.forColumn(reference.name(), List.of(range.get()))
        .map(error::withHint)
        .orElse(error);
  }

  private List<ScopeRange> allRanges() {
    List<ScopeRange> ranges = new ArrayList<>(from.ranges());
    for (OuterRow row = outer; row != null; row = row.scope().outer) {
      ranges.addAll(row.scope().from.ranges());
    }
    return ranges;
  }

  private DatabaseException missing(List<String> qualifier, int position) {
    String name = qualifier.getLast();
    for (ScopeRange range : allRanges()) {
      if (range.relation().isPresent() && range.relation().get().name().equals(name)) {
        return Errors.of(
                SqlState.UNDEFINED_TABLE,
                "invalid reference to FROM-clause entry for table \"" + name + "\"",
                position)
            .withHint("Perhaps you meant to reference the table alias \"" + range.name() + "\".");
      }
    }
    return Errors.of(
        SqlState.UNDEFINED_TABLE, "missing FROM-clause entry for table \"" + name + "\"", position);
  }

  /// Refuses a second item of the same name.
  static void requireDistinctNames(List<ScopeRange> left, List<ScopeRange> right, int position) {
    for (ScopeRange range : right) {
      for (ScopeRange other : left) {
        String schema = range.schema();
        String otherSchema = other.schema();
        boolean schemasDiffer =
            schema != null && otherSchema != null && !schema.equals(otherSchema);
        if (range.name().equals(other.name()) && !schemasDiffer) {
          throw Errors.of(
              SqlState.DUPLICATE_ALIAS,
              "table name \"" + range.name() + "\" specified more than once",
              position);
        }
      }
    }
  }

  static String shown(QualifiedName name) {
    return String.join(".", name.parts());
  }

  /// The row of an outer query, as a sub-query sees it.
  static final class OuterRow {
    private final Analysis analysis;
    private final Scope scope;
    private final org.apache.calcite.rel.core.CorrelationId id;
    private boolean used;

    OuterRow(Analysis analysis, Scope scope) {
      this.analysis = analysis;
      this.scope = scope;
      this.id = analysis.newCorrelation();
    }

    Scope scope() {
      return scope;
    }

    org.apache.calcite.rel.core.CorrelationId id() {
      return id;
    }

    /// Whether the sub-query has named a column of this row.
    boolean isUsed() {
      return used;
    }

    private ScopeColumn correlated(ScopeColumn column) {
      used = true;
      RexNode variable = analysis.builder.makeCorrel(scope.from.rel().getRowType(), id);
      RexShuttle toField =
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
              return analysis.builder.makeFieldAccess(variable, reference.getIndex());
            }
          };
      return column.withRex(column.rex().accept(toField));
    }
  }
}
