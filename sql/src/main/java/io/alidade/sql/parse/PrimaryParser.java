package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression.SessionValueKind;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads operands: constants, names, parentheses, and what is bound to them by dots and brackets.
final class PrimaryParser {

  private final Grammar grammar;
  private final Tokens tokens;

  PrimaryParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// What stood in parentheses.
  sealed interface Parenthesized {
    record OfQuery(Query query) implements Parenthesized {}

    /// One expression, or several with commas between.
    ///
    /// @param comma the first comma, if there is one
    record OfExpressions(List<Expression> list, @Nullable Token comma) implements Parenthesized {}
  }

  /// An operand: `c_expr`.
  Expression primary() {
    Token token = tokens.current();
    int position = tokens.position();
    return switch (token.kind()) {
      case STRING -> new Expression.StringLiteral(token.text(), tokens.advanceLiteral(), position);
      case INTEGER, DECIMAL ->
          new Expression.NumberLiteral(token.text(), tokens.advanceLiteral(), position);
      case BITS -> new Expression.BitLiteral(tokens.advance().text(), position);
      case PARAMETER -> indirections(parameter(token, position));
      case QUOTED_IDENTIFIER -> named(tokens.advance(), position);
      case WORD -> word(token, position);
      case SYMBOL -> {
        if (!token.text().equals("(")) {
          throw tokens.syntaxError();
        }
        yield parenthesized(position);
      }
      case OPERATOR, STRAY, FAILURE, END -> throw tokens.syntaxError();
    };
  }

  private Expression parameter(Token token, int position) {
    tokens.advance();
    try {
      return new Expression.Parameter(Integer.parseInt(token.text()), position);
    } catch (NumberFormatException _) {
      throw tokens.error(
          SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + token.text(), token);
    }
  }

  private Expression parenthesized(int position) {
    Expression operand =
        switch (parentheses()) {
          case Parenthesized.OfQuery(var query) -> new Expression.ScalarQuery(query, position);
          case Parenthesized.OfExpressions(var list, _) ->
              list.size() == 1 ? list.getFirst() : new Expression.Row(list, position);
        };
    if (operand instanceof Expression.Row row && tokens.at("overlaps")) {
      return overlaps(row);
    }
    return indirections(operand);
  }

  private Expression overlaps(Expression.Row left) {
    int position = tokens.position();
    tokens.expect("overlaps");
    Token token = tokens.current();
    if (!(primary() instanceof Expression.Row right)) {
      throw tokens.syntaxErrorAt(token);
    }
    if (left.fields().size() != 2 || right.fields().size() != 2) {
      String side = left.fields().size() == 2 ? "right" : "left";
      throw tokens.error(
          SqlState.SYNTAX_ERROR,
          "wrong number of parameters on " + side + " side of OVERLAPS expression",
          token);
    }
    List<Expression> arguments = new ArrayList<>(left.fields());
    arguments.addAll(right.fields());
    return Expression.FunctionCall.plain(
        QualifiedName.system("overlaps", position), arguments, position);
  }

  /// `( ... )`, where only what follows an inner `(` tells whether it is a query: `((SELECT 1) +
  /// 1)` is not, `((SELECT 1) UNION SELECT 2)` is.
  Parenthesized parentheses() {
    tokens.enter();
    tokens.expectSymbol("(");
    Parenthesized content;
    if (grammar.queries.atQueryStart()) {
      content = new Parenthesized.OfQuery(grammar.queries.query());
    } else if (tokens.atSymbol("(")) {
      content = afterInnerParentheses();
    } else {
      content = rest(grammar.expressions.expression());
    }
    tokens.expectSymbol(")");
    tokens.leave();
    return content;
  }

  /// `( ... )` where a query or one expression may stand.
  Parenthesized queryOrExpression() {
    Token open = tokens.current();
    Parenthesized content = parentheses();
    if (content instanceof Parenthesized.OfExpressions(var list, var comma) && list.size() > 1) {
      throw tokens.syntaxErrorAt(comma == null ? open : comma);
    }
    return content;
  }

  private Parenthesized.OfExpressions rest(Expression first) {
    List<Expression> list = new ArrayList<>();
    list.add(first);
    Token comma = tokens.atSymbol(",") ? tokens.current() : null;
    while (tokens.acceptSymbol(",")) {
      list.add(grammar.expressions.expression());
    }
    return new Parenthesized.OfExpressions(list, comma);
  }

  private Parenthesized afterInnerParentheses() {
    int position = tokens.position();
    Parenthesized inner = parentheses();
    Expression operand;
    switch (inner) {
      case Parenthesized.OfQuery(var query) -> {
        if (tokens.atSymbol(")")) {
          return inner;
        }
        if (grammar.queries.atQueryContinuation()) {
          return new Parenthesized.OfQuery(grammar.queries.continued(query));
        }
        operand = indirections(new Expression.ScalarQuery(query, position));
      }
      case Parenthesized.OfExpressions(var list, _) when list.size() == 1 ->
          operand = indirections(list.getFirst());
      case Parenthesized.OfExpressions(var list, _) -> {
        Expression.Row row = new Expression.Row(list, position);
        operand = tokens.at("overlaps") ? overlaps(row) : indirections(row);
      }
    }
    return rest(grammar.expressions.continued(operand));
  }

