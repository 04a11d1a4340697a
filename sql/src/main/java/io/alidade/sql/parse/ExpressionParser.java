package io.alidade.sql.parse;

import io.alidade.sql.parse.Expression.Quantifier;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/// Reads operators by precedence climbing, with the precedence table of PostgreSQL's `gram.y`.
final class ExpressionParser {

  // PostgreSQL's table, loosest first.
  private static final int NOT_INFIX = -1;
  private static final int LOOSEST = 0;
  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int IS = 4;
  private static final int COMPARISON = 5;
  private static final int PATTERN = 6;
  private static final int OTHER_OPERATOR = 7;
  private static final int ADDITIVE = 8;
  private static final int MULTIPLICATIVE = 9;
  private static final int POWER = 10;
  private static final int AT_TIME_ZONE = 11;
  private static final int COLLATE = 12;
  private static final int SIGN = 13;
  private static final int CAST = 14;

  private final Grammar grammar;
  private final Tokens tokens;

  ExpressionParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// Which of the two expression rules of PostgreSQL's grammar is read.
  private enum Form {
    /// `a_expr`.
    FULL,
    /// `b_expr`: without AND, OR, NOT, IN, LIKE, BETWEEN, IS NULL, COLLATE, AT TIME ZONE.
    RESTRICTED
  }

  /// Any expression.
  Expression expression() {
    return climb(LOOSEST, Form.FULL);
  }

  /// An expression where AND and IN belong to what surrounds it, as the lower bound of BETWEEN.
  Expression restricted() {
    return climb(LOOSEST, Form.RESTRICTED);
  }

  /// Expressions with commas between, at least one.
  List<Expression> list() {
    List<Expression> list = new ArrayList<>();
    do {
      list.add(expression());
    } while (tokens.acceptSymbol(","));
    return list;
  }

  /// Goes on after an operand that was read already.
  Expression continued(Expression operand) {
    return climbFrom(operand, LOOSEST, Form.FULL);
  }

  private Expression climb(int minimum, Form form) {
    tokens.enter();
    Expression result = climbFrom(prefixed(form), minimum, form);
    tokens.leave();
    return result;
  }

  private Expression climbFrom(Expression operand, int minimum, Form form) {
    Expression left = operand;
    int unrepeatable = NOT_INFIX;
    int chain = 0;
    while (true) {
      int level = level(form);
      if (level == NOT_INFIX || level < minimum) {
        return left;
      }
      if (level == unrepeatable) {
        throw tokens.syntaxError(); // a < b < c: these levels do not associate.
      }
      int before = tokens.index();
      left = infix(left, level, form);
      tokens.checkChain(++chain);
      unrepeatable = endsWithOperand(level, before) ? level : NOT_INFIX;
    }
  }

  /// Whether what was just read at a level without associativity ended with an operand of its own,
  /// so that the same level must not follow. `IS NULL` and `IN (...)` may be repeated.
  private boolean endsWithOperand(int level, int operatorIndex) {
    return switch (level) {
      case COMPARISON -> !isQuantifier(tokens.peek(operatorIndex + 1 - tokens.index()));
      case PATTERN -> !tokens.previous().isSymbol(")") || !closesPostfix(operatorIndex);
      case IS -> isDistinctTest(operatorIndex);
      default -> false;
    };
  }

  private boolean closesPostfix(int operatorIndex) {
    int back = operatorIndex - tokens.index();
    Token word = tokens.peek(back);
    if (word.isWord("not")) {
      word = tokens.peek(++back);
    }
    return word.isWord("in") || isQuantifier(tokens.peek(back + 1));
  }

  private boolean isDistinctTest(int operatorIndex) {
    int back = operatorIndex - tokens.index();
    return tokens.peek(back + 1).isWord("distinct") || tokens.peek(back + 2).isWord("distinct");
  }

  private static boolean isQuantifier(Token token) {
    return token.isWord("any") || token.isWord("some") || token.isWord("all");
  }

  private int level(Form form) {
    Token token = tokens.current();
    return switch (token.kind()) {
      case OPERATOR -> operatorLevel(token.text());
      case SYMBOL -> token.text().equals("::") ? CAST : NOT_INFIX;
      case WORD -> token.keyword() == null ? NOT_INFIX : wordLevel(token.text(), form);
      case QUOTED_IDENTIFIER, STRING, BITS, INTEGER, DECIMAL, PARAMETER, STRAY, FAILURE, END ->
          NOT_INFIX;
    };
  }

  private static int operatorLevel(String symbol) {
    return switch (symbol) {
      case "<", ">", "=", "<=", ">=", "<>" -> COMPARISON;
      case "+", "-" -> ADDITIVE;
      case "*", "/", "%" -> MULTIPLICATIVE;
      case "^" -> POWER;
      default -> OTHER_OPERATOR;
    };
  }

