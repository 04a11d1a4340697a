package io.alidade.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClusteredVectorsTest {

  private static final ClusteredVectors.Shape SHAPE =
      new ClusteredVectors.Shape(24, 7, 8, 4, 3, 1, 0.4, 42);

  @Test
  void theSameShapeGivesTheSameRows() {
    assertThat(new ClusteredVectors(SHAPE).rows(0, 50))
        .isDeepEqualTo(new ClusteredVectors(SHAPE).rows(0, 50));
  }

  @Test
  void aRowDoesNotDependOnTheRangeItIsMadeIn() {
    ClusteredVectors vectors = new ClusteredVectors(SHAPE);
    assertThat(vectors.rows(30, 20)[5]).isEqualTo(vectors.row(35));
  }

  @Test
  void anotherSeedGivesOtherRows() {
    ClusteredVectors other =
        new ClusteredVectors(new ClusteredVectors.Shape(24, 7, 8, 4, 3, 1, 0.4, 43));
    assertThat(other.row(0)).isNotEqualTo(new ClusteredVectors(SHAPE).row(0));
  }

  @Test
  void rowsHaveLengthOne() {
    float[] row = new ClusteredVectors(SHAPE).row(3);
    assertThat(GroundTruth.similarity(row, row)).isCloseTo(1, within(1e-6));
  }
}