  /// A sub-query in one or more parentheses, where nothing else may stand.
  Query queryInParentheses() {
    tokens.enter();
    tokens.expectSymbol("(");
    Query query;
    if (grammar.queries.atQueryStart()) {
      query = grammar.queries.query();
    } else {
      query = queryInParentheses();
      if (grammar.queries.atQueryContinuation()) {
        query = grammar.queries.continued(query);
      }
    }
    tokens.expectSymbol(")");
    tokens.leave();
    return query;
  }

  /// Fields and subscripts after an operand.
  private Expression indirections(Expression operand) {
    Expression base = operand;
    int chain = 0;
    while (true) {
      int position = tokens.position();
      if (tokens.atSymbol("[")) {
        base = new Expression.Subscripted(base, subscripts(), position);
      } else if (tokens.acceptSymbol(".")) {
        base =
            tokens.acceptOperator("*")
                ? new Expression.AllFields(base, position)
                : new Expression.FieldSelection(base, grammar.names.label(), position);
      } else {
        return base;
      }
      tokens.checkChain(++chain);
    }
  }

  /// One or more pairs of brackets.
  List<Expression.Subscript> subscripts() {
    List<Expression.Subscript> subscripts = new ArrayList<>();
    while (tokens.acceptSymbol("[")) {
      subscripts.add(subscript());
      tokens.expectSymbol("]");
    }
    return subscripts;
  }

  private Expression.Subscript subscript() {
    Expression lower = tokens.atSymbol(":") ? null : grammar.expressions.expression();
    if (lower != null && !tokens.atSymbol(":")) {
      return new Expression.Subscript.Index(lower);
    }
    tokens.expectSymbol(":");
    Expression upper = tokens.atSymbol("]") ? null : grammar.expressions.expression();
    return new Expression.Subscript.Slice(lower, upper);
  }

  private Expression word(Token token, int position) {
    if (token.keyword() == null) {
      return named(tokens.advance(), position);
    }
    return switch (token.keyword().category()) {
      case RESERVED -> reserved(token, position);
      case COLUMN_NAME -> {
        if (grammar.types.atConstantType()) {
          yield typedConstant(position);
        }
        yield tokens.peek(1).isSymbol("(")
            ? grammar.calls.special(token, position)
            : named(tokens.advance(), position);
      }
      case FUNCTION_OR_TYPE -> functionWord(token, position);
      case UNRESERVED ->
          grammar.types.atConstantType() && token.text().equals("double")
              ? typedConstant(position)
              : named(tokens.advance(), position);
    };
  }

  private Expression functionWord(Token token, int position) {
    Token next = tokens.peek(1);
    if (token.isWord("current_schema") && !next.isSymbol("(")) {
      return sessionValue(SessionValueKind.CURRENT_SCHEMA, position);
    }
    if (token.isWord("collation") && next.isWord("for")) {
      tokens.expect("collation", "for");
      tokens.expectSymbol("(");
      Expression argument = grammar.expressions.expression();
      tokens.expectSymbol(")");
      return Expression.FunctionCall.plain(
          QualifiedName.system("pg_collation_for", position), List.of(argument), position);
    }
    tokens.advance();
    QualifiedName name = new QualifiedName(List.of(token.text()), position);
    if (tokens.atSymbol("(")) {
      return grammar.calls.callOrConstant(name, position);
    }
    if (tokens.current().kind() == Kind.STRING) {
      return typedConstant(name, List.of(), position);
    }
    throw tokens.syntaxError();
  }

  private Expression reserved(Token token, int position) {
    return switch (token.text()) {
      case "true", "false" -> {
        tokens.advance();
        yield new Expression.BooleanLiteral(token.isWord("true"), position);
      }
      case "null" -> {
        tokens.advance();
        yield new Expression.NullLiteral(position);
      }
      case "case" -> caseExpression(position);
      case "cast" -> {
        tokens.advance();
        tokens.expectSymbol("(");
        Expression operand = grammar.expressions.expression();
        tokens.expect("as");
        TypeName type = grammar.types.type();
        tokens.expectSymbol(")");
        yield new Expression.Cast(operand, type, position);
      }
      case "array" -> array(position);
      case "current_date" -> sessionValue(SessionValueKind.CURRENT_DATE, position);
      case "current_time" -> sessionTime(SessionValueKind.CURRENT_TIME, position);
      case "current_timestamp" -> sessionTime(SessionValueKind.CURRENT_TIMESTAMP, position);
      case "localtime" -> sessionTime(SessionValueKind.LOCALTIME, position);
      case "localtimestamp" -> sessionTime(SessionValueKind.LOCALTIMESTAMP, position);
      case "current_role" -> sessionValue(SessionValueKind.CURRENT_ROLE, position);
      case "current_user" -> sessionValue(SessionValueKind.CURRENT_USER, position);
      case "session_user" -> sessionValue(SessionValueKind.SESSION_USER, position);
      case "user" -> sessionValue(SessionValueKind.USER, position);
      case "current_catalog" -> sessionValue(SessionValueKind.CURRENT_CATALOG, position);
      case "unique" -> throw tokens.unsupported("UNIQUE predicate", token);
      default -> throw tokens.syntaxError();
    };
  }

