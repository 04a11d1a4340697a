package io.alidade.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class DemoCommandTest {
  @TempDir private Path data;

  @Test
  void theDemoLoadsOnceAsksFiveQuestionsAndSaysHowToServe() {
    String first = run("--rows", "100");
    assertThat(first)
        .contains("Table wordnet has 0 rows; embedding and loading 100 more.")
        .contains("[##############################] 100 of 100 rows")
        .contains("1. By meaning", "embed('a small boat moved by oars')", "rowing boat")
        .contains("2. With a filter", "3. By example", "4. In a query")
        .contains("5. How the second question is answered", "kNN Scan on wordnet", "Filter: ")
        .endsWith("  bin/alidade serve --data " + data + "\n");
    assertThat(first.lines().filter(line -> line.contains("rows in "))).hasSize(5);

    assertThat(run("--rows", "100")).contains("is there with 100 rows: nothing to load.");

    assertThat(run("--rows", "120"))
        .contains("Table wordnet has 100 rows; embedding and loading 20 more.");
  }

  private String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] command = new String[arguments.length + 3];
    command[0] = "demo";
    command[1] = "--data";
    command[2] = data.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    assertThat(line.execute(command)).as("exit status; %s", err).isZero();
    return out.toString();
  }
}
