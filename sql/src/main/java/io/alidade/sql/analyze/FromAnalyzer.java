package io.alidade.sql.analyze;

import io.alidade.model.SqlState;
import io.alidade.sql.catalog.AlidadeTable;
import io.alidade.sql.catalog.AlidadeTable.RowReferences;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.FromItem;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.Query;
import io.alidade.storage.catalog.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Resolves FROM clauses: tables, sub-queries, WITH queries and functions; joins are in
/// [JoinAnalyzer].
final class FromAnalyzer {
  private final Analysis analysis;
  private final CommonTables commonTables;
  private final Scope.@Nullable OuterRow outer;
  private final RowLocking locking;
  private final JoinAnalyzer joins;

  FromAnalyzer(Analysis analysis, CommonTables commonTables, Scope.@Nullable OuterRow outer) {
    this(analysis, commonTables, outer, RowLocking.NONE);
  }

  FromAnalyzer(
      Analysis analysis,
      CommonTables commonTables,
      Scope.@Nullable OuterRow outer,
      RowLocking locking) {
    this.analysis = analysis;
    this.commonTables = commonTables;
    this.outer = outer;
    this.locking = locking;
    this.joins = new JoinAnalyzer(analysis, commonTables, outer, this);
  }

  /// One row without visible columns.
  FromClause nothing() {
    return new FromClause(LogicalValues.createOneRow(analysis.cluster), List.of(), List.of());
  }

  /// The items of a FROM list.
  FromClause list(List<FromItem> items) {
    if (items.isEmpty()) {
      return nothing();
    }
    FromClause result = item(items.getFirst(), null).clause();
    for (FromItem next : items.subList(1, items.size())) {
      result = joins.cross(result, item(next, result), next.position());
    }
    return result;
  }

  /// The items of a list beside a table that is there already.
  FromClause beside(FromClause left, List<FromItem> items) {
    FromClause result = left;
    for (FromItem next : items) {
      result = joins.cross(result, item(next, result), next.position());
    }
    return result;
  }

  /// An item of FROM.
  ///
  /// @param lateral the row of the items to its left, if it depends on it
  record Item(FromClause clause, Scope.@Nullable OuterRow lateral) {}

  Item item(FromItem item, @Nullable FromClause left) {
    return switch (item) {
      case FromItem.Table table -> new Item(table(table), null);
      case FromItem.Subquery subquery -> subquery(subquery, left);
      case FromItem.Function function -> function(function, left);
      case FromItem.Join join -> new Item(joins.join(join), null);
    };
  }

  private FromClause table(FromItem.Table table) {
    QualifiedName name = table.name();
    if (name.schema() == null) {
      Optional<CommonTables.Found> common = commonTables.find(name.name());
      if (common.isPresent()) {
        return commonTable(common.get(), table);
      }
    }
    Relation relation = relation(analysis, name);
    Optional<Query.Locking> clause = locking.of(table);
    if (clause.isEmpty() || !(relation instanceof Relation.Stored(var stored))) {
      return scan(relation, table.alias(), table.position(), RowReferences.HIDDEN);
    }
    FromClause scanned = scan(relation, table.alias(), table.position(), RowReferences.SHOWN);
    ScopeRange range = scanned.ranges().getFirst();
    RexNode reference = analysis.builder.makeInputRef(scanned.rel(), relation.columns().size());
    return FromClause.of(
        scanned.rel(),
        new ScopeRange(
            range.name(),
            range.schema(),
            range.relation(),
            range.columns(),
            List.of(
                new ScopeRange.LockedTable(
                    stored, reference, clause.get(), ScopeRange.JoinSide.PRESERVED))));
  }

  static Relation relation(Analysis analysis, QualifiedName name) {
    return analysis
        .context
        .catalog()
        .relation(name.schema(), name.name())
        .orElseThrow(() ->
            Errors.of(
                SqlState.UNDEFINED_TABLE,
                "relation \"" + Scope.shown(name) + "\" does not exist",
                name.position()));
  }

  /// A scan of a relation.
  FromClause scan(
      Relation relation, FromItem.@Nullable Alias alias, int position, RowReferences references) {
    AlidadeTable table = AlidadeTable.of(relation, analysis.types, references);
    RelNode rel = LogicalTableScan.create(analysis.cluster, table, List.of());
    List<ScopeColumn> columns = new ArrayList<>();
    for (int i = 0; i < relation.columns().size(); i++) {
      ColumnDefinition column = relation.columns().get(i);
      columns.add(
          new ScopeColumn(
              column.name(),
              analysis.builder.makeInputRef(rel, i),
              column.type(),
              relation.oid(),
              (short) (i + 1)));
    }
    ScopeRange range =
        new ScopeRange(
            alias == null ? relation.name() : alias.name(),
            alias == null ? relation.schema() : null,
            Optional.of(relation),
            renamed(columns, alias, relation.name(), position));
    return FromClause.of(rel, range);
  }

