package io.alidade.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/alidade` in a tree of its own, with a JDK that only prints what it is called with.
final class LauncherTest {
  @TempDir private Path root;
  private Path jdk;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void layOutATree() throws Exception {
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("..", "bin", "alidade"), root.resolve("bin/alidade"));
    root.resolve("bin/alidade").toFile().setExecutable(true);
    jdk = fakeJdk("25.0.1");
  }

  @Test
  void theProgramGetsItsJarsFlagsAndArguments() throws Exception {
    build();
    Result result = run(Map.of("JAVA_HOME", jdk.toString()), "serve", "--data", "a b");
    List<String> words = result.out().lines().toList();
    Path target = root.toRealPath().resolve("server/target");
    assertThat(result.status()).isZero();
    assertThat(words)
        .contains("--add-modules=jdk.incubator.vector", "-Dchronicle.analytics.disable=true")
        .containsSequence(
            "-cp",
            target + "/alidade-server-1.jar:" + target + "/lib/a.jar:" + target + "/lib/b.jar",
            "io.alidade.server.Main",
            "serve",
            "--data",
            "a b");
  }

  @Test
  void onlyWhatComputesWithVectorsAsksForTheirModule() throws Exception {
    build();
    for (String command : new String[] {"serve", "demo", "check"}) {
      assertThat(run(Map.of("JAVA_HOME", jdk.toString()), command).out().lines())
          .contains("--add-modules=jdk.incubator.vector", command);
    }
    assertThat(run(Map.of("JAVA_HOME", jdk.toString()), "sql").out())
        .doesNotContain("--add-modules");
  }

  @Test
  void itMayBeCalledThroughALink() throws Exception {
    build();
    Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("bin/alidade"));
    assertThat(start(Map.of("JAVA_HOME", jdk.toString()), link, "version").status()).isZero();
  }

  @Test
  void moreOptionsForTheJvmComeFromTheEnvironment() throws Exception {
    build();
    Result result =
        run(Map.of("JAVA_HOME", jdk.toString(), "ALIDADE_JAVA_OPTS", "-Xmx2g -Dx=y"), "version");
    assertThat(result.out().lines()).containsSequence("-Xmx2g", "-Dx=y", "-cp");
  }

  @Test
  void anotherJavaThan25IsPassedOver() throws Exception {
    build();
    Path old = fakeJdk("17.0.2");
    Path path = Files.createDirectories(root.resolve("path"));
    Files.createSymbolicLink(path.resolve("java"), jdk.resolve("bin/java"));
    Result result =
        run(
            Map.of("JAVA_HOME", old.toString(), "PATH", path + ":" + System.getenv("PATH")),
            "version");
    assertThat(result.out()).startsWith(jdk.toRealPath() + "\n");
  }

  @Test
  void withoutABuildAndWithoutMavenItSaysWhatIsMissing() throws Exception {
    Path path = Files.createDirectories(root.resolve("path"));
    for (String tool : new String[] {"readlink", "dirname", "grep"}) {
      script(path.resolve(tool), "exec " + tool(tool) + " \"$@\"");
    }
    Result result = run(Map.of("JAVA_HOME", jdk.toString(), "PATH", path.toString()), "version");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("alidade: not built yet, and mvn (Apache Maven) is not in PATH to build it.\n");
  }

  @Test
  void aBuildThatFailsIsToldInOneSentence() throws Exception {
    Path path = Files.createDirectories(root.resolve("path"));
    script(path.resolve("mvn"), "echo wrong; exit 1");
    Result result =
        run(
            Map.of("JAVA_HOME", jdk.toString(), "PATH", path + ":" + System.getenv("PATH")),
            "version");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).endsWith("alidade: the build failed; its messages are above.\n");
  }

  private void build() throws IOException {
    Path lib = Files.createDirectories(root.resolve("server/target/lib"));
    Files.createFile(lib.resolve("b.jar"));
    Files.createFile(lib.resolve("a.jar"));
    Files.createFile(root.resolve("server/target/alidade-server-1.jar"));
    Files.createFile(root.resolve("server/target/classpath.txt"));
  }

  /// A JDK that prints its home and its arguments, one a line.
  private Path fakeJdk(String version) throws IOException {
    Path home = Files.createDirectories(root.resolve("jdk-" + version));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/java"), "echo " + home.toRealPath() + "; printf '%s\\n' \"$@\"");
    script(home.resolve("bin/javac"), "exit 1");
    return home;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path tool(String name) {
    for (String directory : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return Path.of(directory, name);
      }
    }
    throw new IllegalStateException("no " + name + " in PATH");
  }

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    return start(environment, root.resolve("bin/alidade"), arguments);
  }

  private Result start(Map<String, String> environment, Path program, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path out = root.resolve("out.txt");
    Path err = root.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("ALIDADE_JAVA_OPTS");
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    int status = builder.start().waitFor();
    return new Result(
        status,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