  private int wordLevel(String word, Form form) {
    if (word.equals("operator")) {
      return atQualifiedOperator() ? OTHER_OPERATOR : NOT_INFIX;
    }
    if (word.equals("is")) {
      return form == Form.FULL || isDistinctNext() ? IS : NOT_INFIX;
    }
    if (form == Form.RESTRICTED) {
      return NOT_INFIX;
    }
    return switch (word) {
      case "or" -> OR;
      case "and" -> AND;
      case "isnull", "notnull" -> IS;
      case "between", "in", "like", "ilike" -> PATTERN;
      case "similar" -> tokens.peek(1).isWord("to") ? PATTERN : NOT_INFIX;
      case "not" -> isPatternWord(tokens.peek(1)) ? PATTERN : NOT_INFIX;
      case "at" -> tokens.peek(1).isWord("time") ? AT_TIME_ZONE : NOT_INFIX;
      case "collate" -> COLLATE;
      default -> NOT_INFIX;
    };
  }

  private boolean isDistinctNext() {
    return tokens.peek(1).isWord("distinct")
        || (tokens.peek(1).isWord("not") && tokens.peek(2).isWord("distinct"));
  }

  private static boolean isPatternWord(Token token) {
    return token.isWord("between")
        || token.isWord("in")
        || token.isWord("like")
        || token.isWord("ilike")
        || token.isWord("similar");
  }

  /// Whether `OPERATOR(...)` stands here, not a column of that name.
  private boolean atQualifiedOperator() {
    return tokens.at("operator") && tokens.peek(1).isSymbol("(");
  }

  private Expression prefixed(Form form) {
    Token token = tokens.current();
    int position = tokens.position();
    if (token.kind() == Kind.OPERATOR) {
      int level = operatorLevel(token.text());
      if (level == ADDITIVE) {
        tokens.advance();
        return new Expression.UnaryOperation(
            OperatorName.of(token.text()), climb(SIGN, form), position);
      }
      if (level == OTHER_OPERATOR) {
        tokens.advance();
        return new Expression.UnaryOperation(
            OperatorName.of(token.text()), climb(OTHER_OPERATOR + 1, form), position);
      }
      throw tokens.syntaxError();
    }
    if (form == Form.FULL && token.isWord("not")) {
      tokens.advance();
      return new Expression.Not(climb(NOT, form), position);
    }
    if (form == Form.FULL && token.isWord("default")) {
      tokens.advance();
      return new Expression.Default(position);
    }
    if (atQualifiedOperator()) {
      OperatorName operator = grammar.names.operatorOrQualified();
      return new Expression.UnaryOperation(operator, climb(OTHER_OPERATOR + 1, form), position);
    }
    return grammar.primaries.primary();
  }

  private Expression infix(Expression left, int level, Form form) {
    int position = tokens.position();
    return switch (level) {
      case OR -> disjunction(left, position);
      case AND -> conjunction(left, position);
      case IS -> is(left, position, form);
      case PATTERN -> pattern(left, position);
      case AT_TIME_ZONE -> {
        tokens.expect("at", "time", "zone");
        yield Expression.FunctionCall.plain(
            QualifiedName.system("timezone", position),
            List.of(climb(AT_TIME_ZONE + 1, form), left),
            position);
      }
      case COLLATE -> {
        tokens.expect("collate");
        yield new Expression.Collate(left, grammar.names.qualified(), position);
      }
      case CAST -> {
        tokens.expectSymbol("::");
        yield new Expression.Cast(left, grammar.types.type(), position);
      }
      default -> operation(left, level, position, form);
    };
  }

  private Expression disjunction(Expression left, int position) {
    List<Expression> operands = new ArrayList<>();
    addFlat(operands, left, Expression.Or.class);
    while (tokens.accept("or")) {
      operands.add(climb(OR + 1, Form.FULL));
    }
    return new Expression.Or(operands, position);
  }

  private Expression conjunction(Expression left, int position) {
    List<Expression> operands = new ArrayList<>();
    addFlat(operands, left, Expression.And.class);
    while (tokens.accept("and")) {
      operands.add(climb(AND + 1, Form.FULL));
    }
    return new Expression.And(operands, position);
  }

  private static void addFlat(
      List<Expression> operands, Expression left, Class<? extends Expression> kind) {
    if (!kind.isInstance(left)) {
      operands.add(left);
    } else if (left instanceof Expression.Or or) {
      operands.addAll(or.operands());
    } else if (left instanceof Expression.And and) {
      operands.addAll(and.operands());
    }
  }

