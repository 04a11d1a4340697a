package io.alidade.sql.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Copy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyReaderTest {

  private static final CopyTarget TARGET =
      new CopyTarget(
          "item", List.of("id", "name"), List.of(ColumnType.INT4, ColumnType.TEXT), ZoneOffset.UTC);

  private static CopyOptions options(String format) {
    return CopyOptions.of(List.of(new Copy.Option("format", List.of(format), 0)));
  }

  private static List<List<@Nullable Object>> read(String format, String data) {
    return readInPieces(format, data.getBytes(StandardCharsets.UTF_8), new Random(1), 1 << 20);
  }

  private static List<List<@Nullable Object>> readInPieces(
      String format, byte[] data, Random random, int longest) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    CopyReader reader = CopyReader.of(options(format), TARGET);
    int at = 0;
    while (at < data.length) {
      int length = Math.min(data.length - at, 1 + random.nextInt(longest));
      reader.receive(
          ByteBuffer.wrap(data, at, length), row -> rows.add(Arrays.asList(row.clone())));
      at += length;
    }
    reader.finish(row -> rows.add(Arrays.asList(row.clone())));
    return rows;
  }

  @Test
  void textEscapesAndNulls() {
    assertThat(read("text", "1\ta\\tb\\\\c\\n\n2\t\\N\n3\t\\x41\\102\\u\n4\t\n"))
        .containsExactly(
            List.of(1, "a\tb\\c\n"), Arrays.asList(2, null), List.of(3, "ABu"), List.of(4, ""));
  }

  @Test
  void numericEscapesAreBytesOfUtf8() {
    assertThat(read("text", "1\t\\303\\274\\xc3\\xbc\n")).containsExactly(List.of(1, "üü"));
  }

  @Test
  void aBackslashAndDotEndTheData() {
    assertThat(read("text", "1\ta\n\\.\n2\tb\n")).containsExactly(List.of(1, "a"));
  }

  @Test
  void csvQuotesHoldAnything() {
    assertThat(read("csv", "1,\"a,\"\"b\"\"\r\nc\"\r\n2,\n3,\"\"\n4,x\"y,z\"w"))
        .containsExactly(
            List.of(1, "a,\"b\"\r\nc"),
            Arrays.asList(2, null),
            List.of(3, ""),
            List.of(4, "xy,zw"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "csv", "binary"})
  void whereTheDataIsCutMakesNoDifference(String format) {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("CopyReaderTest: seed " + seed);
    Random random = new Random(seed);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String text = random.nextInt(5) == 0 ? null : randomText(random);
      rows.add(Arrays.asList(random.nextInt(10) == 0 ? null : i, text));
    }
    byte[] data = written(format, rows);
    for (int round = 0; round < 20; round++) {
      assertThat(readInPieces(format, data, random, 1 + random.nextInt(30)))
          .as("seed " + seed)
          .isEqualTo(rows);
    }
  }

  private static String randomText(Random random) {
    String alphabet = "ab\\N\n\r\t,\"'.ü☃\u0001 ";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static byte[] written(String format, List<List<@Nullable Object>> rows) {
    CopyWriter writer = new CopyWriter(options(format), TARGET);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(writer.header());
    rows.forEach(row -> out.writeBytes(writer.row(row.toArray())));
    out.writeBytes(writer.trailer());
    return out.toByteArray();
  }

  @Test
  void wrongDataIsRefusedWithItsPlace() {
    assertRefused(
        "1\ta\n2\n", SqlState.BAD_COPY_FILE_FORMAT, "missing data for column \"name\"", 2);
    assertRefused(
        "1\ta\tb\n", SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column", 1);
    assertRefused(
        "1\ta\nx\tb\n",
        SqlState.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type integer: \"x\"",
        2);
  }

  private static void assertRefused(String data, SqlState state, String message, int line) {
    assertThatThrownBy(() -> read("text", data))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.state()).isEqualTo(state);
              assertThat(e.message()).isEqualTo(message);
              assertThat(e.field(DatabaseException.Field.WHERE))
                  .hasValueSatisfying(
                      where -> assertThat(where).startsWith("COPY item, line " + line));
            });
  }

  @Test
  void binaryDataThatEndsEarlyIsRefused() {
    byte[] whole = written("binary", List.of(List.of(1, "a")));
    byte[] cut = Arrays.copyOf(whole, whole.length - 5);
    assertThatThrownBy(() -> readInPieces("binary", cut, new Random(1), 100))
        .hasMessage("unexpected EOF in COPY data");
  }

  @Test
  void optionsThatContradictAreRefused() {
    assertThatThrownBy(() ->
            CopyOptions.of(
                List.of(
                    new Copy.Option("format", List.of("binary"), 0),
                    new Copy.Option("header", List.of(), 0))))
        .hasMessage("cannot specify HEADER in BINARY mode");
    assertThatThrownBy(() -> CopyOptions.of(List.of(new Copy.Option("nonsense", List.of(), 3))))
        .hasMessage("option \"nonsense\" not recognized");
  }
}
