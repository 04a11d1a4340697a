package io.alidade.sql.parse;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parser's place in one statement of a script, and the errors it raises there.
///
/// Errors carry positions in the whole script, the tree positions in the statement's text.
final class Tokens {

  /// How deep parentheses, sub-queries and prefix operators may nest. What reads the tree recurses
  /// over it, on stacks of bounded size.
  static final int MAX_NESTING = 400;

  /// How long a chain of operators, joins or set operations may be, since each makes the tree one
  /// deeper; AND and OR do not count, theirs are flat.
  static final int MAX_CHAIN = 2_000;

  private final String script;
  private final List<Token> list;
  private final @Nullable DatabaseException failure;
  private final LiteralSlots slots;
  private final int first;
  private int index;
  private int depth;
  private int liftedInTree;
  private boolean literalLost;

  /// @param first the index of the statement's first token
  Tokens(String script, Lexer.Result scanned, int first, LiteralSlots slots) {
    this.script = script;
    this.list = scanned.tokens();
    this.failure = scanned.failure();
    this.slots = slots;
    this.first = first;
    this.index = first;
  }

  /// The index of the current token in the script.
  int index() {
    return index;
  }

  Token current() {
    Token token = list.get(index);
    if (token.kind() == Kind.FAILURE && failure != null) {
      throw failure;
    }
    return token;
  }

  /// A token further on, or the last one.
  Token peek(int ahead) {
    return list.get(Math.min(index + ahead, list.size() - 1));
  }

  /// The token before the current one.
  Token previous() {
    return list.get(index - 1);
  }

  /// Takes the current token.
  Token advance() {
    Token token = current();
    if (token.kind() != Kind.END) {
      index++;
    }
    return token;
  }

  /// Where the current token stands in the statement's text.
  int position() {
    return position(current());
  }

  int position(Token token) {
    return token.start() - list.get(first).start();
  }

  boolean at(String word) {
    return current().isWord(word);
  }

  boolean atSymbol(String symbol) {
    return current().isSymbol(symbol);
  }

  boolean atOperator(String symbol) {
    return current().isOperator(symbol);
  }

  boolean atEnd() {
    return current().endsStatement();
  }

  boolean atAny(String... words) {
    for (String word : words) {
      if (at(word)) {
        return true;
      }
    }
    return false;
  }

  /// Whether these words stand here one after the other.
  boolean atWords(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!(i == 0 ? current() : peek(i)).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  /// Takes a word if it stands here.
  boolean accept(String word) {
    if (!at(word)) {
      return false;
    }
    index++;
    return true;
  }

  /// Takes these words if they stand here, all or none.
  boolean acceptWords(String... words) {
    if (!atWords(words)) {
      return false;
    }
    index += words.length;
    return true;
  }

  /// Takes whichever of these words stands here, and tells which.
  @Nullable String acceptAny(String... words) {
    for (String word : words) {
      if (accept(word)) {
        return word;
      }
    }
    return null;
  }

  boolean acceptSymbol(String symbol) {
    if (!atSymbol(symbol)) {
      return false;
    }
    index++;
    return true;
  }

  boolean acceptOperator(String symbol) {
    if (!atOperator(symbol)) {
      return false;
    }
    index++;
    return true;
  }

  void expect(String... words) {
    for (String word : words) {
      if (!accept(word)) {
        throw syntaxError();
      }
    }
  }

  void expectSymbol(String symbol) {
    if (!acceptSymbol(symbol)) {
      throw syntaxError();
    }
  }

  void expectOperator(String symbol) {
    if (!acceptOperator(symbol)) {
      throw syntaxError();
    }
  }

  /// Takes a string that is part of the grammar, not a value.
  String expectString() {
    if (current().kind() != Kind.STRING) {
      throw syntaxError();
    }
    return advance().text();
  }

  /// Takes digits that are part of the grammar, not a value.
  String expectInteger() {
    if (current().kind() != Kind.INTEGER) {
      throw syntaxError();
    }
    return advance().text();
  }

  /// Takes whole digits as a count; what does not fit is not a token PostgreSQL expects here.
  long expectCount() {
    Token token = current();
    String digits = expectInteger();
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException _) {
      throw syntaxErrorAt(token);
    }
  }

  /// Takes a literal that goes into the tree as a value, and tells its slot.
  int advanceLiteral() {
    int slot = slots.slotOf(index);
    if (slot != Expression.NO_SLOT) {
      liftedInTree++;
    }
    advance();
    return slot;
  }

  /// Says that a literal that has a slot is not a value after all, so that the key says too little.
  void loseLiteral(int slot) {
    literalLost |= slot != Expression.NO_SLOT;
  }

  /// Whether every literal lifted out of the key is a value in the tree, between the statement's
  /// start and here: only then do statements with equal keys have equal trees.
  boolean keyIsComplete() {
    return !literalLost && liftedInTree == slots.liftedBetween(first, index);
  }

  /// The source from a token to the one before the current.
  String sourceSince(int tokenIndex) {
    return script.substring(list.get(tokenIndex).start(), list.get(index - 1).end());
  }

  DatabaseException syntaxError() {
    return syntaxErrorAt(current());
  }

  DatabaseException syntaxErrorAt(Token token) {
    return Lexer.errorNear("syntax error", script, token.start(), token.end());
  }

  /// A syntax error with its own words, near the current token.
  DatabaseException errorNear(String message) {
    return Lexer.errorNear(message, script, current().start(), current().end());
  }

  /// An error with its own words at a token.
  DatabaseException error(SqlState state, String message, Token token) {
    return new DatabaseException(state, message).at(token.start());
  }

  /// The error for syntax that is PostgreSQL's but not ours yet.
  DatabaseException unsupported(String feature, Token token) {
    return error(SqlState.FEATURE_NOT_SUPPORTED, feature + " is not supported", token);
  }

  /// Goes one level deeper; what throws on the way never needs to come back.
  void enter() {
    if (++depth > MAX_NESTING) {
      throw tooComplex("levels of nesting", MAX_NESTING);
    }
  }

  void leave() {
    depth--;
  }

  /// Refuses a chain that has become too long.
  void checkChain(int length) {
    if (length > MAX_CHAIN) {
      throw tooComplex("operators in one chain", MAX_CHAIN);
    }
  }

  private DatabaseException tooComplex(String what, int limit) {
    return error(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", list.get(index))
        .withHint("A statement may have " + limit + " " + what + "; write it in parts.");
  }

  /// Skips to the statement's end.
  void skipToEnd() {
    while (!atEnd()) {
      index++;
    }
  }
}
