package io.alidade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.sql.parse.StatementKey.Literal;
import io.alidade.sql.parse.StatementKey.LiteralKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementKeyTest {

  private static StatementKey key(String text) {
    return StatementKey.of(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT  id -- comment ; select id
          select 1, 3000000000, 1.5, 'x' ; select ?i0 , ?l1 , ?n2 , ?s3
          select * from t where id = 7 and name = 'x' limit 10 ; select * from t where id = ?i0 and name = ?s1 limit ?i2
          select a <-> '[1]' from t order by a <-> '[1]' limit 5 ; select a <-> ?s0 from t order by a <-> ?s0 limit ?i1
          select a + 1 from t group by a + 1 ; select a + ?i0 from t group by a + ?i0
          select a, b from t order by 1, 2 desc limit 3 ; select a , b from t order by 1 , 2 desc limit ?i0
          select a, count(*) from t group by 1 having count(*) > 2 ; select a , count ( * ) from t group by 1 having count ( * ) > ?i0
          select x::numeric(10,2), cast('a' as varchar(3)), '[1]'::vector(3) ; select x :: numeric ( 10 , 2 ) , cast ( ?s0 as varchar ( 3 ) ) , ?s1 :: vector ( 3 )
          select date '2020-01-01', interval '1 day', x > '2020-01-01' ; select date '2020-01-01' , interval '1 day' , x > ?s0
          insert into t values (1, 'a'), (1, 'a') ; insert into t values ( ?i0 , ?s1 ) , ( ?i2 , ?s3 )
          select distinct on (1) a from t where b = 1 ; select distinct on ( 1 ) a from t where b = ?i0
          select "A", a from t ; select "A" , a from t
          set x to 5 ; set x to 5
          create table t (a int default 5) ; create table t ( a int default 5 )
          select id from t where id in (1, 2) and e = any('{1}') ; select id from t where id in ( ?i0 , ?i1 ) and e = any ( ?s2 )
          select $1::int + 1 ; select $1 :: int + ?i0
          """)
  void keepsWhatMayChangeTypesOrShape(String text, String expected) {
    assertThat(key(text).text()).isEqualTo(expected);
  }

  @Test
  void givesTheLiteralsInTheOrderOfTheirSlots() {
    assertThat(key("select 'it''s', 42, E'a\\n', 42").literals())
        .containsExactly(
            new Literal(LiteralKind.STRING, "it's"),
            new Literal(LiteralKind.INT4, "42"),
            new Literal(LiteralKind.STRING, "a\n"));
  }

  @Test
  void severalStatementsOrNoneHaveNoKey() {
    assertThat(StatementKey.of("select 1; select 2")).isEmpty();
    assertThat(StatementKey.of("  ; ")).isEmpty();
    assertThat(StatementKey.of("select 'abc")).isEmpty();
    assertThat(StatementKey.of("select 1;;")).isPresent();
  }

  @Test
  void theTreeRefersToTheSlots() {
    ParsedStatement statement =
        SqlParser.parseScript("select a from t where b = 'x' and c < 5").getFirst();
    List<Integer> slots = new ArrayList<>();
    Query query = (Query) statement.syntax();
    Expression.And where = (Expression.And) ((Query.Select) query.body()).where();
    assertThat(where).isNotNull();
    for (Expression operand : where.operands()) {
      switch (((Expression.BinaryOperation) operand).right()) {
        case Expression.StringLiteral string -> slots.add(string.slot());
        case Expression.NumberLiteral number -> slots.add(number.slot());
        default -> throw new AssertionError(operand);
      }
    }
    assertThat(slots).containsExactly(0, 1);
    assertThat(statement.keyIsComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select vector(3) '[1,2,3]'",
        "select a from t order by -1",
        "select x::int[3] from t",
        "select a from t order by (1)",
      })
  void aKeyThatSaysTooLittleIsMarked(String text) {
    ParsedStatement statement = SqlParser.parseScript(text).getFirst();
    boolean lifted = !key(text).literals().isEmpty();
    assertThat(statement.keyIsComplete()).isEqualTo(!lifted);
  }

  @Test
  void statementsOfAScriptHaveTheirTextAndPlace() {
    List<ParsedStatement> statements = SqlParser.parseScript(" select 1 ;; /* x */ select 'b' ; ");
    assertThat(statements)
        .extracting(ParsedStatement::text)
        .containsExactly("select 1", "select 'b'");
    assertThat(statements).extracting(ParsedStatement::offset).containsExactly(1, 21);
  }
}
