package io.alidade.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ValueOrderTest {
  /// Each value is less than the next.
  private static void assertRises(ColumnType type, Object... values) {
    Comparator<Object> order = ValueOrder.of(type);
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        assertThat(Integer.signum(order.compare(values[i], values[j])))
            .as("%s and %s", values[i], values[j])
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Test
  void textIsOrderedByCodePoints() {
    assertRises(
        ColumnType.TEXT, "", "A", "AA", "B", "a", "é", "\uD7FF", "\uE000", "\uFFFD", "𝄞", "𝄞a");
  }

  @Test
  void nanIsGreatestAndZerosAreEqual() {
    assertRises(
        ColumnType.FLOAT8,
        Double.NEGATIVE_INFINITY,
        -1.0,
        0.0,
        Double.POSITIVE_INFINITY,
        Double.NaN);
    assertThat(ValueOrder.of(ColumnType.FLOAT4).compare(-0f, 0f)).isZero();
  }

  @Test
  void numericsAreEqualWhateverTheirScale() {
    assertThat(
            ValueOrder.of(ColumnType.NUMERIC).compare(new BigDecimal("1.0"), new BigDecimal("1")))
        .isZero();
  }

  @Test
  void uuidsAndBytesAreUnsigned() {
    assertRises(ColumnType.UUID, new UUID(0, 1), new UUID(0, -1), new UUID(1, 0), new UUID(-1, 0));
    assertRises(
        ColumnType.BYTEA, new byte[] {}, new byte[] {1}, new byte[] {1, 0}, new byte[] {-1});
  }

  @Test
  void arraysAreOrderedByElementsThenLength() {
    assertRises(
        ColumnType.arrayOf(ColumnType.INT4),
        List.of(),
        List.of(1),
        List.of(1, 2),
        Arrays.asList(1, null),
        List.of(2));
  }
}
