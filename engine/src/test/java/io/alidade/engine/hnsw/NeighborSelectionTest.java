package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.QueryScorer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighborSelectionTest {
  private static final int MAX = 12;

  @Test
  void whatIsNearerToAChosenOneIsLeftOutAndFillsWhatIsLeft() {
    try (NativeVectors rows = new NativeVectors(2)) {
      rows.append(new float[] {0, 0});
      rows.append(new float[] {1, 0});
      rows.append(new float[] {2, 0}); // Behind the one before.
      rows.append(new float[] {0, 3}); // Another direction.
      NeighborSelection selection = selection(rows);

      selection.clear();
      for (long candidate : sorted(rows, 0, new int[] {1, 2, 3})) {
        selection.offer(candidate);
      }
      assertThat(Arrays.copyOf(selection.chosen(), selection.size())).containsExactly(1, 3);
      selection.fill(3);
      assertThat(Arrays.copyOf(selection.chosen(), selection.size())).containsExactly(1, 3, 2);
      assertThat(selection.inNewDirections()).isEqualTo(2);
    }
  }

  /// Small integers, so that a distance is the same from either end, and many are equal.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 24})
  void aChoiceThatTakesOthersIsTheChoiceFromAll(int dimensions) {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      try (NativeVectors rows = randomRows(dimensions, 2 * MAX, random)) {
        int[] first = random.ints(1, rows.size()).distinct().limit(MAX).toArray();
        NeighborSelection selection = selection(rows);
        choose(selection, sorted(rows, 0, first));
        int before = selection.size();
        int[] neighbors = Arrays.copyOf(selection.chosen(), MAX + 1);
        float[] keys = Arrays.copyOf(selection.chosenKeys(), MAX + 1);
        int count = before;
        QueryScorer scorer = new QueryScorer(rows, Distance.L2);
        scorer.setQuery(0);
        for (int other = 1; other < rows.size() && count <= MAX; other++) {
          if (Arrays.stream(neighbors, 0, count).noneMatch(isEqualTo(other))) {
            neighbors[count] = other;
            keys[count] = scorer.key(other);
            count++;
          }
        }
        NeighborSelection fromAll = selection(rows);
        choose(fromAll, sorted(rows, 0, Arrays.copyOf(neighbors, count)));

        selection.chooseAgain(neighbors, keys, count, before, MAX);

        assertThat(Arrays.copyOf(selection.chosen(), selection.size()))
            .as("seed %d", seed)
            .containsExactly(Arrays.copyOf(fromAll.chosen(), fromAll.size()));
        assertThat(Arrays.copyOf(selection.chosenKeys(), selection.size()))
            .as("seed %d", seed)
            .containsExactly(Arrays.copyOf(fromAll.chosenKeys(), fromAll.size()));
        assertThat(selection.inNewDirections()).isEqualTo(selection.size());
      }
    }
  }

  private static IntPredicate isEqualTo(int other) {
    return value -> value == other;
  }

  private static NeighborSelection selection(NativeVectors rows) {
    return new NeighborSelection(new QueryScorer(rows, Distance.L2), MAX);
  }

  private static void choose(NeighborSelection selection, long[] candidates) {
    selection.clear();
    for (int i = 0; i < candidates.length && selection.size() < MAX; i++) {
      selection.offer(candidates[i]);
    }
  }

  private static long[] sorted(NativeVectors rows, int node, int[] candidates) {
    QueryScorer scorer = new QueryScorer(rows, Distance.L2);
    scorer.setQuery(node);
    return Arrays.stream(candidates)
        .mapToLong(candidate -> Keyed.of(scorer.key(candidate), candidate))
        .sorted()
        .toArray();
  }

  private static NativeVectors randomRows(int dimensions, int count, Random random) {
    NativeVectors rows = new NativeVectors(dimensions);
    float[] row = new float[dimensions];
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < dimensions; d++) {
        row[d] = random.nextInt(5) - 2;
      }
      rows.append(row);
    }
    return rows;
  }
}
