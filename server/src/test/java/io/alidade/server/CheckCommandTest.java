package io.alidade.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CheckCommandTest {
  @TempDir private Path directory;

  private record Result(int status, String out, String err) {}

  @Test
  void itSaysWhatIsDamagedAndRepairsAnIndex() throws Exception {
    Path data = directory.resolve("data");
    try (AlidadeServer server = start(data)) {
      run(server, "CREATE TABLE t (id int PRIMARY KEY, name text)");
      // So many that the index gets a file of its own.
      run(server, "INSERT INTO t SELECT g, 'number ' || g FROM generate_series(1, 100) g");
      run(server, "CHECKPOINT");
      run(server, "INSERT INTO t VALUES (101, 'another')");
      Result inUse = check(data.toString());
      assertThat(inUse.status()).isEqualTo(2);
      assertThat(inUse.err())
          .startsWith("alidade: not checked: data directory")
          .contains("is in use")
          .hasLineCount(1);
    }

    assertThat(check(data.toString()))
        .isEqualTo(
            new Result(
                0,
                "tables 1, segments 1, rows 101, checkpoint LSN 2, commits in the log since 1\n"
                    + data
                    + ": sound\n",
                ""));

    Path index = file(data, ".index");
    Files.delete(index);
    Result damaged = check(data.toString());
    assertThat(damaged.status()).isEqualTo(1);
    assertThat(damaged.out())
        .startsWith(
            "damaged index: segments/"
                + index.getFileName()
                + " at offset 0: the file is missing\n")
        .contains(": damaged, but no data is: --repair drops");
    assertThat(check(data.toString(), "--repair").status()).isZero();
    assertThat(check(data.toString()).status()).isZero();
    start(data).close();

    Path rows = file(data, ".rows");
    byte[] bytes = Files.readAllBytes(rows);
    bytes[bytes.length / 2] ^= 1;
    Files.write(rows, bytes);
    Result lost = check(data.toString(), "--repair");
    assertThat(lost.status()).isEqualTo(1);
    assertThat(lost.out())
        .startsWith("damaged: segments/" + rows.getFileName() + " at offset 0: checksum is ")
        .contains("nothing was repaired");
  }

  @Test
  void aDirectoryThatIsNotThereIsOneSentence() {
    Path none = directory.resolve("none");
    assertThat(check(none.toString()))
        .isEqualTo(
            new Result(2, "", "alidade: not checked: there is no directory \"" + none + "\"\n"));
    assertThat(none).doesNotExist();
    assertThat(check())
        .isEqualTo(
            new Result(
                2, "", "alidade: Missing required parameter: 'DIR'; see 'alidade help check'\n"));
  }

  private static AlidadeServer start(Path data) throws Exception {
    return AlidadeServer.start(new ServerConfiguration(data, "127.0.0.1", 0, Map.of()));
  }

  private static void run(AlidadeServer server, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Path file(Path data, String suffix) throws Exception {
    try (Stream<Path> files = Files.list(data.resolve("segments"))) {
      return files.filter(it -> it.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  private static Result check(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] command = new String[arguments.length + 1];
    command[0] = "check";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new Result(line.execute(command), out.toString(), err.toString());
  }
}
