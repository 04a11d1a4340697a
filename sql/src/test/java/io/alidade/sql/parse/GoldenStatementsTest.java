package io.alidade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Statements and their trees, or their errors, from two files of text.
///
/// `errors.golden` was compared with PostgreSQL 15: code, message and position are its own. With
/// `-Dgolden.write=<directory>` the files are written there anew, to be looked through.
class GoldenStatementsTest {

  private static final String SEPARATOR = "\n----\n";
  private static final String BLOCK = "\n\n";

  @Test
  void statementsHaveTheseTrees() throws IOException {
    compare("statements.golden");
  }

  @Test
  void wrongStatementsHavePostgresErrors() throws IOException {
    compare("errors.golden");
  }

  private static void compare(String file) throws IOException {
    String golden = read(file);
    List<String> actual = new ArrayList<>();
    for (String block : golden.strip().split(BLOCK)) {
      String script = block.split(SEPARATOR, 2)[0];
      actual.add(script + SEPARATOR + outcome(script));
    }
    String text = String.join(BLOCK, actual) + "\n";
    String directory = System.getProperty("golden.write");
    if (directory != null) {
      Files.writeString(Path.of(directory, file), text);
    }
    assertThat(text).isEqualTo(golden);
  }

  private static String read(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GoldenStatementsTest.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String outcome(String script) {
    List<String> lines = new ArrayList<>();
    try {
      for (ParsedStatement statement : SqlParser.parseScript(script)) {
        lines.add(SyntaxPrinter.print(statement.syntax()));
      }
    } catch (DatabaseException error) {
      lines.add(error.state().code() + " at " + (error.position() + 1) + ": " + error.message());
      error.field(DatabaseException.Field.HINT).ifPresent(hint -> lines.add("hint: " + hint));
    }
    return String.join("\n", lines);
  }
}
