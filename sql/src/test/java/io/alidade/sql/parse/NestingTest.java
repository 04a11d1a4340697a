package io.alidade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// However deep or long a statement is, the parser's stack and time are bounded.
class NestingTest {

  private static final long SMALL_STACK_BYTES = 512 * 1024;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select |(|1|)|",
        "select |(1 + |2|)|",
        "select |- |1||",
        "select |not |true||",
        "select |f(|1|)|",
        "select |coalesce(1, |1|)|",
        "select |case when true then |1| end|",
        "select |array[|1|]|",
        "select |(select |1|)|",
        "select 1 where 1 in |(select 1 where 1 in |(1)|)|",
        "|(|select 1|)|",
        "select * from |(|a join b on true|) join c on true|",
        "|explain select * from (|select 1|) x|",
        "select * from |(select * from |t|) x|",
        "select 1 between |1 between |1| and 1| and 1",
        "|with a as (|select 1|) select 1|",
      })
  void deepNestingIsRefusedInBoundedStack(String pattern) throws InterruptedException {
    String[] parts = pattern.split("\\|", -1);
    int depth = 10_000;
    String script =
        parts[0]
            + parts[1].repeat(depth)
            + parts[2]
            + parts[3].repeat(depth)
            + (parts.length > 4 ? parts[4] : "");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Runnable parse =
        () -> {
          try {
            SqlParser.parseScript(script);
          } catch (DatabaseException | StackOverflowError e) {
            thrown.set(e);
          }
        };
    Thread thread = new Thread(null, parse, "small stack", SMALL_STACK_BYTES);
    thread.start();
    thread.join();
    assertThat(thrown.get()).isInstanceOf(DatabaseException.class);
    DatabaseException error = (DatabaseException) thrown.get();
    assertThat(error.state()).isIn(SqlState.STATEMENT_TOO_COMPLEX, SqlState.SYNTAX_ERROR);
  }

  @Test
  void aHundredParenthesesAreFine() {
    String script = "select " + "(".repeat(100) + "1" + ")".repeat(100);
    assertThat(SqlParser.parseScript(script)).hasSize(1);
  }

  @Test
  void theErrorSaysWhatToDo() {
    assertThatThrownBy(() -> SqlParser.parseExpression("(".repeat(10_000) + "1"))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            error -> {
              assertThat(error.state()).isEqualTo(SqlState.STATEMENT_TOO_COMPLEX);
              assertThat(error.message()).isEqualTo("stack depth limit exceeded");
              assertThat(error.field(DatabaseException.Field.HINT)).isPresent();
            });
  }

  @Test
  void fourThousandOrsAreOneFlatOr() {
    String text =
        IntStream.range(0, 4_000).mapToObj(i -> "id = " + i).collect(Collectors.joining(" or "));
    assertThat(SqlParser.parseExpression(text))
        .isInstanceOfSatisfying(
            Expression.Or.class, or -> assertThat(or.operands()).hasSize(4_000));
  }

  @Test
  void aHundredThousandListItemsAreFine() {
    String list = "1" + ", 1".repeat(100_000);
    assertThat(SqlParser.parseScript("select 1 where 1 in (" + list + ")")).hasSize(1);
    assertThat(SqlParser.parseScript("insert into t values (" + list + ")")).hasSize(1);
  }

  @Test
  void aChainOfOperatorsHasALimit() {
    assertThat(SqlParser.parseExpression("1" + " + 1".repeat(1_000))).isNotNull();
    assertThatThrownBy(() -> SqlParser.parseExpression("1" + " + 1".repeat(100_000)))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            error -> assertThat(error.state()).isEqualTo(SqlState.STATEMENT_TOO_COMPLEX));
  }
}
