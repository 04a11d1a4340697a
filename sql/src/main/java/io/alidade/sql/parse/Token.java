package io.alidade.sql.parse;

import io.alidade.sql.parse.Keywords.Category;
import io.alidade.sql.parse.Keywords.Keyword;
import org.jspecify.annotations.Nullable;

/// One token of a script.
///
/// @param text what it means: identifiers folded, strings without quotes and escapes, `<>` for `!=`
/// @param start of its source
/// @param end after the last character of its source
/// @param keyword if it is one; a quoted identifier never is
record Token(Kind kind, String text, int start, int end, @Nullable Keyword keyword) {

  /// The kinds of token.
  enum Kind {
    /// An identifier or key word without quotes.
    WORD,
    QUOTED_IDENTIFIER,
    STRING,
    /// A bit string; the text is binary digits.
    BITS,
    /// Digits only.
    INTEGER,
    /// A number with a point or an exponent.
    DECIMAL,
    /// `$n`; the text is the digits.
    PARAMETER,
    OPERATOR,
    /// One of `, ( ) [ ] . ; : :: .. := =>`.
    SYMBOL,
    /// A character no token starts with.
    STRAY,
    /// Where the lexer failed; the parser throws its error on getting here.
    FAILURE,
    END
  }

  /// Whether it is this key word.
  boolean isWord(String word) {
    return keyword != null && keyword.word().equals(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isOperator(String symbol) {
    return kind == Kind.OPERATOR && text.equals(symbol);
  }

  /// Whether it ends a statement.
  boolean endsStatement() {
    return kind == Kind.END || isSymbol(";");
  }

  /// Whether it can name a column, table, alias or other object.
  boolean isColumnName() {
    return switch (kind) {
      case QUOTED_IDENTIFIER -> true;
      case WORD ->
          keyword == null
              || keyword.category() == Category.UNRESERVED
              || keyword.category() == Category.COLUMN_NAME;
      case STRING, BITS, INTEGER, DECIMAL, PARAMETER, OPERATOR, SYMBOL, STRAY, FAILURE, END ->
          false;
    };
  }

  /// Whether it can name a function or type.
  boolean isFunctionName() {
    return switch (kind) {
      case QUOTED_IDENTIFIER -> true;
      case WORD ->
          keyword == null
              || keyword.category() == Category.UNRESERVED
              || keyword.category() == Category.FUNCTION_OR_TYPE;
      case STRING, BITS, INTEGER, DECIMAL, PARAMETER, OPERATOR, SYMBOL, STRAY, FAILURE, END ->
          false;
    };
  }

  /// Whether it can follow AS in a select list: any word.
  boolean isLabel() {
    return kind == Kind.WORD || kind == Kind.QUOTED_IDENTIFIER;
  }

  /// Whether it can be a label without AS.
  boolean isBareLabel() {
    return isLabel() && (keyword == null || keyword.bareLabel());
  }
}
