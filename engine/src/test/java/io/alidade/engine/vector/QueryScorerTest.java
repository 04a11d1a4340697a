package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class QueryScorerTest {
  @Test
  void anEarlierLongerQueryLeavesNoTrace() {
    try (NativeVectors five = new NativeVectors(5);
        NativeVectors two = new NativeVectors(2);
        NativeVectors many = new NativeVectors(100)) {
      five.append(new float[] {1, 1, 1, 1, 1});
      two.append(new float[] {1, 1});
      many.append(new float[100]);
      QueryScorer scorer = new QueryScorer(five, Distance.L2);
      scorer.setQuery(new float[] {9, 9, 9, 9, 9});
      scorer.setStore(two, Distance.L2);
      scorer.setQuery(new float[] {4, 5});
      assertThat(scorer.distance(0)).isEqualTo(5.0);
      scorer.setStore(many, Distance.L1);
      scorer.setQuery(new float[100]);
      assertThat(scorer.distance(0)).isZero();
    }
  }

  @Test
  void anotherNumberOfDimensionsIsPgvectorsError() {
    try (NativeVectors three = new NativeVectors(3)) {
      QueryScorer scorer = new QueryScorer(three, Distance.L2);
      assertThatThrownBy(() -> scorer.setQuery(new float[2]))
          .isInstanceOf(DatabaseException.class)
          .hasMessage("different vector dimensions 3 and 2")
          .asInstanceOf(InstanceOfAssertFactories.type(DatabaseException.class))
          .extracting(DatabaseException::state)
          .isEqualTo(SqlState.DATA_EXCEPTION);
    }
  }

  @Test
  void aMissingOrZeroVectorIsKnownWithoutReadingIt() {
    try (NativeVectors vectors = new NativeVectors(3)) {
      assertThat(vectors.isPresent(vectors.append(new float[] {3, 0, 4}))).isTrue();
      assertThat(vectors.inverseNorm(0)).isEqualTo(0.2f);
      assertThat(vectors.isPresent(vectors.appendAbsent())).isFalse();
      assertThat(vectors.isPresent(vectors.append(new float[3]))).isTrue();
      assertThat(vectors.inverseNorm(2)).isNaN();
      assertThat(vectors.size()).isEqualTo(3);
      assertThat(vectors.toArray(0)).containsExactly(3, 0, 4);
    }
  }
}
