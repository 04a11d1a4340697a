package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads type names, SQL's spellings of many words among them.
final class TypeParser {

  private static final int MAX_FLOAT4_BITS = 24;
  private static final int MAX_FLOAT8_BITS = 53;

  private final Grammar grammar;
  private final Tokens tokens;

  TypeParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  /// A type with its array brackets.
  TypeName type() {
    if (tokens.at("setof")) {
      throw tokens.unsupported("SETOF", tokens.current());
    }
    TypeName element = element();
    int dimensions = 0;
    if (tokens.accept("array")) {
      dimensions = 1;
      if (tokens.acceptSymbol("[")) {
        tokens.expectInteger();
        tokens.expectSymbol("]");
      }
      return element.withArrayDimensions(dimensions);
    }
    while (tokens.acceptSymbol("[")) {
      if (!tokens.atSymbol("]")) {
        tokens.expectInteger();
      }
      tokens.expectSymbol("]");
      dimensions++;
    }
    return dimensions == 0 ? element : element.withArrayDimensions(dimensions);
  }

  /// Whether a constant of a built-in type starts here: `int '1'`, `timestamp with time zone '..'`.
  boolean atConstantType() {
    Token next = tokens.peek(1);
    return switch (tokens.current().text()) {
      case "int", "integer", "smallint", "bigint", "real", "boolean" -> next.kind() == Kind.STRING;
      case "float", "decimal", "dec", "numeric", "varchar", "interval" ->
          next.kind() == Kind.STRING || next.isSymbol("(");
      case "bit", "character", "char", "nchar" ->
          next.kind() == Kind.STRING || next.isSymbol("(") || next.isWord("varying");
      case "national" -> next.isWord("character") || next.isWord("char");
      case "time", "timestamp" ->
          next.kind() == Kind.STRING
              || next.isSymbol("(")
              || next.isWord("without")
              || (next.isWord("with") && tokens.peek(2).isWord("time"));
      case "double" -> next.isWord("precision");
      default -> false;
    };
  }

  /// A type without array brackets.
  TypeName element() {
    Token token = tokens.current();
    int position = tokens.position();
    if (token.kind() == Kind.WORD && token.keyword() != null) {
      TypeName builtIn = builtIn(token.text(), position);
      if (builtIn != null) {
        return builtIn;
      }
    }
    QualifiedName name = grammar.names.dotted(grammar.names.function(), position);
    return new TypeName(name.schema(), name.name(), modifiers(), 0, null, position);
  }

  private @Nullable TypeName builtIn(String word, int position) {
    return switch (word) {
      case "int", "integer" -> plain("int4", position);
      case "smallint" -> plain("int2", position);
      case "bigint" -> plain("int8", position);
      case "real" -> plain("float4", position);
      case "boolean" -> plain("bool", position);
      case "decimal", "dec", "numeric" -> plain("numeric", position).withModifiers(modifiers());
      case "float" -> floatType(position);
      case "double" -> {
        if (!tokens.peek(1).isWord("precision")) {
          yield null;
        }
        tokens.advance();
        yield plain("float8", position);
      }
      case "bit" -> bitType(position);
      case "varchar" -> plain("varchar", position).withModifiers(length());
      case "character", "char", "nchar" -> character(position);
      case "national" -> {
        tokens.advance();
        if (!tokens.atAny("character", "char")) {
          throw tokens.syntaxError();
        }
        yield character(position);
      }
      case "time", "timestamp" -> time(word, position);
      case "interval" -> interval(position);
      default -> null;
    };
  }

  private TypeName plain(String name, int position) {
    tokens.advance();
    return TypeName.system(name, position);
  }

  private TypeName floatType(int position) {
    tokens.advance();
    if (!tokens.acceptSymbol("(")) {
      return TypeName.system("float8", position);
    }
    Token number = tokens.current();
    long bits = tokens.expectCount();
    tokens.expectSymbol(")");
    if (bits < 1) {
      throw tokens.error(
          SqlState.INVALID_PARAMETER_VALUE,
          "precision for type float must be at least 1 bit",
          number);
    }
    if (bits > MAX_FLOAT8_BITS) {
      throw tokens.error(
          SqlState.INVALID_PARAMETER_VALUE,
          "precision for type float must be less than 54 bits",
          number);
    }
    return TypeName.system(bits <= MAX_FLOAT4_BITS ? "float4" : "float8", position);
  }

