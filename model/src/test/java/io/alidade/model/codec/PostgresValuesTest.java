package io.alidade.model.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Compares both forms of values with what PostgreSQL 15.20 and pgvector 0.8 gave for the same
/// texts.
///
/// `postgres-values.tsv` was written by PostgreSQL (`COPY ... TO`): type, time zone, text put in,
/// text that came out, bytes of the type's send function, or SQLSTATE, message and detail of the
/// error.
class PostgresValuesTest {

  private static final Pattern TYPE =
      Pattern.compile("([^(\\[]+)(?:\\((\\d+)(?:,(\\d+))?\\))?(\\[])?");

  private record Case(
      ColumnType type,
      ZoneId zone,
      String in,
      String out,
      String hex,
      String state,
      String message,
      String detail) {
    String describe() {
      return type + " in " + zone + " of <" + in + ">";
    }
  }

  @Test
  void textIsReadAndWrittenAsPostgresDoes() throws IOException {
    List<String> differences = new ArrayList<>();
    for (Case example : cases(c -> c.state == null)) {
      String actual;
      try {
        actual =
            TextCodec.format(
                TextCodec.parse(example.in, example.type, example.zone),
                example.type,
                example.zone);
      } catch (DatabaseException e) {
        actual = e.state().code() + " " + e.message();
      }
      if (!actual.equals(example.out)) {
        differences.add(example.describe() + ": <" + actual + "> instead of <" + example.out + ">");
      }
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void whatPostgresRefusesIsRefusedInItsWords() throws IOException {
    List<String> differences = new ArrayList<>();
    for (Case example : cases(c -> c.state != null)) {
      String expected = example.state + " " + example.message + " " + example.detail;
      String actual;
      try {
        Object value = TextCodec.parse(example.in, example.type, example.zone);
        actual = TextCodec.format(value, example.type, example.zone);
      } catch (DatabaseException e) {
        actual =
            e.state().code()
                + " "
                + e.message()
                + " "
                + e.field(DatabaseException.Field.DETAIL).orElse("");
      }
      if (!actual.equals(expected)) {
        differences.add(example.describe() + ": <" + actual + "> instead of <" + expected + ">");
      }
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void binaryIsWhatPostgresSendsAndIsReadBack() throws IOException {
    List<String> differences = new ArrayList<>();
    for (Case example : cases(c -> c.state == null)) {
      String actual;
      String back;
      try {
        Object value = TextCodec.parse(example.in, example.type, example.zone);
        ByteSink sink = new ByteSink(1);
        BinaryCodec.encode(value, example.type, sink);
        actual = HexFormat.of().formatHex(sink.toByteArray());
        back =
            TextCodec.format(
                BinaryCodec.decode(ByteBuffer.wrap(sink.toByteArray()), sink.size(), example.type),
                example.type,
                example.zone);
      } catch (DatabaseException e) {
        actual = e.message();
        back = "";
      }
      String expected = withOurElementOid(example);
      if (!actual.equals(expected) || !back.equals(example.out)) {
        differences.add(
            example.describe()
                + ": "
                + actual
                + " instead of "
                + expected
                + ", back as <"
                + back
                + ">");
      }
    }
    assertThat(differences).isEmpty();
  }

  /// An extension's types have other OIDs in each PostgreSQL.
  private static String withOurElementOid(Case example) {
    return example.type.equals(ColumnType.arrayOf(ColumnType.VECTOR))
        ? example.hex.substring(0, 16)
            + HexFormat.of().toHexDigits(TypeOids.VECTOR)
            + example.hex.substring(24)
        : example.hex;
  }

  private static List<Case> cases(Predicate<Case> which) throws IOException {
    List<Case> cases = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                PostgresValuesTest.class.getResourceAsStream("postgres-values.tsv"),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] fields = line.split("\t", -1);
        for (int i = 0; i < fields.length; i++) {
          fields[i] = unescape(fields[i]);
        }
        Case read =
            new Case(
                type(fields[0]),
                ZoneId.of(fields[1]),
                fields[2],
                fields[3],
                fields[4],
                fields[5],
                fields[6],
                fields[7]);
        if (which.test(read)) {
          cases.add(read);
        }
      }
    }
    assertThat(cases).hasSizeGreaterThan(200);
    return cases;
  }

  private static String unescape(String field) {
    if (field.equals("\\N")) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      c = field.charAt(++i);
      out.append(
          switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'v' -> '\u000b';
            case 'f' -> '\f';
            case 'b' -> '\b';
            default -> c;
          });
    }
    return out.toString();
  }

  private static ColumnType type(String text) {
    Matcher matcher = TYPE.matcher(text);
    assertThat(matcher.matches()).isTrue();
    ColumnType base = TypeOids.byName(matcher.group(1)).orElseThrow();
    ColumnType type =
        Optional.ofNullable(matcher.group(2))
            .map(Integer::parseInt)
            .map(first ->
                switch (base.kind()) {
                  case VARCHAR -> ColumnType.varchar(first);
                  case VECTOR -> ColumnType.vector(first);
                  case HALFVEC -> ColumnType.halfvec(first);
                  case BIT -> ColumnType.bit(first);
                  case VARBIT -> ColumnType.varbit(first);
                  default -> ColumnType.numeric(first, Integer.parseInt(matcher.group(3)));
                })
            .orElse(base);
    return matcher.group(4) == null ? type : ColumnType.arrayOf(type);
  }
}
