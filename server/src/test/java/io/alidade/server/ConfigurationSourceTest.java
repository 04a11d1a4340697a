package io.alidade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationSourceTest {
  @TempDir private Path directory;

  private final ConfigurationSource source = new ConfigurationSource();

  @Test
  void aFileReadsAsPostgresqlConfDoes() throws Exception {
    source.addFile(
        file(
            """
            # a comment

            port = 5433            # another
            Work_Mem 64MB
            application_name = 'it''s = # here' # and here
            alidade.ef='80'
            """));
    assertThat(source.settings())
        .containsOnly(
            Map.entry("port", "5433"),
            Map.entry("work_mem", "64MB"),
            Map.entry("application_name", "it's = # here"),
            Map.entry("alidade.ef", "80"));
  }

  @Test
  void aLineThatDoesNotReadIsNamed() throws Exception {
    assertRefused("port = 1\n= 5\n", ":2: not a line of the form name = value");
    assertRefused("port\n", ":1: not a line of the form name = value");
    assertRefused("a = 'b\n", ":1: the quoted value has no end");
    assertRefused("a = 'b' c\n", ":1: there is more after the quoted value");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> source.addFile(directory.resolve("none")))
        .isInstanceOf(StartupException.class)
        .hasMessageEndingWith("none does not exist");
  }

  @Test
  void theLaterSourceWins() throws Exception {
    source.addFile(file("a = file\nb = file\nc = file\n"));
    source.addEnvironment(
        Map.of("ALIDADE_B", "env", "ALIDADE_C", "env", "ALIDADE_JAVA_OPTS", "-Xmx1g", "B", "x"));
    source.addOption("C=option");
    assertThat(source.settings())
        .containsOnly(Map.entry("a", "file"), Map.entry("b", "env"), Map.entry("c", "option"));
  }

  @Test
  void anOptionWithoutAnEqualsSignIsRefused() {
    assertThatThrownBy(() -> source.addOption("port"))
        .isInstanceOf(StartupException.class)
        .hasMessage("-c wants name=value, not \"port\"");
  }

  private void assertRefused(String text, String messageEnd) throws Exception {
    Path file = file(text);
    assertThatThrownBy(() -> new ConfigurationSource().addFile(file))
        .isInstanceOf(StartupException.class)
        .hasMessageEndingWith(messageEnd);
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("alidade.conf"), text);
  }
}
