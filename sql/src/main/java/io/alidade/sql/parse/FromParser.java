package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.FromItem.Alias;
import io.alidade.sql.parse.FromItem.Inheritance;
import io.alidade.sql.parse.FromItem.JoinCondition;
import io.alidade.sql.parse.FromItem.JoinKind;
import io.alidade.sql.parse.FromItem.Scope;
import io.alidade.sql.parse.FromItem.TypedColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what stands in FROM and USING: tables, sub-queries, functions, joins.
final class FromParser {

  /// Database, schema and relation.
  private static final int MAX_NAME_PARTS = 3;

  private final Grammar grammar;
  private final Tokens tokens;

  FromParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// What stood in parentheses in FROM.
  private sealed interface Parenthesized {
    record OfQuery(Query query) implements Parenthesized {}

    record OfJoin(FromItem.Join join) implements Parenthesized {}
  }

  /// The items of a FROM list.
  List<FromItem> list() {
    List<FromItem> items = new ArrayList<>();
    do {
      items.add(item());
    } while (tokens.acceptSymbol(","));
    return items;
  }

  private FromItem item() {
    tokens.enter();
    FromItem item = joins(single());
    tokens.leave();
    return item;
  }

  /// Goes on with the joins after an item; they associate to the left.
  private FromItem joins(FromItem first) {
    FromItem left = first;
    int chain = 0;
    while (atJoin()) {
      left = join(left);
      tokens.checkChain(++chain);
    }
    return left;
  }

  private boolean atJoin() {
    return tokens.atAny("join", "inner", "left", "right", "full", "cross", "natural");
  }

  private FromItem join(FromItem left) {
    int position = tokens.position();
    if (tokens.accept("cross")) {
      tokens.expect("join");
      return new FromItem.Join(
          JoinKind.CROSS, left, single(), new JoinCondition.None(), null, position);
    }
    boolean natural = tokens.accept("natural");
    JoinKind kind = joinKind();
    tokens.expect("join");
    FromItem right = single();
    if (natural) {
      return new FromItem.Join(kind, left, right, new JoinCondition.Natural(), null, position);
    }
    tokens.enter();
    while (atJoin()) {
      right = join(right); // a JOIN b JOIN c ON x ON y: the inner condition comes first.
    }
    tokens.leave();
    return new FromItem.Join(kind, left, right, joinCondition(), null, position);
  }

  private JoinKind joinKind() {
    String word = tokens.acceptAny("left", "right", "full", "inner");
    JoinKind kind =
        switch (word) {
          case "left" -> JoinKind.LEFT;
          case "right" -> JoinKind.RIGHT;
          case "full" -> JoinKind.FULL;
          case null, default -> JoinKind.INNER;
        };
    if (kind != JoinKind.INNER) {
      tokens.accept("outer");
    }
    return kind;
  }

  private JoinCondition joinCondition() {
    if (tokens.accept("on")) {
      return new JoinCondition.On(grammar.expressions.expression());
    }
    int position = tokens.position();
    tokens.expect("using");
    List<String> columns = grammar.names.columnsInParentheses();
    String alias = tokens.accept("as") ? grammar.names.column() : null;
    return new JoinCondition.Using(columns, alias, position);
  }

  /// One item without joins around it.
  private FromItem single() {
    int position = tokens.position();
    if (tokens.atSymbol("(")) {
      Token open = tokens.current();
      return switch (parentheses()) {
        case Parenthesized.OfQuery(var query) -> subquery(Scope.PLAIN, query, open, position);
        case Parenthesized.OfJoin(var join) -> aliased(join);
      };
    }
    if (tokens.accept("lateral")) {
      Token open = tokens.current();
      if (tokens.atSymbol("(")) {
        Query query = grammar.primaries.queryInParentheses();
        return subquery(Scope.LATERAL, query, open, position);
      }
      return function(Scope.LATERAL, position);
    }
    if (tokens.at("xmltable") && tokens.peek(1).isSymbol("(")) {
      throw tokens.unsupported("XMLTABLE", tokens.current());
    }
    if (atFunction()) {
      return function(Scope.PLAIN, position);
    }
    if (tokens.current().isFunctionName() && !tokens.current().isColumnName()) {
      throw tokens.syntaxErrorAt(tokens.peek(1)); // A function, so a parenthesis is missing.
    }
    return table();
  }

