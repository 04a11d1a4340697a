package io.alidade.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesEveryCommand() {
    assertThat(run("help")).isZero();
    assertThat(out.toString())
        .contains("serve", "demo", "sql", "version", "help", "check", "backup", "restore");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "demo", "sql", "check", "version"})
  void helpOfACommandIsThereInBothForms(String command) {
    assertThat(run("help", command)).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run(command, "--help")).isZero();
    assertThat(out).hasToString(first);
  }

  @Test
  void serveSaysThatTheHttpDoorIsNotThere() {
    run("serve", "--help");
    assertThat(out.toString().replaceAll("\\s+", " ")).contains("the HTTP door is not there yet");
  }

  @Test
  void versionSaysWhichJavaItRunsOn() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).startsWith("alidade ").contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @ValueSource(strings = {"promote", "status"})
  void aCommandThatIsNotThereSaysSoWhateverItIsGiven(String command) {
    assertThat(run(command, "somewhere", "--option", "x")).isEqualTo(2);
    assertThat(err).hasToString("alidade: '" + command + "' is not there yet\n");
  }

  @Test
  void anUnknownOptionIsOneSentence() {
    assertThat(run("serve", "--nope")).isEqualTo(2);
    assertThat(err).hasToString("alidade: Unknown option: '--nope'; see 'alidade help serve'\n");
  }

  @Test
  void noCommandIsOneSentence() {
    assertThat(run()).isEqualTo(2);
    assertThat(err).hasToString("alidade: a command is missing; see 'alidade help'\n");
  }

  @Test
  void listeningBeyondThisMachineIsRefused() {
    assertThat(run("serve", "--host", "0.0.0.0")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("alidade: refusing to listen on 0.0.0.0: there is no authentication yet")
        .hasLineCount(1);
  }

  @Test
  void aPortOutOfRangeIsOneSentence() {
    assertThat(run("serve", "--pg-port", "70000")).isEqualTo(1);
    assertThat(err).hasToString("alidade: port 70000 is not between 0 and 65535\n");
  }

  @Test
  void rowsOfTheDemoAreANumberOrAll() {
    assertThat(run("demo", "--rows", "some")).isEqualTo(2);
    assertThat(err.toString()).contains("'some' is neither 'all' nor a number from 100 on");
  }

  @Test
  void aServerThatIsNotThereIsOneSentence() {
    assertThat(run("sql", "--url", "postgresql://127.0.0.1:1/alidade", "-c", "SELECT 1"))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith("alidade: Connection to 127.0.0.1:1 refused");
    assertThat(err.toString()).hasLineCount(1);
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
