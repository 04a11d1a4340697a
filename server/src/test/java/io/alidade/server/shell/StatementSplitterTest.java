package io.alidade.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StatementSplitterTest {
  @Test
  void aLineMayHoldManyStatements() {
    assertThat(split("select 1; select 2;")).containsExactly("select 1;", "select 2;", "");
  }

  @Test
  void aStatementMayTakeManyLines() {
    assertThat(split("select", "1", ";")).containsExactly("select\n1\n;", "");
  }

  @Test
  void aSemicolonInQuotesEndsNothing() {
    assertThat(split("select ';', \";\", 'it''s;';")).hasSize(2);
    assertThat(split("select E'\\';', 'c:\\';")).hasSize(2);
    assertThat(split("select $$;$$, $tag$;$$;$tag$;")).hasSize(2);
    assertThat(split("select ';", "';")).containsExactly("select ';\n';", "");
  }

  @Test
  void aSemicolonInACommentEndsNothing() {
    assertThat(split("select 1 -- ;", "+ 1;")).containsExactly("select 1 -- ;\n+ 1;", "");
    assertThat(split("select /* ; /* ; */ ; */ 1;")).hasSize(2);
  }

  @Test
  void aParameterIsNoQuote() {
    assertThat(split("select $1; select $2;")).hasSize(3);
    assertThat(split("select a$1; select b$1;")).hasSize(3);
  }

  @Test
  void whatHasNoSemicolonIsLeftOver() {
    assertThat(split("select 1; select 2")).containsExactly("select 1;", "select 2");
  }

  /// All whole statements, then what is left over.
  private static List<String> split(String... lines) {
    StatementSplitter splitter = new StatementSplitter();
    List<String> statements = new ArrayList<>();
    for (String line : lines) {
      splitter.add(line);
      for (Optional<String> next = splitter.next(); next.isPresent(); next = splitter.next()) {
        statements.add(next.get());
      }
    }
    statements.add(splitter.rest());
    return statements;
  }
}