  /// `( ... )`, whose kind only shows inside: `((SELECT 1) UNION ...)` or `((SELECT 1) a JOIN
  /// ...)`.
  private Parenthesized parentheses() {
    tokens.enter();
    int position = tokens.position();
    tokens.expectSymbol("(");
    Parenthesized content;
    if (grammar.queries.atQueryStart()) {
      content = new Parenthesized.OfQuery(grammar.queries.query());
    } else if (tokens.atSymbol("(")) {
      Token innerOpen = tokens.current();
      content =
          switch (parentheses()) {
            case Parenthesized.OfQuery(var query) when tokens.atSymbol(")") ->
                new Parenthesized.OfQuery(query);
            case Parenthesized.OfQuery(var query) when grammar.queries.atQueryContinuation() ->
                new Parenthesized.OfQuery(grammar.queries.continued(query));
            case Parenthesized.OfQuery(var query) ->
                joined(joins(subquery(Scope.PLAIN, query, innerOpen, position + 1)));
            case Parenthesized.OfJoin(var join) ->
                tokens.atSymbol(")")
                    ? new Parenthesized.OfJoin(join)
                    : joined(joins(aliased(join)));
          };
    } else {
      content = joined(item());
    }
    tokens.expectSymbol(")");
    tokens.leave();
    return content;
  }

  /// Parentheses in FROM hold a join; around a single table they are an error.
  private Parenthesized joined(FromItem item) {
    if (item instanceof FromItem.Join join) {
      return new Parenthesized.OfJoin(join);
    }
    throw tokens.syntaxError();
  }

  private FromItem aliased(FromItem.Join join) {
    Alias alias = alias();
    return alias == null
        ? join
        : new FromItem.Join(
            join.kind(), join.left(), join.right(), join.condition(), alias, join.position());
  }

  private FromItem subquery(Scope scope, Query query, Token open, int position) {
    Alias alias = alias();
    if (alias != null) {
      return new FromItem.Subquery(scope, query, alias, position);
    }
    boolean values = query.body() instanceof Query.Values;
    String what = values ? "VALUES" : "subquery";
    String example = values ? "VALUES ..." : "SELECT ...";
    throw tokens
        .error(SqlState.SYNTAX_ERROR, what + " in FROM must have an alias", open)
        .withHint("For example, FROM (" + example + ") [AS] foo.");
  }

  private boolean atFunction() {
    Token token = tokens.current();
    if (tokens.atWords("rows", "from") && tokens.peek(2).isSymbol("(")) {
      return true;
    }
    if (token.isWord("current_schema") || isSpecialCall(token)) {
      return true;
    }
    int ahead = 1;
    if (tokens.peek(1).isSymbol(".") && token.isColumnName()) {
      while (tokens.peek(ahead).isSymbol(".") && tokens.peek(ahead + 1).isLabel()) {
        ahead += 2;
      }
    } else if (!token.isFunctionName()) {
      return false;
    }
    return tokens.peek(ahead).isSymbol("(");
  }

  /// Whether one of the calls with a syntax of their own starts here: they may stand in FROM too.
  private boolean isSpecialCall(Token token) {
    if (token.keyword() == null) {
      return false;
    }
    return switch (token.text()) {
      case "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "current_role",
          "current_user",
          "session_user",
          "user",
          "current_catalog",
          "cast" ->
          true;
      case "coalesce",
          "greatest",
          "least",
          "nullif",
          "extract",
          "substring",
          "position",
          "overlay",
          "trim",
          "normalize",
          "treat" ->
          tokens.peek(1).isSymbol("(");
      case "collation" -> tokens.peek(1).isWord("for");
      default -> false;
    };
  }

