package io.alidade.sql.parse;

import io.alidade.sql.parse.Expression.Argument;
import io.alidade.sql.parse.Expression.ArgumentForm;
import io.alidade.sql.parse.Expression.ExtremumKind;
import io.alidade.sql.parse.Expression.FunctionCall;
import io.alidade.sql.parse.Expression.SetQuantifier;
import io.alidade.sql.parse.Expression.SortItem;
import io.alidade.sql.parse.Expression.Window;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads function calls: plain ones, aggregates, windows, and those SQL gave a syntax of their own.
final class CallParser {

  private final Grammar grammar;
  private final Tokens tokens;

  CallParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// A call from its `(` on, or a constant of a type with modifiers: `vector(3) '[1,2,3]'`.
  Expression callOrConstant(QualifiedName name, int position) {
    FunctionCall call = application(name, position);
    if (tokens.current().kind() == Kind.STRING
        && call.form() == ArgumentForm.LIST
        && call.quantifier() == SetQuantifier.ALL
        && !call.arguments().isEmpty()) {
      List<Expression> arguments = call.arguments().stream().map(Argument::value).toList();
      return grammar.primaries.typedConstant(name, grammar.types.modifiers(arguments), position);
    }
    return decorated(call);
  }

  /// `(arguments)`: what is common to calls in expressions and in FROM.
  FunctionCall application(QualifiedName name, int position) {
    tokens.enter();
    tokens.expectSymbol("(");
    ArgumentForm form = ArgumentForm.LIST;
    SetQuantifier quantifier = SetQuantifier.ALL;
    List<Argument> arguments = new ArrayList<>();
    List<SortItem> orderBy = List.of();
    if (tokens.acceptOperator("*")) {
      form = ArgumentForm.STAR;
    } else if (!tokens.atSymbol(")")) {
      if (tokens.accept("distinct")) {
        quantifier = SetQuantifier.DISTINCT;
      } else {
        tokens.accept("all");
      }
      do {
        if (tokens.accept("variadic")) {
          form = ArgumentForm.VARIADIC;
        }
        arguments.add(argument());
      } while (form != ArgumentForm.VARIADIC && tokens.acceptSymbol(","));
      orderBy = grammar.queries.optionalOrderBy();
    }
    tokens.expectSymbol(")");
    tokens.leave();
    return new FunctionCall(
        name, form, quantifier, arguments, orderBy, List.of(), null, null, position);
  }

  private Argument argument() {
    Token next = tokens.peek(1);
    if (tokens.current().isFunctionName() && (next.isSymbol("=>") || next.isSymbol(":="))) {
      String name = grammar.names.function();
      tokens.advance();
      return new Argument(name, value());
    }
    return new Argument(null, value());
  }

  private Expression value() {
    if (!tokens.at("table")) {
      return grammar.expressions.expression();
    }
    int position = tokens.position();
    tokens.expect("table");
    return new Expression.TableArgument(grammar.names.qualified(), position);
  }

  private FunctionCall decorated(FunctionCall call) {
    List<SortItem> withinGroup = List.of();
    if (tokens.accept("within")) {
      tokens.expect("group");
      tokens.expectSymbol("(");
      withinGroup = grammar.queries.orderBy();
      tokens.expectSymbol(")");
    }
    Expression filter = null;
    if (tokens.accept("filter")) {
      tokens.expectSymbol("(");
      tokens.expect("where");
      filter = grammar.expressions.expression();
      tokens.expectSymbol(")");
    }
    Window over = tokens.at("over") ? over() : null;
    if (withinGroup.isEmpty() && filter == null && over == null) {
      return call;
    }
    return new FunctionCall(
        call.name(),
        call.form(),
        call.quantifier(),
        call.arguments(),
        call.orderBy(),
        withinGroup,
        filter,
        over,
        call.position());
  }

  private Window over() {
    tokens.expect("over");
    int position = tokens.position();
    if (tokens.atSymbol("(")) {
      return window();
    }
    return new Window(grammar.names.column(), false, List.of(), List.of(), null, position);
  }

  /// `( ... )` of OVER or of a WINDOW clause.
  Window window() {
    int position = tokens.position();
    tokens.expectSymbol("(");
    String base = null;
    if (tokens.current().isColumnName() && !tokens.atAny("partition", "range", "rows", "groups")) {
      base = grammar.names.column();
    }
    List<Expression> partitionBy = List.of();
    if (tokens.accept("partition")) {
      tokens.expect("by");
      partitionBy = grammar.expressions.list();
    }
    List<SortItem> orderBy = grammar.queries.optionalOrderBy();
    Expression.Frame frame = frame();
    tokens.expectSymbol(")");
    return new Window(base, base != null, partitionBy, orderBy, frame, position);
  }

