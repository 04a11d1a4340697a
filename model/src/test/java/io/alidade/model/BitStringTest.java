package io.alidade.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BitStringTest {
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @Test
  void everyOperationDoesWhatItDoesToTheDigits() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      String left = digits(random, random.nextInt(40));
      String right = digits(random, left.length());
      BitString a = bits(left);
      BitString b = bits(right);
      assertThat(a.toString()).isEqualTo(left);
      assertThat(a.count()).isEqualTo((int) left.chars().filter(c -> c == '1').count());
      assertThat(a.combined(b, (l, r) -> l ^ r).count()).isEqualTo(a.differences(b));
      assertThat(a.combined(b, (l, r) -> l & r).count()).isEqualTo(a.common(b));
      assertThat(a.followedBy(b).toString()).isEqualTo(left + right);
      int from = random.nextInt(left.length() + 1);
      assertThat(a.slice(from, left.length() - from).toString()).isEqualTo(left.substring(from));
      assertThat(a.resized(from).toString()).isEqualTo(left.substring(0, from));
      assertThat(a.resized(50).toString()).isEqualTo(left + "0".repeat(50 - left.length()));
      assertThat(a.shifted(-from).toString()).isEqualTo(left.substring(from) + "0".repeat(from));
      assertThat(a.shifted(from).toString())
          .isEqualTo("0".repeat(from) + left.substring(0, left.length() - from));
      assertThat(BitString.ofPositive(a.toFloats())).isEqualTo(a).hasSameHashCodeAs(a);
      assertThat(a.equals(b)).isEqualTo(left.equals(right));
    }
  }

  @Test
  void theOrderIsByBytesAndThenByLength() {
    assertThat(bits("10")).isLessThan(bits("100")).isLessThan(bits("11"));
    assertThat(bits("0000000")).isLessThan(bits("00000000")).isLessThan(bits("000000001"));
    assertThat(bits("1")).isGreaterThan(bits("0111111111"));
    assertThat(bits("")).isLessThan(bits("0"));
  }

  @Test
  void bitsBehindTheLastAreDropped() {
    assertThat(BitString.of(3, new byte[] {(byte) 0xFF})).isEqualTo(bits("111"));
  }

  private static String digits(Random random, int length) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < length; i++) {
      digits.append(random.nextInt(2));
    }
    return digits.toString();
  }

  private static BitString bits(String digits) {
    float[] elements = new float[digits.length()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = digits.charAt(i) - '0';
    }
    return BitString.ofPositive(elements);
  }
}
