package io.alidade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.sql.parse.Token.Kind;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LexerTest {

  private static String lex(String script) {
    return Lexer.scan(script).tokens().stream()
        .filter(token -> token.kind() != Kind.END)
        .map(Token::text)
        .collect(Collectors.joining(" "));
  }

  @Test
  void anOperatorIsTheLongestRunOfItsCharacters() {
    assertThat(lex("a<->b<=>c<#>d->>e#>>f?|g?&h"))
        .isEqualTo("a <-> b <=> c <#> d ->> e #>> f ?| g ?& h");
  }

  @Test
  void aTrailingSignBelongsToTheOperandUnlessTheOperatorIsUnusual() {
    assertThat(lex("a=-1")).isEqualTo("a = - 1");
    assertThat(lex("a*-+1")).isEqualTo("a * - + 1");
    assertThat(lex("a<-1")).isEqualTo("a < - 1");
    assertThat(lex("a@-1")).isEqualTo("a @- 1");
    assertThat(lex("a<@-1")).isEqualTo("a <@- 1");
    assertThat(lex("a->-1")).isEqualTo("a -> - 1");
  }

  @Test
  void aCommentCutsAnOperator() {
    assertThat(lex("a*--b\n+c")).isEqualTo("a * + c");
    assertThat(lex("a+/* x /* y */ z */b")).isEqualTo("a + b");
  }

  @Test
  void identifiersAreFoldedInAsciiOnlyUnlessQuoted() {
    assertThat(lex("ABC \"ABC\" \"a\"\"b\" \u00c4Ab a$1")).isEqualTo("abc ABC a\"b \u00c4ab a$1");
  }

  @Test
  void identifiersAreCutAtSixtyThreeBytesOnACharactersBoundary() {
    assertThat(lex("a".repeat(70))).isEqualTo("a".repeat(63));
    assertThat(lex("\"" + "\u00e4".repeat(40) + "\"")).isEqualTo("\u00e4".repeat(31));
  }

  @Test
  void numbersTakeTheirPointAndExponent() {
    assertThat(lex("1 1.5 .5 1. 1e5 1.5E-3 1..2")).isEqualTo("1 1.5 .5 1. 1e5 1.5E-3 1 .. 2");
    assertThat(Lexer.scan("1").tokens().getFirst().kind()).isEqualTo(Kind.INTEGER);
    assertThat(Lexer.scan("1e5").tokens().getFirst().kind()).isEqualTo(Kind.DECIMAL);
  }

  @Test
  void stringsOfEveryKindAreRead() {
    assertThat(lex("'it''s'")).isEqualTo("it's");
    assertThat(lex("'a'\n -- comment\n 'b'")).isEqualTo("ab");
    assertThat(lex("'a' 'b'")).isEqualTo("a b");
    assertThat(lex("E'a\\n\\'\\\\\\x41\\101\\u00e9\\U0001F600'"))
        .isEqualTo("a\n'\\AA\u00e9\ud83d\ude00");
    assertThat(lex("E'\\xc3\\xa9'")).isEqualTo("\u00e9");
    assertThat(lex("U&'\\0041\\+000042'")).isEqualTo("AB");
    assertThat(lex("U&'!0041!!' UESCAPE '!'")).isEqualTo("A!");
    assertThat(lex("U&\"\\0061\"")).isEqualTo("a");
    assertThat(lex("$$a'b$$ $x$c$$d$x$")).isEqualTo("a'b c$$d");
    assertThat(lex("b'01' x'1f'")).isEqualTo("01 00011111");
  }

  @Test
  void parametersCastsAndSlicesAreSymbols() {
    assertThat(lex("$1::int a[1:2] f(x=>1,y:=2)"))
        .isEqualTo("$ :: int a [ 1 : 2 ] f ( x => 1 , y := 2 )".replace("$", "1"));
  }

  @Test
  void anErrorOfTheLexerComesAfterErrorsBeforeIt() {
    Lexer.Result scanned = Lexer.scan("select 'abc");
    assertThat(scanned.tokens().getLast().kind()).isEqualTo(Kind.FAILURE);
    assertThat(scanned.failure()).hasMessage("unterminated quoted string at or near \"'abc\"");
  }
}
