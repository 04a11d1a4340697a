package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression.Direction;
import io.alidade.sql.parse.Expression.Nulls;
import io.alidade.sql.parse.Expression.SetQuantifier;
import io.alidade.sql.parse.Expression.SortItem;
import io.alidade.sql.parse.Query.Body;
import io.alidade.sql.parse.Query.GroupingElement;
import io.alidade.sql.parse.Query.Locking;
import io.alidade.sql.parse.Query.RowLimit;
import io.alidade.sql.parse.Query.SelectItem;
import io.alidade.sql.parse.Query.SetOperator;
import io.alidade.sql.parse.Query.With;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads queries: SELECT, VALUES, TABLE, their combinations, and the clauses around them.
final class QueryParser {

  private static final int UNION_OR_EXCEPT = 1;
  private static final int INTERSECT = 2;

  private final Grammar grammar;
  private final Tokens tokens;

  QueryParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// Whether a query without parentheses around it starts here.
  boolean atQueryStart() {
    return tokens.atAny("select", "with", "table")
        || (tokens.at("values") && tokens.peek(1).isSymbol("("));
  }

  /// Whether what follows a query in parentheses makes it part of a larger query.
  boolean atQueryContinuation() {
    return tokens.atAny("union", "intersect", "except", "order", "limit", "offset", "fetch", "for");
  }

  /// A query, in parentheses or not.
  Query query() {
    tokens.enter();
    int position = tokens.position();
    With with = with();
    Query query = finished(with, setOperations(operand(), UNION_OR_EXCEPT), position);
    tokens.leave();
    return query;
  }

  /// A query whose WITH clause was read already, as in a statement that may be INSERT too.
  Query after(With with, int position) {
    return finished(with, setOperations(operand(), UNION_OR_EXCEPT), position);
  }

  /// Goes on after a query in parentheses that turned out to be an operand.
  Query continued(Query inner) {
    return finished(null, setOperations(body(inner), UNION_OR_EXCEPT), inner.position());
  }

  private Query finished(@Nullable With with, Body body, int position) {
    List<SortItem> orderBy = optionalOrderBy();
    List<Locking> locking = new ArrayList<>();
    readLocking(locking);
    RowLimit limit = limit();
    readLocking(locking);
    if (with == null
        && orderBy.isEmpty()
        && limit == null
        && locking.isEmpty()
        && body instanceof Query.Nested(var inner, _)) {
      return inner; // Only parentheses.
    }
    return new Query(with, body, orderBy, limit, locking, position);
  }

  /// Binds set operators of at least this strength; all associate to the left.
  private Body setOperations(Body first, int minimum) {
    Body left = first;
    int chain = 0;
    while (true) {
      SetOperator operator = setOperator();
      int strength = operator == SetOperator.INTERSECT ? INTERSECT : UNION_OR_EXCEPT;
      if (operator == null || strength < minimum) {
        return left;
      }
      int position = tokens.position();
      tokens.advance();
      SetQuantifier quantifier = SetQuantifier.DISTINCT;
      if (tokens.accept("all")) {
        quantifier = SetQuantifier.ALL;
      } else {
        tokens.accept("distinct");
      }
      Body right = operand();
      if (strength == UNION_OR_EXCEPT) {
        right = setOperations(right, INTERSECT);
      }
      tokens.checkChain(++chain);
      left = new Query.SetOperation(operator, quantifier, left, right, position);
    }
  }

  private @Nullable SetOperator setOperator() {
    if (tokens.at("union")) {
      return SetOperator.UNION;
    }
    if (tokens.at("intersect")) {
      return SetOperator.INTERSECT;
    }
    return tokens.at("except") ? SetOperator.EXCEPT : null;
  }

  private Body operand() {
    int position = tokens.position();
    if (tokens.atSymbol("(")) {
      return body(grammar.primaries.queryInParentheses());
    }
    if (tokens.accept("table")) {
      FromItem table = grammar.from.relation();
      SelectItem all = new SelectItem(new Expression.Star(List.of(), position), null, position);
      return new Query.Select(
          null, List.of(all), List.of(table), null, null, null, List.of(), position);
    }
    if (tokens.at("values")) {
      return values();
    }
    if (!tokens.at("select")) {
      throw tokens.syntaxError();
    }
    return select();
  }

