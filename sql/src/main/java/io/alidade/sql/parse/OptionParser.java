package io.alidade.sql.parse;

import io.alidade.sql.parse.TableDefinition.StorageOption;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads lists of named options, and the words, strings and numbers that may be their values.
final class OptionParser {

  private final Grammar grammar;
  private final Tokens tokens;

  OptionParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// `WITH (name = value, ...)` or nothing.
  List<StorageOption> optionalStorage() {
    if (!tokens.at("with") || !tokens.peek(1).isSymbol("(")) {
      return List.of();
    }
    tokens.expect("with");
    return storage();
  }

  /// `(name = value, ...)`.
  List<StorageOption> storage() {
    tokens.expectSymbol("(");
    List<StorageOption> options = new ArrayList<>();
    do {
      int position = tokens.position();
      StringBuilder name = new StringBuilder(grammar.names.label());
      while (tokens.acceptSymbol(".")) {
        name.append('.').append(grammar.names.label());
      }
      String value = tokens.acceptOperator("=") ? definitionValue() : null;
      options.add(new StorageOption(lower(name.toString()), value, position));
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return options;
  }

  private String definitionValue() {
    Token token = tokens.current();
    return token.isLabel() ? tokens.advance().text() : value();
  }

  /// `(name [value], ...)` of EXPLAIN, VACUUM and ANALYZE.
  List<Explain.Option> utility() {
    tokens.expectSymbol("(");
    List<Explain.Option> options = new ArrayList<>();
    do {
      int position = tokens.position();
      String name = tokens.atAny("analyze", "analyse") ? analyze() : grammar.names.notReserved();
      boolean bare = tokens.atSymbol(",") || tokens.atSymbol(")");
      options.add(new Explain.Option(lower(name), bare ? null : value(), position));
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return options;
  }

  private String analyze() {
    tokens.advance();
    return "analyze";
  }

  /// A word, string or number with sign, as text.
  String value() {
    Token token = tokens.current();
    if (tokens.atOperator("+") || tokens.atOperator("-")) {
      String sign = tokens.advance().text();
      return sign.equals("-") ? "-" + number() : number();
    }
    if (token.kind() == Kind.INTEGER || token.kind() == Kind.DECIMAL) {
      return number();
    }
    if (token.kind() == Kind.STRING
        || tokens.atAny("true", "false", "on")
        || token.isColumnName()
        || token.isFunctionName()) {
      return tokens.advance().text();
    }
    throw tokens.syntaxError();
  }

  private String number() {
    Kind kind = tokens.current().kind();
    if (kind != Kind.INTEGER && kind != Kind.DECIMAL) {
      throw tokens.syntaxError();
    }
    return tokens.advance().text();
  }

  /// The option lists of COPY in the new syntax: `(name [value], ...)`.
  List<Copy.Option> copy() {
    tokens.expectSymbol("(");
    List<Copy.Option> options = new ArrayList<>();
    do {
      int position = tokens.position();
      String name = lower(grammar.names.label());
      options.add(new Copy.Option(name, copyValues(), position));
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return options;
  }

  private List<String> copyValues() {
    if (tokens.atSymbol(",") || tokens.atSymbol(")")) {
      return List.of();
    }
    if (tokens.acceptOperator("*")) {
      return List.of("*");
    }
    if (!tokens.acceptSymbol("(")) {
      return List.of(value());
    }
    List<String> values = new ArrayList<>();
    do {
      values.add(value());
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return values;
  }

  /// The options of an identity column: `(START WITH 10 INCREMENT BY 2)` or nothing.
  List<StorageOption> sequence() {
    if (!tokens.acceptSymbol("(")) {
      return List.of();
    }
    List<StorageOption> options = new ArrayList<>();
    do {
      options.add(sequenceOption());
    } while (!tokens.acceptSymbol(")"));
    return options;
  }

  private StorageOption sequenceOption() {
    int position = tokens.position();
    if (tokens.accept("as")) {
      return new StorageOption("as", grammar.types.element().name(), position);
    }
    if (tokens.accept("no")) {
      String none = tokens.acceptAny("cycle", "maxvalue", "minvalue");
      if (none == null) {
        throw tokens.syntaxError();
      }
      return new StorageOption("no " + none, null, position);
    }
    if (tokens.accept("cycle")) {
      return new StorageOption("cycle", null, position);
    }
    String name = tokens.acceptAny("cache", "increment", "maxvalue", "minvalue", "start");
    if (name == null) {
      throw tokens.syntaxError();
    }
    if (name.equals("increment")) {
      tokens.accept("by");
    } else if (name.equals("start")) {
      tokens.accept("with");
    }
    boolean negative = tokens.acceptOperator("-");
    return new StorageOption(name, negative ? "-" + number() : number(), position);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// `CASCADE`, `RESTRICT` or nothing.
  TableDefinition.DropBehavior dropBehavior() {
    if (tokens.accept("cascade")) {
      return TableDefinition.DropBehavior.CASCADE;
    }
    tokens.accept("restrict");
    return TableDefinition.DropBehavior.RESTRICT;
  }

  /// `IF NOT EXISTS` or nothing.
  boolean ifNotExists() {
    if (!tokens.atWords("if", "not")) {
      return false; // It may be a name.
    }
    tokens.expect("if", "not", "exists");
    return true;
  }

  /// `IF EXISTS` or nothing.
  boolean ifExists() {
    return tokens.acceptWords("if", "exists"); // Alone it may be a name.
  }

  /// The value of a setting after `TO` or `=`: a list of values, empty for DEFAULT.
  List<String> setting() {
    if (tokens.accept("default")) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    do {
      values.add(value());
    } while (tokens.acceptSymbol(","));
    return values;
  }

  /// The name of a setting, perhaps with dots.
  String settingName() {
    StringBuilder name = new StringBuilder(grammar.names.column());
    while (tokens.acceptSymbol(".")) {
      name.append('.').append(grammar.names.column());
    }
    return lower(name.toString());
  }

  /// A string or a word, or null for DEFAULT.
  @Nullable String wordOrDefault() {
    return tokens.accept("default") ? null : value();
  }
}
