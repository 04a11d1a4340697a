package io.alidade.sql.parse;

import io.alidade.model.DatabaseException;
import java.util.ArrayList;
import java.util.List;

/// The parser: from the text of one or more statements to their trees, as PostgreSQL reads them.
///
/// Stateless. Errors are those of PostgreSQL's grammar (42601 and a few others), and their position
/// is the one clients are told: in characters, not UTF-16 units, from the script's start.
public final class SqlParser {

  private SqlParser() {}

  /// The statements of a script, without the empty ones.
  ///
  /// @throws DatabaseException if any of them is wrong, so that none runs
  public static List<ParsedStatement> parseScript(String script) {
    try {
      return statements(script);
    } catch (DatabaseException error) {
      throw inCharacters(error, script);
    }
  }

  /// The error with its position counted in characters.
  private static DatabaseException inCharacters(DatabaseException error, String text) {
    int position = error.position();
    return position <= 0 ? error : error.at(text.codePointCount(0, position));
  }

  private static List<ParsedStatement> statements(String script) {
    Lexer.Result scanned = Lexer.scan(script);
    List<Token> tokens = scanned.tokens();
    List<ParsedStatement> statements = new ArrayList<>(1);
    int index = 0;
    while (true) {
      while (tokens.get(index).isSymbol(";")) {
        index++;
      }
      if (tokens.get(index).kind() == Token.Kind.END) {
        return statements;
      }
      LiteralSlots slots = LiteralSlots.of(tokens, index);
      Tokens cursor = new Tokens(script, scanned, index, slots);
      StatementSyntax syntax = new Grammar(cursor).statements.statement();
      int start = tokens.get(index).start();
      int end = tokens.get(cursor.index() - 1).end();
      String text = script.substring(start, end);
      statements.add(new ParsedStatement(syntax, text, start, cursor.keyIsComplete()));
      index = cursor.index();
    }
  }

  /// A lone expression, such as the default of a column that the catalog keeps as text.
  public static Expression parseExpression(String text) {
    Lexer.Result scanned = Lexer.scan(text);
    Tokens tokens = new Tokens(text, scanned, 0, LiteralSlots.NONE);
    try {
      Expression expression = new Grammar(tokens).expressions.expression();
      if (tokens.current().kind() != Token.Kind.END) {
        throw tokens.syntaxError();
      }
      return expression;
    } catch (DatabaseException error) {
      throw inCharacters(error, text);
    }
  }
}
