package io.alidade.engine.payload;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSegment;
import io.alidade.model.ColumnType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SealedOrderedIndexTest extends OrderedIndexContract {
  @Override
  void index(TestSegment rows, List<Integer> columns) {
    rows.indexSealed(columns);
  }

  @Test
  void integersThatAreNoPermutationAreRefused() {
    try (TestSegment rows = new TestSegment(List.of(ColumnType.INT4), 1)) {
      rows.add(new Object[] {1}, null);
      rows.add(new Object[] {2}, null);
      List<ColumnReader> readers = List.of(rows.column(0));
      for (int[] wrong : new int[][] {{0, 0}, {0, 2}, {-1, 0}}) {
        assertThatThrownBy(
                () -> new SealedOrderedIndex(List.of(0), readers, MemorySegment.ofArray(wrong)))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