  private Expression operation(Expression left, int level, int position, Form form) {
    OperatorName operator = grammar.names.operatorOrQualified();
    if (form == Form.FULL && isQuantifier(tokens.current())) {
      return quantified(left, operator, position);
    }
    return new Expression.BinaryOperation(operator, left, climb(level + 1, form), position);
  }

  private Expression quantified(Expression left, OperatorName operator, int position) {
    Quantifier quantifier = tokens.advance().isWord("all") ? Quantifier.ALL : Quantifier.ANY;
    return switch (grammar.primaries.queryOrExpression()) {
      case PrimaryParser.Parenthesized.OfQuery(var query) ->
          new Expression.QuantifiedQuery(left, operator, quantifier, query, position);
      case PrimaryParser.Parenthesized.OfExpressions(var list, _) ->
          new Expression.QuantifiedArray(left, operator, quantifier, list.getFirst(), position);
    };
  }

  private Expression is(Expression left, int position, Form form) {
    if (tokens.accept("isnull")) {
      return new Expression.Is(left, Expression.TruthTest.NULL, false, position);
    }
    if (tokens.accept("notnull")) {
      return new Expression.Is(left, Expression.TruthTest.NULL, true, position);
    }
    tokens.expect("is");
    boolean negated = tokens.accept("not");
    if (tokens.accept("distinct")) {
      tokens.expect("from");
      return new Expression.IsDistinct(left, climb(IS + 1, form), negated, position);
    }
    if (tokens.at("document")) {
      throw tokens.unsupported("IS DOCUMENT", tokens.current());
    }
    String normalForm = tokens.acceptAny("nfc", "nfd", "nfkc", "nfkd");
    if (normalForm != null || tokens.at("normalized")) {
      tokens.expect("normalized");
      return normalized(left, normalForm == null ? "nfc" : normalForm, negated, position);
    }
    String test = tokens.acceptAny("null", "true", "false", "unknown");
    if (test == null) {
      throw tokens.syntaxError();
    }
    Expression.TruthTest asked =
        switch (test) {
          case "null" -> Expression.TruthTest.NULL;
          case "true" -> Expression.TruthTest.TRUE;
          case "false" -> Expression.TruthTest.FALSE;
          default -> Expression.TruthTest.UNKNOWN;
        };
    return new Expression.Is(left, asked, negated, position);
  }

  private static Expression normalized(
      Expression left, String normalForm, boolean negated, int position) {
    Expression call =
        Expression.FunctionCall.plain(
            QualifiedName.system("is_normalized", position),
            List.of(left, new Expression.StringLiteral(normalForm, Expression.NO_SLOT, position)),
            position);
    return negated ? new Expression.Not(call, position) : call;
  }

  private Expression pattern(Expression left, int position) {
    boolean negated = tokens.accept("not");
    if (tokens.accept("in")) {
      return in(left, negated, position);
    }
    if (tokens.accept("between")) {
      return between(left, negated, position);
    }
    String word = tokens.acceptAny("like", "ilike", "similar");
    Expression.PatternKind kind =
        switch (word) {
          case "like" -> Expression.PatternKind.LIKE;
          case "ilike" -> Expression.PatternKind.ILIKE;
          case "similar" -> {
            tokens.expect("to");
            yield Expression.PatternKind.SIMILAR_TO;
          }
          case null, default -> throw tokens.syntaxError();
        };
    if (kind != Expression.PatternKind.SIMILAR_TO && isQuantifier(tokens.current())) {
      String symbol = kind == Expression.PatternKind.LIKE ? "~~" : "~~*";
      OperatorName operator = OperatorName.of(negated ? "!" + symbol : symbol);
      return quantified(left, operator, position);
    }
    Expression text = climb(PATTERN + 1, Form.FULL);
    Expression escape = tokens.accept("escape") ? climb(PATTERN + 1, Form.FULL) : null;
    return new Expression.PatternMatch(left, kind, text, escape, negated, position);
  }

  private Expression in(Expression left, boolean negated, int position) {
    return switch (grammar.primaries.parentheses()) {
      case PrimaryParser.Parenthesized.OfQuery(var query) ->
          new Expression.InQuery(left, query, negated, position);
      case PrimaryParser.Parenthesized.OfExpressions(var items, _) ->
          new Expression.InList(left, items, negated, position);
    };
  }

  private Expression between(Expression left, boolean negated, int position) {
    Expression.BoundOrder order = Expression.BoundOrder.ASYMMETRIC;
    if (tokens.accept("symmetric")) {
      order = Expression.BoundOrder.SYMMETRIC;
    } else {
      tokens.accept("asymmetric");
    }
    Expression low = restricted();
    tokens.expect("and");
    Expression high = climb(PATTERN + 1, Form.FULL);
    return new Expression.Between(left, low, high, order, negated, position);
  }
}