  private static Body body(Query query) {
    boolean bare =
        query.with() == null
            && query.orderBy().isEmpty()
            && query.limit() == null
            && query.locking().isEmpty();
    return bare ? query.body() : new Query.Nested(query, query.position());
  }

  private Body values() {
    int position = tokens.position();
    tokens.expect("values");
    List<Expression.Row> rows = new ArrayList<>();
    do {
      int rowPosition = tokens.position();
      tokens.expectSymbol("(");
      rows.add(new Expression.Row(grammar.expressions.list(), rowPosition));
      tokens.expectSymbol(")");
    } while (tokens.acceptSymbol(","));
    return new Query.Values(rows, position);
  }

  private Body select() {
    int position = tokens.position();
    tokens.expect("select");
    Query.Distinct distinct = distinct();
    List<SelectItem> items = distinct == null && atSelectListEnd() ? List.of() : selectItems();
    if (tokens.at("into")) {
      throw tokens.unsupported("SELECT INTO", tokens.current());
    }
    List<FromItem> from = tokens.accept("from") ? grammar.from.list() : List.of();
    Expression where = where();
    Query.GroupBy groupBy = groupBy();
    Expression having = tokens.accept("having") ? grammar.expressions.expression() : null;
    List<Query.NamedWindow> windows = tokens.accept("window") ? windows() : List.of();
    return new Query.Select(distinct, items, from, where, groupBy, having, windows, position);
  }

  private Query.@Nullable Distinct distinct() {
    if (tokens.accept("all") || !tokens.accept("distinct")) {
      return null;
    }
    if (!tokens.accept("on")) {
      return new Query.Distinct(List.of());
    }
    tokens.expectSymbol("(");
    List<Expression> on = grammar.expressions.list();
    tokens.expectSymbol(")");
    on.forEach(this::keepOrdinal);
    return new Query.Distinct(on);
  }

  private boolean atSelectListEnd() {
    return tokens.atEnd()
        || tokens.atSymbol(")")
        || tokens.atAny("from", "where", "group", "having", "window", "into")
        || atQueryContinuation();
  }

  /// A select list or a RETURNING list.
  List<SelectItem> selectItems() {
    List<SelectItem> items = new ArrayList<>();
    do {
      items.add(selectItem());
    } while (tokens.acceptSymbol(","));
    return items;
  }

  private SelectItem selectItem() {
    int position = tokens.position();
    if (tokens.acceptOperator("*")) {
      return new SelectItem(new Expression.Star(List.of(), position), null, position);
    }
    Expression expression = grammar.expressions.expression();
    String alias = null;
    if (tokens.accept("as")) {
      alias = grammar.names.label();
    } else if (tokens.current().isBareLabel()) {
      alias = tokens.advance().text();
    }
    return new SelectItem(expression, alias, position);
  }

  /// `WHERE condition` or nothing.
  @Nullable Expression where() {
    return tokens.accept("where") ? grammar.expressions.expression() : null;
  }

  private Query.@Nullable GroupBy groupBy() {
    if (!tokens.accept("group")) {
      return null;
    }
    tokens.expect("by");
    SetQuantifier quantifier = SetQuantifier.ALL;
    if (tokens.accept("distinct")) {
      quantifier = SetQuantifier.DISTINCT;
    } else {
      tokens.accept("all");
    }
    return new Query.GroupBy(quantifier, groupingElements());
  }

  private List<GroupingElement> groupingElements() {
    List<GroupingElement> elements = new ArrayList<>();
    do {
      elements.add(groupingElement());
    } while (tokens.acceptSymbol(","));
    return elements;
  }

