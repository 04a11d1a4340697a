package io.alidade.sql.parse;

import io.alidade.sql.parse.CursorCommand.CursorOption;
import io.alidade.sql.parse.CursorCommand.Fetch;
import io.alidade.sql.parse.CursorCommand.Movement;
import io.alidade.sql.parse.CursorCommand.Purpose;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the statements about cursors and about statements prepared in SQL.
final class CursorParser {

  private final Grammar grammar;
  private final Tokens tokens;

  CursorParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  StatementSyntax declare() {
    int position = tokens.position();
    tokens.expect("declare");
    String name = grammar.names.column();
    Set<CursorOption> options = EnumSet.noneOf(CursorOption.class);
    CursorOption option = option();
    while (option != null) {
      options.add(option);
      option = option();
    }
    tokens.expect("cursor");
    String hold = tokens.acceptAny("with", "without");
    if (hold != null) {
      tokens.expect("hold");
      if (hold.equals("with")) {
        options.add(CursorOption.WITH_HOLD);
      }
    }
    tokens.expect("for");
    return new CursorCommand.Declare(
        name, Collections.unmodifiableSet(options), grammar.queries.query(), position);
  }

  private @Nullable CursorOption option() {
    if (tokens.accept("no")) {
      tokens.expect("scroll");
      return CursorOption.NO_SCROLL;
    }
    String word = tokens.acceptAny("binary", "asensitive", "insensitive", "scroll");
    return switch (word) {
      case "binary" -> CursorOption.BINARY;
      case "asensitive" -> CursorOption.ASENSITIVE;
      case "insensitive" -> CursorOption.INSENSITIVE;
      case "scroll" -> CursorOption.SCROLL;
      case null, default -> null;
    };
  }

  StatementSyntax fetch() {
    int position = tokens.position();
    Purpose purpose = tokens.advance().isWord("fetch") ? Purpose.FETCH : Purpose.MOVE;
    Movement movement = Movement.FORWARD;
    long count = 1;
    if (!atLastName()) {
      String word =
          tokens.acceptAny(
              "next", "prior", "first", "last", "absolute", "relative", "forward", "backward");
      switch (word) {
        case "prior" -> movement = Movement.BACKWARD;
        case "first" -> movement = Movement.ABSOLUTE;
        case "last" -> {
          movement = Movement.ABSOLUTE;
          count = -1;
        }
        case "absolute" -> {
          movement = Movement.ABSOLUTE;
          count = signedCount();
        }
        case "relative" -> {
          movement = Movement.RELATIVE;
          count = signedCount();
        }
        case "backward" -> {
          movement = Movement.BACKWARD;
          count = optionalCount();
        }
        case null, default -> count = word != null && word.equals("next") ? 1 : optionalCount();
      }
      tokens.acceptAny("from", "in");
    }
    return new Fetch(grammar.names.column(), purpose, movement, count, position);
  }

  /// Whether only a cursor's name is left, which may look like a direction.
  private boolean atLastName() {
    return tokens.current().isColumnName() && tokens.peek(1).endsStatement();
  }

  private long optionalCount() {
    if (tokens.accept("all")) {
      return Fetch.ALL_ROWS;
    }
    boolean number =
        tokens.current().kind() == Kind.INTEGER || tokens.atOperator("-") || tokens.atOperator("+");
    return number ? signedCount() : 1;
  }

  private long signedCount() {
    if (tokens.acceptOperator("-")) {
      return -tokens.expectCount();
    }
    tokens.acceptOperator("+");
    return tokens.expectCount();
  }

  StatementSyntax close() {
    int position = tokens.position();
    tokens.expect("close");
    String name = tokens.accept("all") ? null : grammar.names.column();
    return new CursorCommand.Close(name, position);
  }

  StatementSyntax prepare() {
    tokens.expect("prepare");
    if (tokens.at("transaction") && tokens.peek(1).kind() == Kind.STRING) {
      tokens.skipToEnd();
      return new Unsupported("PREPARE TRANSACTION");
    }
    String name = grammar.names.column();
    List<TypeName> types = new ArrayList<>();
    if (tokens.acceptSymbol("(")) {
      do {
        types.add(grammar.types.type());
      } while (tokens.acceptSymbol(","));
      tokens.expectSymbol(")");
    }
    tokens.expect("as");
    int offset = tokens.position();
    return new PreparedCommand.Prepare(name, types, grammar.statements.preparable(), offset);
  }

  StatementSyntax execute() {
    int position = tokens.position();
    tokens.expect("execute");
    String name = grammar.names.column();
    List<Expression> arguments = List.of();
    if (tokens.acceptSymbol("(")) {
      arguments = grammar.expressions.list();
      tokens.expectSymbol(")");
    }
    return new PreparedCommand.Execute(name, arguments, position);
  }

  StatementSyntax deallocate() {
    int position = tokens.position();
    tokens.expect("deallocate");
    if (tokens.at("prepare") && !tokens.peek(1).endsStatement()) {
      tokens.advance();
    }
    String name = tokens.accept("all") ? null : grammar.names.column();
    return new PreparedCommand.Deallocate(name, position);
  }
}
