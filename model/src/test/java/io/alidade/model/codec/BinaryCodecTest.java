package io.alidade.model.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.Jsonb;
import io.alidade.model.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BinaryCodecTest {

  @Test
  void aValueThatIsCutOrTooLongIsRefused() {
    assertState(() -> decode("0000", ColumnType.INT4), SqlState.PROTOCOL_VIOLATION);
    assertState(
        () -> decode("0000000000", ColumnType.INT4), SqlState.INVALID_BINARY_REPRESENTATION);
    assertState(() -> decode("00010000", ColumnType.VECTOR), SqlState.PROTOCOL_VIOLATION);
    assertState(() -> decode("", ColumnType.BOOL), SqlState.PROTOCOL_VIOLATION);
    assertState(() -> decode("027b7d", ColumnType.JSONB), SqlState.INTERNAL_ERROR);
  }

  @Test
  void lengthsInsideAValueCannotReachBeyondIt() {
    ColumnType ints = ColumnType.arrayOf(ColumnType.INT4);
    assertState(
        () -> decode("0000000100000000000000177fffffff00000001", ints),
        SqlState.PROTOCOL_VIOLATION);
    assertState(
        () -> decode("00000001000000000000001700000001000000017fffffff", ints),
        SqlState.INVALID_BINARY_REPRESENTATION);
    assertState(
        () -> decode("00000001000000000000001700000001000000010000000400", ints),
        SqlState.INVALID_BINARY_REPRESENTATION);
    assertState(() -> decode("7fff000000000000", ColumnType.NUMERIC), SqlState.PROTOCOL_VIOLATION);
  }

  @Test
  void arraysOfOtherTypesOrShapesAreRefused() {
    ColumnType ints = ColumnType.arrayOf(ColumnType.INT4);
    assertState(() -> decode("000000000000000000000019", ints), SqlState.DATATYPE_MISMATCH);
    assertState(
        () -> decode("00000002000000000000001700000001000000010000000100000001", ints),
        SqlState.FEATURE_NOT_SUPPORTED);
    assertState(
        () -> decode("000000070000000000000017", ints), SqlState.INVALID_BINARY_REPRESENTATION);
    assertThat(decode("000000000000000000000017", ints)).isEqualTo(List.of());
  }

  @Test
  void vectorsAreCheckedAsPgvectorChecksThem() {
    assertThatThrownBy(() -> decode("000100007fc00000", ColumnType.VECTOR))
        .hasMessage("NaN not allowed in vector");
    assertThatThrownBy(() -> decode("00010000ff800000", ColumnType.VECTOR))
        .hasMessage("infinite value not allowed in vector");
    assertThatThrownBy(() -> decode("00000000", ColumnType.VECTOR))
        .hasMessage("vector must have at least 1 dimension");
    assertThatThrownBy(() -> decode("000100013f800000", ColumnType.VECTOR))
        .hasMessage("expected unused to be 0, not 1");
    assertThatThrownBy(() -> decode("000100003f800000", ColumnType.vector(3)))
        .hasMessage("expected 3 dimensions, not 1");
    assertThatThrownBy(() -> decode("ffff0000", ColumnType.VECTOR))
        .hasMessage("vector cannot have more than 16000 dimensions");
  }

  @Test
  void halfvecsAndBitsAreCheckedToo() {
    assertThatThrownBy(() -> decode("000100007e00", ColumnType.HALFVEC))
        .hasMessage("NaN not allowed in halfvec");
    assertThatThrownBy(() -> decode("00010000fc00", ColumnType.HALFVEC))
        .hasMessage("infinite value not allowed in halfvec");
    assertThatThrownBy(() -> decode("000100003c00", ColumnType.halfvec(3)))
        .hasMessage("expected 3 dimensions, not 1");
    assertState(() -> decode("000200003c00", ColumnType.HALFVEC), SqlState.PROTOCOL_VIOLATION);
    assertThat(decode("00010000fbff", ColumnType.HALFVEC)).isEqualTo(new float[] {-65504});
    assertState(() -> decode("00000009aa", ColumnType.BIT), SqlState.PROTOCOL_VIOLATION);
    assertState(() -> decode("ffffffff", ColumnType.BIT), SqlState.INVALID_BINARY_REPRESENTATION);
    assertThatThrownBy(() -> decode("00000003a0", ColumnType.bit(4)))
        .hasMessage("bit string length 3 does not match type bit(4)");
    assertThat(decode("00000003ff", ColumnType.BIT)).hasToString("111"); // The rest is dropped.
  }

  @Test
  void numbersThatWeCannotHoldAreNamed() {
    assertState(
        () -> decode("00000000c0000000", ColumnType.NUMERIC), SqlState.FEATURE_NOT_SUPPORTED);
    assertState(
        () -> decode("00000000d0000000", ColumnType.NUMERIC), SqlState.FEATURE_NOT_SUPPORTED);
    assertState(
        () -> TextCodec.parse("NaN", ColumnType.NUMERIC, ZoneOffset.UTC),
        SqlState.FEATURE_NOT_SUPPORTED);
    assertState(() -> Jsonb.parse("1e999999999"), SqlState.NUMERIC_VALUE_OUT_OF_RANGE);
    assertState(() -> Jsonb.parse("1e-999999999"), SqlState.NUMERIC_VALUE_OUT_OF_RANGE);
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    assertThatThrownBy(() -> decode("61ff62", ColumnType.TEXT))
        .hasMessage("invalid byte sequence for encoding \"UTF8\": 0xff");
    assertThatThrownBy(() -> decode("6100", ColumnType.TEXT))
        .hasMessage("invalid byte sequence for encoding \"UTF8\": 0x00");
    assertThatThrownBy(() -> decode("61e3", ColumnType.TEXT))
        .hasMessage("invalid byte sequence for encoding \"UTF8\": 0xe3");
    assertThat(decode("efbfbd", ColumnType.TEXT)).isEqualTo("\uFFFD");
  }

  @Test
  void randomBytesEndInAValueOrADatabaseException() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<ColumnType> types =
        List.of(
            ColumnType.BOOL,
            ColumnType.NUMERIC,
            ColumnType.numeric(10, 2),
            ColumnType.TEXT,
            ColumnType.DATE,
            ColumnType.TIMESTAMP,
            ColumnType.JSONB,
            ColumnType.VECTOR,
            ColumnType.arrayOf(ColumnType.TEXT),
            ColumnType.arrayOf(ColumnType.NUMERIC));
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(2));
      }
      ColumnType type = types.get(random.nextInt(types.size()));
      try {
        Object value = BinaryCodec.decode(ByteBuffer.wrap(bytes), bytes.length, type);
        TextCodec.format(value, type, ZoneOffset.UTC);
        BinaryCodec.encode(value, type, new ByteSink());
      } catch (DatabaseException e) {
        assertThat(e.state()).isNotNull();
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      try {
        TextCodec.parse(text, type, ZoneOffset.UTC);
      } catch (DatabaseException e) {
        assertThat(e.state()).isNotNull();
      }
    }
  }

  private static Object decode(String hex, ColumnType type) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return BinaryCodec.decode(ByteBuffer.wrap(bytes), bytes.length, type);
  }

  private static void assertState(ThrowingCallable call, SqlState state) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DatabaseException.class, e -> assertThat(e.state()).isEqualTo(state));
  }
}