  private TypeName bitType(int position) {
    tokens.advance();
    if (tokens.accept("varying")) {
      return TypeName.system("varbit", position).withModifiers(modifiers());
    }
    List<String> length = modifiers();
    return TypeName.system("bit", position).withModifiers(length.isEmpty() ? List.of("1") : length);
  }

  private TypeName character(int position) {
    tokens.advance();
    if (tokens.accept("varying")) {
      return TypeName.system("varchar", position).withModifiers(length());
    }
    List<String> length = length();
    return TypeName.system("bpchar", position)
        .withModifiers(length.isEmpty() ? List.of("1") : length);
  }

  private List<String> length() {
    if (!tokens.acceptSymbol("(")) {
      return List.of();
    }
    String length = tokens.expectInteger();
    tokens.expectSymbol(")");
    return List.of(length);
  }

  private TypeName time(String word, int position) {
    tokens.advance();
    List<String> precision = length();
    boolean zone = false;
    if (tokens.atWords("with", "time")) {
      tokens.expect("with", "time", "zone");
      zone = true;
    } else if (tokens.accept("without")) {
      tokens.expect("time", "zone");
    }
    return TypeName.system(zone ? word + "tz" : word, position).withModifiers(precision);
  }

  private TypeName interval(int position) {
    tokens.advance();
    List<String> precision = length();
    String fields = precision.isEmpty() ? intervalFields() : null;
    List<String> modifiers = precision;
    if (fields != null && fields.endsWith("second")) {
      modifiers = length();
    }
    return new TypeName("pg_catalog", "interval", modifiers, 0, fields, position);
  }

  /// `year`, `day to second`..., or null if none stands here.
  @Nullable String intervalFields() {
    String from = tokens.acceptAny("year", "month", "day", "hour", "minute", "second");
    if (from == null || !tokens.at("to")) {
      return from;
    }
    List<String> finer =
        switch (from) {
          case "year" -> List.of("month");
          case "day" -> List.of("hour", "minute", "second");
          case "hour" -> List.of("minute", "second");
          case "minute" -> List.of("second");
          default -> List.of();
        };
    if (finer.isEmpty()) {
      throw tokens.syntaxError();
    }
    tokens.expect("to");
    String to = tokens.acceptAny(finer.toArray(String[]::new));
    if (to == null) {
      throw tokens.syntaxError();
    }
    return from + " to " + to;
  }

  /// `(a, b)` after a type's name, or nothing.
  private List<String> modifiers() {
    if (!tokens.acceptSymbol("(")) {
      return List.of();
    }
    List<Expression> arguments = grammar.expressions.list();
    tokens.expectSymbol(")");
    return modifiers(arguments);
  }

  /// Arguments in parentheses read as the modifiers of a type.
  List<String> modifiers(List<Expression> arguments) {
    List<String> modifiers = new ArrayList<>(arguments.size());
    for (Expression argument : arguments) {
      modifiers.add(modifier(argument));
    }
    return modifiers;
  }

  private String modifier(Expression argument) {
    return switch (argument) {
      case Expression.NumberLiteral number -> constant(number.slot(), number.text());
      case Expression.StringLiteral string -> constant(string.slot(), string.value());
      case Expression.UnaryOperation(var operator, Expression.NumberLiteral number, _)
          when operator.equals(OperatorName.of("-")) ->
          constant(number.slot(), "-" + number.text());
      case Expression.ColumnReference column when column.path().size() == 1 -> column.name();
      default ->
          throw tokens.error(
              SqlState.SYNTAX_ERROR,
              "type modifiers must be simple constants or identifiers",
              tokens.previous());
    };
  }

  private String constant(int slot, String text) {
    tokens.loseLiteral(slot);
    return text;
  }
}