  private Expression.@Nullable Frame frame() {
    String unit = tokens.acceptAny("rows", "range", "groups");
    if (unit == null) {
      return null;
    }
    Expression.FrameBound start;
    Expression.FrameBound end = new Expression.FrameBound.CurrentRow();
    if (tokens.accept("between")) {
      start = frameBound();
      tokens.expect("and");
      end = frameBound();
    } else {
      start = frameBound();
    }
    Expression.FrameUnit counted =
        switch (unit) {
          case "rows" -> Expression.FrameUnit.ROWS;
          case "range" -> Expression.FrameUnit.RANGE;
          default -> Expression.FrameUnit.GROUPS;
        };
    return new Expression.Frame(counted, start, end, frameExclusion());
  }

  private Expression.FrameBound frameBound() {
    if (tokens.acceptWords("unbounded", "preceding")) {
      return new Expression.FrameBound.UnboundedPreceding();
    }
    if (tokens.acceptWords("unbounded", "following")) {
      return new Expression.FrameBound.UnboundedFollowing();
    }
    if (tokens.acceptWords("current", "row")) {
      return new Expression.FrameBound.CurrentRow();
    }
    Expression offset = grammar.expressions.expression();
    if (tokens.accept("preceding")) {
      return new Expression.FrameBound.Preceding(offset);
    }
    tokens.expect("following");
    return new Expression.FrameBound.Following(offset);
  }

  private Expression.FrameExclusion frameExclusion() {
    if (!tokens.accept("exclude")) {
      return Expression.FrameExclusion.NO_OTHERS;
    }
    if (tokens.acceptWords("current", "row")) {
      return Expression.FrameExclusion.CURRENT_ROW;
    }
    if (tokens.accept("group")) {
      return Expression.FrameExclusion.GROUP;
    }
    if (tokens.accept("ties")) {
      return Expression.FrameExclusion.TIES;
    }
    tokens.expect("no", "others");
    return Expression.FrameExclusion.NO_OTHERS;
  }

  /// A call whose name is a key word with its own syntax; the current token is that word.
  Expression special(Token word, int position) {
    tokens.enter();
    tokens.advance();
    Expression call =
        switch (word.text()) {
          case "coalesce" -> new Expression.Coalesce(arguments(), position);
          case "greatest" -> new Expression.Extremum(ExtremumKind.GREATEST, arguments(), position);
          case "least" -> new Expression.Extremum(ExtremumKind.LEAST, arguments(), position);
          case "grouping" -> new Expression.Grouping(arguments(), position);
          case "exists" -> new Expression.Exists(grammar.primaries.queryInParentheses(), position);
          case "row" -> row(position);
          default -> inParentheses(word, position);
        };
    tokens.leave();
    return call;
  }

  private List<Expression> arguments() {
    tokens.expectSymbol("(");
    List<Expression> arguments = grammar.expressions.list();
    tokens.expectSymbol(")");
    return arguments;
  }

  private Expression row(int position) {
    tokens.expectSymbol("(");
    List<Expression> fields = tokens.atSymbol(")") ? List.of() : grammar.expressions.list();
    tokens.expectSymbol(")");
    return new Expression.Row(fields, position);
  }

  private Expression inParentheses(Token word, int position) {
    Token open = tokens.current();
    tokens.expectSymbol("(");
    Expression call =
        switch (word.text()) {
          case "nullif" -> {
            Expression left = grammar.expressions.expression();
            tokens.expectSymbol(",");
            yield new Expression.NullIf(left, grammar.expressions.expression(), position);
          }
          case "extract" -> extract(position);
          case "position" -> positionOf(position);
          case "substring" -> substring(position);
          case "overlay" -> overlay(position);
          case "trim" -> trim(position);
          case "normalize" -> normalize(position);
          case "treat" -> throw tokens.unsupported("TREAT", word);
          default -> {
            if (word.text().startsWith("xml")) {
              throw tokens.unsupported(word.text(), word);
            }
            throw tokens.syntaxErrorAt(open);
          }
        };
    tokens.expectSymbol(")");
    return call;
  }

  private Expression system(String function, List<Expression> arguments, int position) {
    return FunctionCall.plain(QualifiedName.system(function, position), arguments, position);
  }

  private Expression constant(String value, int position) {
    return new Expression.StringLiteral(value, Expression.NO_SLOT, position);
  }