  private Expression sessionValue(SessionValueKind kind, int position) {
    tokens.advance();
    return new Expression.SessionValue(kind, -1, position);
  }

  private Expression sessionTime(SessionValueKind kind, int position) {
    tokens.advance();
    int precision = -1;
    if (tokens.acceptSymbol("(")) {
      precision = (int) tokens.expectCount();
      tokens.expectSymbol(")");
    }
    return new Expression.SessionValue(kind, precision, position);
  }

  private Expression caseExpression(int position) {
    tokens.enter();
    tokens.expect("case");
    Expression operand = tokens.at("when") ? null : grammar.expressions.expression();
    List<Expression.When> branches = new ArrayList<>();
    do {
      tokens.expect("when");
      Expression condition = grammar.expressions.expression();
      tokens.expect("then");
      branches.add(new Expression.When(condition, grammar.expressions.expression()));
    } while (tokens.at("when"));
    Expression otherwise = tokens.accept("else") ? grammar.expressions.expression() : null;
    tokens.expect("end");
    tokens.leave();
    return new Expression.Case(operand, branches, otherwise, position);
  }

  private Expression array(int position) {
    tokens.expect("array");
    return tokens.atSymbol("(")
        ? new Expression.ArrayQuery(queryInParentheses(), position)
        : arrayElements(position);
  }

  private Expression arrayElements(int position) {
    tokens.enter();
    tokens.expectSymbol("[");
    List<Expression> elements = new ArrayList<>();
    boolean nested = tokens.atSymbol("[");
    if (!tokens.atSymbol("]")) {
      do {
        elements.add(nested ? arrayElements(tokens.position()) : grammar.expressions.expression());
      } while (tokens.acceptSymbol(","));
    }
    tokens.expectSymbol("]");
    tokens.leave();
    return new Expression.Array(elements, position);
  }

  /// A constant of a type written with SQL's words.
  private Expression typedConstant(int position) {
    TypeName type = grammar.types.element();
    if (tokens.current().kind() != Kind.STRING) {
      throw tokens.syntaxError();
    }
    String value = tokens.advance().text();
    if ((type.name().equals("bpchar") || type.name().equals("bit"))
        && type.modifiers().equals(List.of("1"))
        && !tokens.peek(-2).isSymbol(")")) {
      type =
          type.withModifiers(
              List.of()); // char 'abc' is not cut to one character, nor bit '101' to one bit.
    }
    if (type.name().equals("interval") && type.modifiers().isEmpty()) {
      type = withFields(type, grammar.types.intervalFields());
    }
    return new Expression.TypedLiteral(type, value, position);
  }

  private static TypeName withFields(TypeName type, @Nullable String fields) {
    return new TypeName(type.schema(), type.name(), type.modifiers(), 0, fields, type.position());
  }

  /// A constant of a type written as a name: `vector '[1,2]'`.
  Expression typedConstant(QualifiedName name, List<String> modifiers, int position) {
    TypeName type = new TypeName(name.schema(), name.name(), modifiers, 0, null, position);
    return new Expression.TypedLiteral(type, tokens.expectString(), position);
  }

  /// A column, a call or a constant that starts with a name.
  private Expression named(Token head, int position) {
    List<String> path = new ArrayList<>(2);
    path.add(head.text());
    while (tokens.acceptSymbol(".")) {
      if (tokens.acceptOperator("*")) {
        return star(path, position);
      }
      path.add(grammar.names.label());
    }
    if (tokens.atSymbol("(") && (path.size() > 1 || head.isFunctionName())) {
      return grammar.calls.callOrConstant(new QualifiedName(path, position), position);
    }
    if (tokens.current().kind() == Kind.STRING && (path.size() > 1 || head.isFunctionName())) {
      return typedConstant(new QualifiedName(path, position), List.of(), position);
    }
    return indirections(new Expression.ColumnReference(path, position));
  }

  private Expression star(List<String> path, int position) {
    if (tokens.atSymbol(".") || tokens.atSymbol("[")) {
      indirections(new Expression.Star(path, position));
      throw tokens.errorNear("improper use of \"*\"");
    }
    return new Expression.Star(path, position);
  }
}
