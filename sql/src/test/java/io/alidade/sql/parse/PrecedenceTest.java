package io.alidade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// PostgreSQL's precedences, those that other parsers get wrong first.
class PrecedenceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          a + b::int                      ; (a + (b :: pg_catalog.int4))
          -1::int                         ; (- (1 :: pg_catalog.int4))
          'a' || 1 + 2                    ; ('a' || (1 + 2))
          2 ^ 3 * 2                       ; ((2 ^ 3) * 2)
          2 ^ 3 ^ 4                       ; ((2 ^ 3) ^ 4)
          -2 ^ 2                          ; ((- 2) ^ 2)
          x ~ 'a' || 'b'                  ; ((x ~ 'a') || 'b')
          a < b || c                      ; (a < (b || c))
          a = b <-> c                     ; (a = (b <-> c))
          a <-> b + 1                     ; (a <-> (b + 1))
          a <-> b < 0.5 and c             ; (((a <-> b) < 0.5) and c)
          @ a + b                         ; (@ (a + b))
          @ a || b                        ; ((@ a) || b)
          not a = b                       ; (not (a = b))
          not a and b or c                ; (((not a) and b) or c)
          a or b and c or d               ; (a or (b and c) or d)
          a = b is null                   ; (Is (a = b) null)
          not a is null                   ; (not (Is a null))
          a between 1 and 2 and b         ; ((Between a 1 2) and b)
          a between 1 and 2 + 3           ; (Between a 1 (2 + 3))
          a like b || c                   ; (PatternMatch a like (b || c))
          a in (1) = b                    ; ((InList a [1]) = b)
          a = b in (1)                    ; (a = (InList b [1]))
          a operator(pg_catalog.*) b + c  ; (a OPERATOR(pg_catalog.*) (b + c))
          a.b[1].c::int[]                 ; ((FieldSelection (Subscripted a.b [(Index 1)]) c) :: pg_catalog.int4[])
          a * b % c / d                   ; (((a * b) % c) / d)
          a - b - c                       ; ((a - b) - c)
          a::text collate "C" || b        ; ((Collate (a :: text) C) || b)
          - a at time zone 'utc'          ; (FunctionCall pg_catalog.timezone [(Argument 'utc'), (Argument (- a))])
          a -> 'b' ->> 'c' = 'd'          ; (((a -> 'b') ->> 'c') = 'd')
          """)
  void bindsAsInPostgres(String text, String tree) {
    assertThat(SyntaxPrinter.print(SqlParser.parseExpression(text))).isEqualTo(tree);
  }
}