  private FromItem function(Scope scope, int position) {
    List<FromItem.Call> calls = new ArrayList<>();
    if (tokens.atWords("rows", "from")) {
      tokens.expect("rows", "from");
      tokens.expectSymbol("(");
      do {
        Expression call = call();
        calls.add(new FromItem.Call(call, tokens.accept("as") ? typedColumns() : List.of()));
      } while (tokens.acceptSymbol(","));
      tokens.expectSymbol(")");
    } else {
      calls.add(new FromItem.Call(call(), List.of()));
    }
    boolean ordinality = tokens.acceptWords("with", "ordinality");
    boolean as = tokens.at("as");
    if (as && tokens.peek(1).isSymbol("(")) {
      tokens.expect("as");
      return new FromItem.Function(scope, calls, ordinality, null, typedColumns(), position);
    }
    if (atTypedColumns(as)) {
      tokens.accept("as");
      Alias alias = new Alias(grammar.names.column(), List.of());
      return new FromItem.Function(scope, calls, ordinality, alias, typedColumns(), position);
    }
    return new FromItem.Function(scope, calls, ordinality, alias(), List.of(), position);
  }

  /// A function call without OVER or FILTER, as FROM and indexes take them.
  Expression call() {
    Token token = tokens.current();
    if (token.isWord("current_schema") || isSpecialCall(token)) {
      return grammar.primaries.primary();
    }
    int position = tokens.position();
    String head;
    if (tokens.peek(1).isSymbol(".")) {
      head = grammar.names.column();
    } else {
      head = grammar.names.function();
    }
    return grammar.calls.application(grammar.names.dotted(head, position), position);
  }

  /// Whether an alias with a list of columns and types stands here: `f() AS t (a int, b text)`.
  private boolean atTypedColumns(boolean as) {
    int ahead = as ? 1 : 0;
    Token name = tokens.peek(ahead);
    if (!name.isColumnName() || !tokens.peek(ahead + 1).isSymbol("(")) {
      return false;
    }
    Token afterColumn = tokens.peek(ahead + 3);
    return !afterColumn.isSymbol(",") && !afterColumn.isSymbol(")");
  }

  private List<TypedColumn> typedColumns() {
    tokens.expectSymbol("(");
    List<TypedColumn> columns = new ArrayList<>();
    do {
      int position = tokens.position();
      String name = grammar.names.column();
      columns.add(new TypedColumn(name, grammar.types.type(), position));
      if (tokens.accept("collate")) {
        grammar.names.qualified();
      }
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return columns;
  }

  private FromItem table() {
    FromItem.Table table = relation();
    Alias alias = alias();
    if (tokens.at("tablesample")) {
      throw tokens.unsupported("TABLESAMPLE", tokens.current());
    }
    return new FromItem.Table(table.name(), table.inheritance(), alias, table.position());
  }

  /// `[ONLY] name [*]`.
  FromItem.Table relation() {
    int position = tokens.position();
    if (tokens.accept("only")) {
      boolean parenthesis = tokens.acceptSymbol("(");
      QualifiedName name = relationName();
      if (parenthesis) {
        tokens.expectSymbol(")");
      }
      return new FromItem.Table(name, Inheritance.ONLY, null, position);
    }
    QualifiedName name = relationName();
    tokens.acceptOperator("*");
    return new FromItem.Table(name, Inheritance.WITH_CHILDREN, null, position);
  }

  private QualifiedName relationName() {
    Token first = tokens.current();
    QualifiedName name = grammar.names.qualified();
    if (name.parts().size() > MAX_NAME_PARTS) {
      throw tokens.error(
          SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + name, first);
    }
    return name;
  }

  /// `[AS] name [(columns)]` or nothing.
  @Nullable Alias alias() {
    if (!tokens.accept("as") && !tokens.current().isColumnName()) {
      return null;
    }
    String name = grammar.names.column();
    return new Alias(name, grammar.names.optionalColumns());
  }
}
