package io.alidade.sql.parse;

import io.alidade.sql.parse.Token.Kind;
import java.util.List;
import java.util.Optional;

/// A statement's text without its layout, comments and those constants that are slots of its plan:
/// what a cached plan is kept under, with the constants to run it with.
///
/// @param text the tokens with single spaces; a lifted constant is `?`, its kind and its slot
/// @param literals the constants, by slot
public record StatementKey(String text, List<Literal> literals) {

  /// A constant lifted out of a statement.
  public record Literal(LiteralKind kind, String value) {}

  /// What a constant is before anything around it is known; part of the key.
  public enum LiteralKind {
    /// A string, whose type is still unknown.
    STRING('s'),
    /// Digits that fit int4.
    INT4('i'),
    /// Digits that fit int8 and not int4.
    INT8('l'),
    /// Any other number.
    NUMERIC('n');

    private final char letter;

    LiteralKind(char letter) {
      this.letter = letter;
    }
  }

  /// The key of a text that is one statement; empty if it is none, several, or not even tokens.
  public static Optional<StatementKey> of(String script) {
    List<Token> tokens = Lexer.scan(script).tokens();
    if (tokens.getLast().kind() == Kind.FAILURE) {
      return Optional.empty();
    }
    int first = skipSemicolons(tokens, 0);
    if (tokens.get(first).kind() == Kind.END) {
      return Optional.empty();
    }
    LiteralSlots slots = LiteralSlots.of(tokens, first);
    StringBuilder key = new StringBuilder(Math.min(script.length(), 256));
    int index = first;
    for (; !tokens.get(index).endsStatement(); index++) {
      if (index > first) {
        key.append(' ');
      }
      append(key, script, tokens.get(index), slots.slotOf(index), slots);
    }
    return tokens.get(skipSemicolons(tokens, index)).kind() == Kind.END
        ? Optional.of(new StatementKey(key.toString(), slots.literals()))
        : Optional.empty();
  }

  private static int skipSemicolons(List<Token> tokens, int from) {
    int index = from;
    while (tokens.get(index).isSymbol(";")) {
      index++;
    }
    return index;
  }

  private static void append(
      StringBuilder key, String script, Token token, int slot, LiteralSlots slots) {
    if (slot != Expression.NO_SLOT) {
      key.append('?').append(slots.literals().get(slot).kind().letter).append(slot);
    } else if (token.kind() == Kind.WORD) {
      key.append(token.text());
    } else {
      key.append(script, token.start(), token.end());
    }
  }
}
