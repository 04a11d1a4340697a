package io.alidade.sql.parse;

import io.alidade.sql.parse.StatementKey.Literal;
import io.alidade.sql.parse.StatementKey.LiteralKind;
import io.alidade.sql.parse.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which literals of a statement are slots of its plan, decided on its tokens alone.
///
/// The parser and {@link StatementKey} both ask here, so that they agree. A literal stays in the
/// key where its value could change types or shape: numbers standing alone in ORDER BY and GROUP
/// BY, type modifiers, constants with a type in front, everything in statements that have no plan
/// to share. Where tokens do not tell, the parser does: {@link ParsedStatement#keyIsComplete}.
///
/// Equal literals share a slot, so that `GROUP BY a + 1` still matches the `a + 1` it was written
/// for and a statement whose constants coincide differently has another key. The rows of an INSERT
/// are the exception: their constants coincide by chance.
final class LiteralSlots {

  /// No literal is lifted.
  static final LiteralSlots NONE = new LiteralSlots(0, new int[0], List.of());

  private static final Set<String> PLANNED =
      Set.of("select", "insert", "update", "delete", "with", "values", "table");

  /// Key words after which an operand comes; after any other word a string has a type in front.
  private static final Set<String> BEFORE_OPERAND =
      Set.of(
          "select",
          "where",
          "and",
          "or",
          "not",
          "when",
          "then",
          "else",
          "case",
          "like",
          "ilike",
          "to",
          "between",
          "symmetric",
          "asymmetric",
          "by",
          "limit",
          "offset",
          "on",
          "having",
          "returning",
          "all",
          "distinct",
          "escape",
          "from",
          "for",
          "placing",
          "both",
          "leading",
          "trailing",
          "zone",
          "variadic",
          "first",
          "next");

