package io.alidade.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSegment;
import io.alidade.model.ColumnType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
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

  @Test
  void aPermutationThatIsNotInOrderIsFound() {
    try (TestSegment rows = new TestSegment(List.of(ColumnType.INT4, ColumnType.TEXT), 1)) {
      rows.add(new Object[] {2, "b"}, null);
      rows.add(new Object[] {1, "b"}, null);
      rows.add(new Object[] {2, "a"}, null);
      rows.add(new Object[] {2, "b"}, null);
      rows.add(new Object[] {null, "a"}, null);
      assertThat(firstOutOfOrder(rows, 1, 2, 0, 3, 4)).isEmpty();
      assertThat(firstOutOfOrder(rows, 2, 1, 0, 3, 4)).hasValue(1);
      assertThat(firstOutOfOrder(rows, 1, 0, 2, 3, 4)).hasValue(2);
      assertThat(firstOutOfOrder(rows, 1, 2, 3, 0, 4)).hasValue(3);
      assertThat(firstOutOfOrder(rows, 4, 1, 2, 0, 3)).hasValue(1);
    }
  }

  private static OptionalInt firstOutOfOrder(TestSegment rows, int... permutation) {
    List<ColumnReader> readers = List.of(rows.column(0), rows.column(1));
    return new SealedOrderedIndex(List.of(0, 1), readers, MemorySegment.ofArray(permutation))
        .firstOutOfOrder();
  }
}