  private GroupingElement groupingElement() {
    int position = tokens.position();
    if (tokens.atSymbol("(") && tokens.peek(1).isSymbol(")")) {
      tokens.expectSymbol("(");
      tokens.expectSymbol(")");
      return new GroupingElement.Empty(position);
    }
    boolean parenthesis = tokens.peek(1).isSymbol("(");
    if (parenthesis && tokens.accept("rollup")) {
      return new GroupingElement.Rollup(groupingKeys(), position);
    }
    if (parenthesis && tokens.accept("cube")) {
      return new GroupingElement.Cube(groupingKeys(), position);
    }
    if (tokens.acceptWords("grouping", "sets")) {
      tokens.enter();
      tokens.expectSymbol("(");
      List<GroupingElement> sets = groupingElements();
      tokens.expectSymbol(")");
      tokens.leave();
      return new GroupingElement.Sets(sets, position);
    }
    Expression key = grammar.expressions.expression();
    keepOrdinal(key);
    return new GroupingElement.Key(key);
  }

  private List<Expression> groupingKeys() {
    tokens.expectSymbol("(");
    List<Expression> keys = grammar.expressions.list();
    tokens.expectSymbol(")");
    keys.forEach(this::keepOrdinal);
    return keys;
  }

  /// A number alone is the number of a column, so it may not be lifted out of the key.
  private void keepOrdinal(Expression key) {
    switch (key) {
      case Expression.NumberLiteral number -> tokens.loseLiteral(number.slot());
      case Expression.Row row -> row.fields().forEach(this::keepOrdinal);
      case Expression.UnaryOperation signed -> keepOrdinal(signed.operand());
      default -> {}
    }
  }

  private List<Query.NamedWindow> windows() {
    List<Query.NamedWindow> windows = new ArrayList<>();
    do {
      String name = grammar.names.column();
      tokens.expect("as");
      windows.add(new Query.NamedWindow(name, grammar.calls.window()));
    } while (tokens.acceptSymbol(","));
    return windows;
  }

  /// `ORDER BY ...` or nothing.
  List<SortItem> optionalOrderBy() {
    return tokens.at("order") ? orderBy() : List.of();
  }

  /// `ORDER BY ...`.
  List<SortItem> orderBy() {
    tokens.expect("order", "by");
    List<SortItem> items = new ArrayList<>();
    do {
      items.add(sortItem());
    } while (tokens.acceptSymbol(","));
    return items;
  }

  private SortItem sortItem() {
    int position = tokens.position();
    Expression key = grammar.expressions.expression();
    keepOrdinal(key);
    Direction direction = Direction.ASC;
    OperatorName using = null;
    if (tokens.accept("using")) {
      direction = Direction.USING;
      using = grammar.names.operatorOrQualified();
    } else {
      direction = direction();
    }
    return new SortItem(key, direction, nulls(), using, position);
  }

  /// `ASC`, `DESC` or nothing.
  Direction direction() {
    if (tokens.accept("desc")) {
      return Direction.DESC;
    }
    tokens.accept("asc");
    return Direction.ASC;
  }

  /// `NULLS FIRST`, `NULLS LAST` or nothing.
  Nulls nulls() {
    if (tokens.acceptWords("nulls", "first")) {
      return Nulls.FIRST;
    }
    return tokens.acceptWords("nulls", "last") ? Nulls.LAST : Nulls.DEFAULT;
  }

  private @Nullable RowLimit limit() {
    int position = tokens.position();
    Expression count = null;
    Expression offset = null;
    Query.Ties ties = Query.Ties.ONLY;
    boolean counted = false;
    boolean skipped = false;
    while (true) {
      if (!counted && tokens.at("limit")) {
        counted = true;
        count = limitCount();
      } else if (!skipped && tokens.accept("offset")) {
        skipped = true;
        offset = grammar.expressions.expression();
        tokens.acceptAny("row", "rows");
      } else if (!counted && tokens.at("fetch")) {
        counted = true;
        count = fetchCount();
        ties = fetchTies();
      } else {
        break;
      }
    }
    return counted || skipped ? new RowLimit(count, offset, ties, position) : null;
  }

