package io.alidade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whatever the text, the parser answers with a tree or with an error a client understands.
class ParserFuzzTest {

  private static final Set<SqlState> EXPECTED =
      Set.of(
          SqlState.SYNTAX_ERROR,
          SqlState.STATEMENT_TOO_COMPLEX,
          SqlState.FEATURE_NOT_SUPPORTED,
          SqlState.INVALID_TEXT_REPRESENTATION,
          SqlState.INVALID_PARAMETER_VALUE,
          SqlState.INVALID_ESCAPE_SEQUENCE,
          SqlState.CHARACTER_NOT_IN_REPERTOIRE,
          SqlState.UNDEFINED_PARAMETER);

  private static final List<String> VOCABULARY =
      List.of(
          "select",
          "from",
          "where",
          "group",
          "by",
          "order",
          "having",
          "limit",
          "offset",
          "fetch",
          "first",
          "rows",
          "only",
          "union",
          "all",
          "intersect",
          "except",
          "with",
          "recursive",
          "as",
          "insert",
          "into",
          "values",
          "default",
          "on",
          "conflict",
          "do",
          "nothing",
          "update",
          "set",
          "delete",
          "using",
          "returning",
          "create",
          "table",
          "index",
          "unique",
          "extension",
          "drop",
          "if",
          "not",
          "exists",
          "null",
          "primary",
          "key",
          "references",
          "check",
          "copy",
          "stdin",
          "to",
          "explain",
          "analyze",
          "begin",
          "commit",
          "rollback",
          "savepoint",
          "prepare",
          "declare",
          "cursor",
          "for",
          "in",
          "between",
          "and",
          "or",
          "like",
          "ilike",
          "similar",
          "escape",
          "is",
          "distinct",
          "true",
          "case",
          "when",
          "then",
          "else",
          "end",
          "cast",
          "array",
          "row",
          "any",
          "some",
          "coalesce",
          "extract",
          "substring",
          "trim",
          "overlay",
          "position",
          "interval",
          "timestamp",
          "time",
          "zone",
          "at",
          "collate",
          "operator",
          "over",
          "partition",
          "filter",
          "within",
          "window",
          "lateral",
          "join",
          "left",
          "right",
          "full",
          "outer",
          "natural",
          "cross",
          "t",
          "a",
          "b",
          "\"Q\"",
          "int",
          "vector",
          "double",
          "precision",
          "character",
          "varying",
          "(",
          ")",
          "(",
          ")",
          "[",
          "]",
          ",",
          ",",
          ".",
          ";",
          "::",
          ":",
          "=",
          "<",
          "<->",
          "<=>",
          "+",
          "-",
          "*",
          "/",
          "^",
          "||",
          "~",
          "->",
          "->>",
          "?",
          "@",
          "!",
          "1",
          "2.5",
          "1e3",
          "'x'",
          "'[1,2]'",
          "E'\\n'",
          "B'01'",
          "$1",
          "$2",
          "=>",
          ":=",
          "N'x'",
          "$$x$$",
          "--",
          "/*",
          "*/",
          "'",
          "\"",
          "U&'\\0041'",
          "\u00e9",
          "\\",
          "\u0001",
          "\ud83d\ude00",
          "0x1",
          "grouping",
          "sets",
          "cube",
          "rollup",
          "nulls",
          "last",
          "desc",
          "generated",
          "always",
          "identity",
          "overlaps",
          "symmetric",
          "current_date",
          "variadic",
          "ordinality");

  @Test
  void tokenSoupIsRefusedPolitely() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("ParserFuzzTest -Dtest.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60_000; round++) {
      List<String> words = new ArrayList<>();
      int length = 1 + random.nextInt(24);
      for (int i = 0; i < length; i++) {
        words.add(VOCABULARY.get(random.nextInt(VOCABULARY.size())));
      }
      String text = String.join(random.nextInt(8) == 0 ? "" : " ", words);
      parse(round % 2 == 0 ? text : "select " + text, seed);
    }
  }

  @Test
  void anyCharactersAreRefusedPolitely() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("ParserFuzzTest -Dtest.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 30_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int i = 0; i < length; i++) {
        text.append(
            (char) (random.nextInt(10) == 0 ? random.nextInt(0x10000) : random.nextInt(128)));
      }
      parse(text.toString(), seed);
    }
  }

  /// What parses must also have the key that {@link ParsedStatement#keyIsComplete} speaks of.
  private static void parse(String text, long seed) {
    try {
      List<ParsedStatement> statements = SqlParser.parseScript(text);
      if (statements.size() == 1) {
        assertThat(StatementKey.of(text)).as("%s seed %d", text, seed).isPresent();
        assertThat(StatementKey.of(statements.getFirst().text())).isEqualTo(StatementKey.of(text));
      }
    } catch (DatabaseException error) {
      assertThat(error.state()).as("%s seed %d", text, seed).isIn(EXPECTED);
      assertThat(error.position()).as("%s seed %d", text, seed).isBetween(-1, text.length());
    } catch (RuntimeException | StackOverflowError error) {
      throw new AssertionError("seed " + seed + ": " + text, error);
    }
  }
}