  private Expression extract(int position) {
    Token field = tokens.current();
    int fieldPosition = tokens.position();
    Expression name;
    if (field.kind() == Kind.STRING) {
      name = new Expression.StringLiteral(field.text(), tokens.advanceLiteral(), fieldPosition);
    } else if (field.kind() == Kind.QUOTED_IDENTIFIER
        || (field.kind() == Kind.WORD && field.keyword() == null)
        || tokens.atAny("year", "month", "day", "hour", "minute", "second")) {
      name = constant(tokens.advance().text(), fieldPosition);
    } else {
      throw tokens.syntaxError();
    }
    tokens.expect("from");
    return system("extract", List.of(name, grammar.expressions.expression()), position);
  }

  private Expression positionOf(int position) {
    Expression needle = grammar.expressions.restricted();
    tokens.expect("in");
    return system("position", List.of(grammar.expressions.restricted(), needle), position);
  }

  private Expression substring(int position) {
    if (tokens.atSymbol(")")) {
      return system("substring", List.of(), position);
    }
    List<Expression> arguments = new ArrayList<>();
    Argument first = argument();
    if (first.name() != null || tokens.atSymbol(",") || tokens.atSymbol(")")) {
      return plainRest("substring", first, position);
    }
    arguments.add(first.value());
    if (tokens.accept("similar")) {
      arguments.add(grammar.expressions.expression());
      tokens.expect("escape");
      arguments.add(grammar.expressions.expression());
      return system("substring", arguments, position);
    }
    Expression start = null;
    Expression length = null;
    if (tokens.accept("from")) {
      start = grammar.expressions.expression();
      length = tokens.accept("for") ? grammar.expressions.expression() : null;
    } else {
      tokens.expect("for");
      length = grammar.expressions.expression();
      start = tokens.accept("from") ? grammar.expressions.expression() : null;
    }
    arguments.add(
        start == null ? new Expression.NumberLiteral("1", Expression.NO_SLOT, position) : start);
    if (length != null) {
      arguments.add(
          start == null
              ? new Expression.Cast(length, TypeName.system("int4", position), position)
              : length);
    }
    return system("substring", arguments, position);
  }

  /// A call written with commas after all: `substring(a, b)` is looked up as a plain function.
  private Expression plainRest(String function, Argument first, int position) {
    List<Argument> arguments = new ArrayList<>();
    arguments.add(first);
    while (tokens.acceptSymbol(",")) {
      arguments.add(argument());
    }
    return new FunctionCall(
        new QualifiedName(List.of(function), position),
        ArgumentForm.LIST,
        SetQuantifier.ALL,
        arguments,
        List.of(),
        List.of(),
        null,
        null,
        position);
  }

  private Expression overlay(int position) {
    if (tokens.atSymbol(")")) {
      return system("overlay", List.of(), position);
    }
    Argument first = argument();
    if (first.name() != null || !tokens.at("placing")) {
      return plainRest("overlay", first, position);
    }
    List<Expression> arguments = new ArrayList<>();
    arguments.add(first.value());
    tokens.expect("placing");
    arguments.add(grammar.expressions.expression());
    tokens.expect("from");
    arguments.add(grammar.expressions.expression());
    if (tokens.accept("for")) {
      arguments.add(grammar.expressions.expression());
    }
    return system("overlay", arguments, position);
  }

  private Expression trim(int position) {
    String side = tokens.acceptAny("both", "leading", "trailing");
    String function =
        switch (side) {
          case "leading" -> "ltrim";
          case "trailing" -> "rtrim";
          case null, default -> "btrim";
        };
    if (tokens.accept("from")) {
      return system(function, grammar.expressions.list(), position);
    }
    List<Expression> written = new ArrayList<>();
    written.add(grammar.expressions.expression());
    if (tokens.accept("from")) {
      List<Expression> arguments = new ArrayList<>(grammar.expressions.list());
      arguments.add(written.getFirst());
      return system(function, arguments, position);
    }
    while (tokens.acceptSymbol(",")) {
      written.add(grammar.expressions.expression());
    }
    return system(function, written, position);
  }

  private Expression normalize(int position) {
    Expression text = grammar.expressions.expression();
    if (!tokens.acceptSymbol(",")) {
      return system("normalize", List.of(text), position);
    }
    int formPosition = tokens.position();
    String form = tokens.acceptAny("nfc", "nfd", "nfkc", "nfkd");
    if (form == null) {
      throw tokens.syntaxError();
    }
    return system("normalize", List.of(text, constant(form, formPosition)), position);
  }
}