  private @Nullable Expression limitCount() {
    Token limit = tokens.advance();
    if (tokens.accept("all")) {
      return null;
    }
    Expression count = grammar.expressions.expression();
    if (tokens.acceptSymbol(",")) {
      grammar.expressions.expression();
      throw tokens
          .error(SqlState.SYNTAX_ERROR, "LIMIT #,# syntax is not supported", limit)
          .withHint("Use separate LIMIT and OFFSET clauses.");
    }
    return count;
  }

  private Expression fetchCount() {
    tokens.expect("fetch");
    if (tokens.acceptAny("first", "next") == null) {
      throw tokens.syntaxError();
    }
    int position = tokens.position();
    Expression count;
    if (tokens.atAny("row", "rows")) {
      count = new Expression.NumberLiteral("1", Expression.NO_SLOT, position);
    } else if (tokens.atOperator("+") || tokens.atOperator("-")) {
      OperatorName sign = OperatorName.of(tokens.advance().text());
      Kind kind = tokens.current().kind();
      if (kind != Kind.INTEGER && kind != Kind.DECIMAL) {
        throw tokens.syntaxError();
      }
      count = new Expression.UnaryOperation(sign, grammar.primaries.primary(), position);
    } else {
      count = grammar.primaries.primary();
    }
    if (tokens.acceptAny("row", "rows") == null) {
      throw tokens.syntaxError();
    }
    return count;
  }

  private Query.Ties fetchTies() {
    if (tokens.accept("only")) {
      return Query.Ties.ONLY;
    }
    tokens.expect("with", "ties");
    return Query.Ties.WITH_TIES;
  }

  private void readLocking(List<Locking> locking) {
    while (tokens.at("for")) {
      tokens.advance();
      if (tokens.acceptWords("read", "only")) {
        continue;
      }
      Query.LockStrength strength = lockStrength();
      List<QualifiedName> of = tokens.accept("of") ? grammar.names.qualifiedList() : List.of();
      Query.LockWait waiting = Query.LockWait.BLOCK;
      if (tokens.accept("nowait")) {
        waiting = Query.LockWait.NOWAIT;
      } else if (tokens.accept("skip")) {
        tokens.expect("locked");
        waiting = Query.LockWait.SKIP_LOCKED;
      }
      locking.add(new Locking(strength, of, waiting));
    }
  }

  private Query.LockStrength lockStrength() {
    if (tokens.accept("no")) {
      tokens.expect("key", "update");
      return Query.LockStrength.NO_KEY_UPDATE;
    }
    if (tokens.accept("key")) {
      tokens.expect("share");
      return Query.LockStrength.KEY_SHARE;
    }
    if (tokens.accept("share")) {
      return Query.LockStrength.SHARE;
    }
    tokens.expect("update");
    return Query.LockStrength.UPDATE;
  }

  /// `WITH ...` or nothing.
  @Nullable With with() {
    if (!tokens.at("with")) {
      return null;
    }
    int position = tokens.position();
    tokens.advance();
    boolean recursive = tokens.accept("recursive");
    List<Query.CommonTable> tables = new ArrayList<>();
    do {
      tables.add(commonTable());
    } while (tokens.acceptSymbol(","));
    return new With(recursive, tables, position);
  }

  private Query.CommonTable commonTable() {
    int position = tokens.position();
    String name = grammar.names.column();
    List<String> columns = grammar.names.optionalColumns();
    tokens.expect("as");
    Query.Materialization materialization = Query.Materialization.DEFAULT;
    if (tokens.accept("materialized")) {
      materialization = Query.Materialization.MATERIALIZED;
    } else if (tokens.acceptWords("not", "materialized")) {
      materialization = Query.Materialization.NOT_MATERIALIZED;
    }
    tokens.enter();
    tokens.expectSymbol("(");
    StatementSyntax statement = grammar.statements.preparable();
    tokens.expectSymbol(")");
    tokens.leave();
    if (tokens.at("search") || tokens.at("cycle")) {
      throw tokens.unsupported("SEARCH and CYCLE", tokens.current());
    }
    return new Query.CommonTable(name, columns, materialization, statement, position);
  }
}
