package io.alidade.storage.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DistinctSketchTest {
  private static DistinctSketch of(int from, int to) {
    DistinctSketch sketch = new DistinctSketch();
    for (int i = from; i < to; i++) {
      sketch.add(ValueFacts.hash((Object) i));
      sketch.add(ValueFacts.hash((Object) i));
    }
    return sketch;
  }

  @Test
  void fewAreCountedExactly() {
    assertThat(of(0, 0).estimate()).isZero();
    assertThat(of(0, 250).estimate()).isEqualTo(250);
  }

  @Test
  void manyAreCountedWithinFivePercent() {
    for (int count : new int[] {1_000, 8_000, 12_000, 20_000, 1_000_000}) {
      assertThat(of(0, count).estimate()).isCloseTo(count, Percentage.withPercentage(5));
    }
  }

  @Test
  void sumsCountWhatBothHaveOnce() {
    DistinctSketch sum = of(0, 60_000);
    sum.addAll(of(30_000, 100_000));
    sum.addAll(of(0, 100));
    assertThat(sum.estimate()).isCloseTo(100_000, Percentage.withPercentage(5));
    DistinctSketch few = of(0, 100);
    few.addAll(of(50, 150));
    assertThat(few.estimate()).isEqualTo(150);
  }

  @Test
  void bytesGiveTheSameBack() {
    for (int count : new int[] {0, 100, 5_000}) {
      DistinctSketch sketch = of(0, count);
      ByteBuffer bytes = ByteBuffer.wrap(sketch.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(DistinctSketch.read(bytes).estimate()).isEqualTo(sketch.estimate());
      assertThat(bytes.hasRemaining()).isFalse();
    }
  }
}