  static List<ScopeColumn> renamed(
      List<ScopeColumn> columns, FromItem.@Nullable Alias alias, String name, int position) {
    List<String> names = alias == null ? List.of() : alias.columns();
    if (names.size() > columns.size()) {
      String shown = alias == null ? name : alias.name();
      throw Errors.of(
          SqlState.INVALID_COLUMN_REFERENCE,
          "table \""
              + shown
              + "\" has "
              + columns.size()
              + " columns available but "
              + names.size()
              + " columns specified",
          position);
    }
    List<ScopeColumn> renamed = new ArrayList<>(columns);
    for (int i = 0; i < names.size(); i++) {
      renamed.set(i, columns.get(i).renamed(names.get(i)));
    }
    return renamed;
  }

  private FromClause commonTable(CommonTables.Found found, FromItem.Table item) {
    Query.CommonTable table = found.table();
    if (table.statement() instanceof DataChange) {
      throw Errors.unsupported("INSERT, UPDATE and DELETE in WITH are", table.position());
    }
    if (!(table.statement() instanceof Query query)) {
      throw Errors.unsupported("this statement in WITH is", table.position());
    }
    analysis.countCommonTableUse(item.position());
    QueryAnalyzer.Result result = new QueryAnalyzer(analysis, found.seen(), outer).analyze(query);
    FromItem.Alias own = new FromItem.Alias(table.name(), table.columns());
    if (table.columns().size() > result.columns().size()) {
      throw Errors.of(
          SqlState.INVALID_COLUMN_REFERENCE,
          "WITH query \""
              + table.name()
              + "\" has "
              + result.columns().size()
              + " columns available but "
              + table.columns().size()
              + " columns specified",
          table.position());
    }
    List<ScopeColumn> columns = renamed(columns(result), own, table.name(), table.position());
    FromItem.Alias alias = item.alias();
    return FromClause.of(
        result.rel(),
        new ScopeRange(
            alias == null ? table.name() : alias.name(),
            null,
            Optional.empty(),
            renamed(columns, alias, table.name(), item.position())));
  }

  private List<ScopeColumn> columns(QueryAnalyzer.Result result) {
    List<ScopeColumn> columns = new ArrayList<>();
    for (int i = 0; i < result.columns().size(); i++) {
      OutputColumn column = result.columns().get(i);
      columns.add(
          new ScopeColumn(
              column.name(),
              analysis.builder.makeInputRef(result.rel(), i),
              column.type(),
              column.tableOid(),
              column.attributeNumber()));
    }
    return columns;
  }

  private Scope.@Nullable OuterRow rowFor(FromItem.Scope scope, @Nullable FromClause left) {
    return scope == FromItem.Scope.LATERAL && left != null
        ? new Scope.OuterRow(analysis, new Scope(left, outer))
        : outer;
  }

  private static Scope.@Nullable OuterRow used(
      Scope.@Nullable OuterRow row, Scope.@Nullable OuterRow outer) {
    return row != null && row != outer && row.isUsed() ? row : null;
  }

  private Item subquery(FromItem.Subquery subquery, @Nullable FromClause left) {
    FromItem.Alias alias = subquery.alias();
    if (alias == null) {
      throw Errors.of(
              SqlState.SYNTAX_ERROR, "subquery in FROM must have an alias", subquery.position())
          .withHint("For example, FROM (SELECT ...) [AS] foo.");
    }
    Scope.OuterRow row = rowFor(subquery.scope(), left);
    QueryAnalyzer.Result result =
        new QueryAnalyzer(analysis, commonTables, row).analyze(locking.into(subquery));
    ScopeRange range =
        new ScopeRange(
            alias.name(),
            null,
            Optional.empty(),
            renamed(columns(result), alias, alias.name(), subquery.position()));
    return new Item(FromClause.of(result.rel(), range), used(row, outer));
  }

  private Item function(FromItem.Function function, @Nullable FromClause left) {
    Scope.OuterRow row = rowFor(FromItem.Scope.LATERAL, left);
    Scope scope = new Scope(nothing(), row);
    FromClause clause =
        new RowFunctionAnalyzer(
                analysis, ExpressionPlace.plain(scope, commonTables, "functions in FROM"))
            .from(function);
    return new Item(clause, used(row, outer));
  }
}