  /// Words whose parentheses hold a type's modifiers or a precision.
  private static final Set<String> BEFORE_MODIFIERS =
      Set.of(
          "bit",
          "char",
          "character",
          "dec",
          "decimal",
          "float",
          "interval",
          "nchar",
          "numeric",
          "time",
          "timestamp",
          "varchar",
          "varying",
          "second",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp");

  private static final Set<String> AFTER_SORTING =
      Set.of(
          "having",
          "limit",
          "offset",
          "fetch",
          "for",
          "window",
          "union",
          "intersect",
          "except",
          "rows",
          "range",
          "groups",
          "returning");

  private static final int NO_REGION = Integer.MAX_VALUE;

  private final int first;
  private final int[] slots;
  private final List<Literal> literals;

  private LiteralSlots(int first, int[] slots, List<Literal> literals) {
    this.first = first;
    this.slots = slots;
    this.literals = literals;
  }

  /// Decides for the statement whose first token this is.
  static LiteralSlots of(List<Token> tokens, int first) {
    Token head = tokens.get(first);
    boolean planned =
        head.isSymbol("(") || (head.keyword() != null && PLANNED.contains(head.text()));
    return planned ? new Scan(tokens, first).run() : NONE;
  }

  /// The literals, in the order of their slots.
  List<Literal> literals() {
    return literals;
  }

  /// The slot of a token, counted in the whole script.
  int slotOf(int tokenIndex) {
    int index = tokenIndex - first;
    return index >= 0 && index < slots.length ? slots[index] : Expression.NO_SLOT;
  }

  /// How many tokens have a slot in this stretch.
  int liftedBetween(int from, int to) {
    int lifted = 0;
    for (int i = from; i < to; i++) {
      if (slotOf(i) != Expression.NO_SLOT) {
        lifted++;
      }
    }
    return lifted;
  }

  /// One pass over the tokens of a statement.
  private static final class Scan {
    private final List<Token> tokens;
    private final int first;
    private final int end;
    private final int[] slots;
    private final List<Literal> literals = new ArrayList<>();
    private final @Nullable Map<Literal, Integer> known;
    private int depth;
    private int sortingDepth = NO_REGION;
    private int modifierDepth = NO_REGION;

    Scan(List<Token> tokens, int first) {
      this.tokens = tokens;
      this.first = first;
      int index = first;
      boolean grouped = false;
      while (!tokens.get(index).endsStatement() && tokens.get(index).kind() != Kind.FAILURE) {
        grouped |= tokens.get(index).isWord("group") || tokens.get(index).isWord("distinct");
        index++;
      }
      this.end = index;
      this.slots = new int[end - first];
      Arrays.fill(slots, Expression.NO_SLOT);
      this.known = grouped || !tokens.get(first).isWord("insert") ? new HashMap<>() : null;
    }

    LiteralSlots run() {
      for (int i = first; i < end; i++) {
        Token token = tokens.get(i);
        switch (token.kind()) {
          case SYMBOL -> bracket(token, i);
          case WORD -> word(token, i);
          case STRING -> string(token, i);
          case INTEGER, DECIMAL -> number(token, i);
          case QUOTED_IDENTIFIER, BITS, PARAMETER, OPERATOR, STRAY, FAILURE, END -> {}
        }
      }
      return new LiteralSlots(first, slots, List.copyOf(literals));
    }

    private void bracket(Token token, int index) {
      if (token.text().equals("(")) {
        depth++;
        if (modifierDepth == NO_REGION && opensModifiers(index)) {
          modifierDepth = depth;
        }
        if (sortingDepth == NO_REGION && wordsBefore(index, "distinct", "on")) {
          sortingDepth = depth;
        }
      } else if (token.text().equals(")")) {
        depth--;
        if (depth < modifierDepth) {
          modifierDepth = NO_REGION;
        }
        if (depth < sortingDepth) {
          sortingDepth = NO_REGION;
        }
      }
    }

    private void word(Token token, int index) {
      if (token.isWord("by") && sortingDepth == NO_REGION) {
        if (wordsBefore(index, "order") || wordsBefore(index, "group")) {
          sortingDepth = depth;
        }
      } else if (depth == sortingDepth && AFTER_SORTING.contains(token.text())) {
        sortingDepth = NO_REGION;
      }
    }

    private boolean wordsBefore(int index, String... words) {
      for (int i = 0; i < words.length; i++) {
        int at = index - words.length + i;
        if (at < first || !tokens.get(at).isWord(words[i])) {
          return false;
        }
      }
      return true;
    }

    private boolean opensModifiers(int index) {
      if (index == first) {
        return false;
      }
      Token name = tokens.get(index - 1);
      if (name.keyword() != null && BEFORE_MODIFIERS.contains(name.text())) {
        return true;
      }
      if (!name.isFunctionName()) {
        return false;
      }
      int before = index - 2;
      while (before > first && tokens.get(before).isSymbol(".")) {
        before -= 2;
      }
      if (before < first) {
        return false;
      }
      Token token = tokens.get(before);
      return token.isSymbol("::")
          || token.isWord("as")
          || (token.isLabel() && token.keyword() == null);
    }

    private boolean beforeOperand(int index) {
      if (index < first) {
        return false;
      }
      Token token = tokens.get(index);
      return switch (token.kind()) {
        case OPERATOR -> true;
        case SYMBOL -> !token.text().equals(")") && !token.text().equals("]");
        case WORD -> token.keyword() != null && BEFORE_OPERAND.contains(token.text());
        case QUOTED_IDENTIFIER, STRING, BITS, INTEGER, DECIMAL, PARAMETER, STRAY, FAILURE, END ->
            false;
      };
    }

    private void string(Token token, int index) {
      if (beforeOperand(index - 1) && modifierDepth == NO_REGION) {
        lift(new Literal(LiteralKind.STRING, token.text()), index);
      }
    }

    private void number(Token token, int index) {
      boolean stays =
          modifierDepth != NO_REGION
              || !beforeOperand(index - 1)
              || (sortingDepth != NO_REGION && standsAlone(index));
      if (!stays) {
        lift(new Literal(numberKind(token), token.text()), index);
      }
    }

    private boolean standsAlone(int index) {
      return tokens.get(index - 1).kind() != Kind.OPERATOR
          && tokens.get(index + 1).kind() != Kind.OPERATOR
          && !tokens.get(index + 1).isSymbol("::");
    }

    private static LiteralKind numberKind(Token token) {
      if (token.kind() == Kind.DECIMAL) {
        return LiteralKind.NUMERIC;
      }
      try {
        long value = Long.parseLong(token.text());
        return value <= Integer.MAX_VALUE ? LiteralKind.INT4 : LiteralKind.INT8;
      } catch (NumberFormatException _) {
        return LiteralKind.NUMERIC;
      }
    }

    private void lift(Literal literal, int index) {
      Integer slot = known == null ? null : known.putIfAbsent(literal, literals.size());
      if (slot == null) {
        slot = literals.size();
        literals.add(literal);
      }
      slots[index - first] = slot;
    }
  }
}
