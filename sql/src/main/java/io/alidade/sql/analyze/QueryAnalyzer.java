package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Expression.SortItem;
import io.alidade.sql.parse.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Resolves whole queries: WITH, the body, ORDER BY and LIMIT.
final class QueryAnalyzer {
  private final Analysis analysis;
  private final CommonTables outerTables;
  private final Scope.@Nullable OuterRow outer;

  QueryAnalyzer(Analysis analysis, CommonTables outerTables, Scope.@Nullable OuterRow outer) {
    this.analysis = analysis;
    this.outerTables = outerTables;
    this.outer = outer;
  }

  /// A query's rows and their columns.
  record Result(RelNode rel, List<OutputColumn> columns) {}

  Result analyze(Query query) {
    QueryBody body = body(query);
    return result(body, body.types());
  }

  static Result result(QueryBody body, List<ColumnType> openTypes) {
    RelNode rel = body.build(openTypes);
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 0; i < body.columns().size(); i++) {
      QueryBody.BodyColumn column = body.columns().get(i);
      columns.add(
          new OutputColumn(
              column.name(),
              column.type().orElse(openTypes.get(i)),
              column.tableOid(),
              column.attributeNumber()));
    }
    return new Result(rel, columns);
  }

  /// A query whose columns of open type are still to be decided.
  QueryBody body(Query query) {
    CommonTables tables = withTables(query.with());
    Query.RowLimit limit = query.limit();
    Limits limits = limit == null ? Limits.NONE : limits(limit, tables);
    if (query.body() instanceof Query.Select select) {
      return new SelectAnalyzer(analysis, tables, outer)
          .analyze(select, query.orderBy(), limits, query.locking());
    }
    RowLocking.requireNone(
        query.locking(),
        query.body() instanceof Query.Values
            ? "cannot be applied to VALUES"
            : "is not allowed with UNION/INTERSECT/EXCEPT");
    QueryBody body = body(query.body(), tables);
    return query.orderBy().isEmpty() && limits.equals(Limits.NONE)
        ? body
        : new OrderedBody(body, collations(query.orderBy(), body), limits);
  }

  private CommonTables withTables(Query.@Nullable With with) {
    return withTables(outerTables, with);
  }

  static CommonTables withTables(CommonTables outerTables, Query.@Nullable With with) {
    if (with == null) {
      return outerTables;
    }
    if (with.recursive()) {
      throw Errors.unsupported("WITH RECURSIVE is", with.position());
    }
    CommonTables tables = outerTables;
    Set<String> names = new HashSet<>();
    for (Query.CommonTable table : with.tables()) {
      if (!names.add(table.name())) {
        throw Errors.of(
            SqlState.DUPLICATE_ALIAS,
            "WITH query name \"" + table.name() + "\" specified more than once",
            table.position());
      }
      tables = tables.with(table);
    }
    return tables;
  }

  /// The expressions of LIMIT and OFFSET.
  record Limits(@Nullable RexNode offset, @Nullable RexNode count) {
    static final Limits NONE = new Limits(null, null);
  }

  private Limits limits(Query.RowLimit limit, CommonTables tables) {
    if (limit.ties() == Query.Ties.WITH_TIES) {
      throw Errors.unsupported("WITH TIES is", limit.position());
    }
    return new Limits(
        limit(limit.offset(), tables, "OFFSET"), limit(limit.count(), tables, "LIMIT"));
  }

  private @Nullable RexNode limit(
      @Nullable Expression expression, CommonTables tables, String name) {
    if (expression == null) {
      return null;
    }
    Scope scope = new Scope(new FromAnalyzer(analysis, tables, outer).nothing(), outer);
    ExpressionPlace place = ExpressionPlace.plain(scope, tables, name);
    Operand operand = new ExpressionAnalyzer(analysis, place).analyze(expression);
    if (operand.type().isPresent()
        && !io.alidade.sql.function.CastRegistry.converts(
            operand.type().get(),
            ColumnType.INT8,
            io.alidade.sql.function.Conversion.Context.ASSIGNMENT)) {
      throw Errors.mismatch(
          "argument of " + name + " must be type bigint, not type " + operand.typeName(),
          operand.position());
    }
    return analysis.coercion.assign(operand, name, ColumnType.INT8);
  }

  private QueryBody body(Query.Body body, CommonTables tables) {
    return switch (body) {
      case Query.Select select ->
          new SelectAnalyzer(analysis, tables, outer)
              .analyze(select, List.of(), Limits.NONE, List.of());
      case Query.Values values -> new ValuesBody(analysis, tables, outer, values);
      case Query.SetOperation operation ->
          new SetOperationBody(
              analysis,
              operation,
              operand(operation.left(), tables),
              operand(operation.right(), tables));
      case Query.Nested(var query, _) -> new QueryAnalyzer(analysis, tables, outer).body(query);
    };
  }

  private QueryBody operand(Query.Body operand, CommonTables tables) {
    if (operand instanceof Query.Nested(var query, _)) {
      RowLocking.requireNone(query.locking(), "is not allowed with UNION/INTERSECT/EXCEPT");
    }
    return body(operand, tables);
  }

  private static List<RelFieldCollation> collations(List<SortItem> items, QueryBody body) {
    List<RelFieldCollation> collations = new ArrayList<>();
    for (SortItem item : items) {
      collations.add(SortKeys.collation(outputIndex(item.key(), body.columns()), item));
    }
    return collations;
  }

  private static int outputIndex(Expression key, List<QueryBody.BodyColumn> columns) {
    if (key instanceof Expression.NumberLiteral number) {
      return ordinal(number, columns.size(), "ORDER BY");
    }
    if (key instanceof Expression.ColumnReference reference && reference.path().size() == 1) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(reference.name())) {
          return i;
        }
      }
      throw Errors.of(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + reference.name() + "\" does not exist",
          key.position());
    }
    throw Errors.of(
            SqlState.FEATURE_NOT_SUPPORTED,
            "invalid UNION/INTERSECT/EXCEPT ORDER BY clause",
            key.position())
        .withDetail("Only result column names can be used, not expressions or functions.")
        .withHint(
            "Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
  }

  /// The 0-based column that a number in ORDER BY or GROUP BY means.
  static int ordinal(Expression.NumberLiteral number, int columns, String clause) {
    if (!number.isInteger()) {
      throw Errors.of(
          SqlState.SYNTAX_ERROR, "non-integer constant in " + clause, number.position());
    }
    int ordinal = number.text().length() > 9 ? 0 : Integer.parseInt(number.text());
    if (ordinal < 1 || ordinal > columns) {
      throw Errors.of(
          SqlState.INVALID_COLUMN_REFERENCE,
          clause + " position " + number.text() + " is not in select list",
          number.position());
    }
    return ordinal - 1;
  }

  /// Rows in an order, or some of them.
  static RelNode sorted(RelNode rel, List<RelFieldCollation> collations, Limits limits) {
    return collations.isEmpty() && limits.equals(Limits.NONE)
        ? rel
        : LogicalSort.create(rel, RelCollations.of(collations), limits.offset(), limits.count());
  }

  private record OrderedBody(QueryBody body, List<RelFieldCollation> collations, Limits limits)
      implements QueryBody {
    @Override
    public List<BodyColumn> columns() {
      return body.columns();
    }

    @Override
    public RelNode build(List<ColumnType> openTypes) {
      return sorted(body.build(openTypes), collations, limits);
    }
  }
}
