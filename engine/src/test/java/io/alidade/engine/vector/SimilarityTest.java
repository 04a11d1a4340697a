package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimilarityTest {
  private static final float[] LEFT = {1, 2, 3};
  private static final float[] RIGHT = {2, -1, 4};

  @Test
  void scoresAreWhatClientsSee() {
    assertThat(score(Similarity.DOT)).isEqualTo(12);
    assertThat(score(Similarity.COSINE))
        .isCloseTo((float) (12 / Math.sqrt(14 * 21)), within(1e-6f));
    assertThat(score(Similarity.EUCLID)).isCloseTo((float) Math.sqrt(11), within(1e-6f));
    assertThat(score(Similarity.MANHATTAN)).isEqualTo(5);
  }

  private static float score(Similarity similarity) {
    return similarity.score(similarity.distance().between(LEFT, RIGHT));
  }

  @Test
  void insideLargerIsBetterForAll() {
    assertThat(Similarity.DOT.internal(12)).isEqualTo(12);
    assertThat(Similarity.COSINE.internal(0.5f)).isEqualTo(0.5f);
    assertThat(Similarity.EUCLID.internal(3)).isEqualTo(-9);
    assertThat(Similarity.MANHATTAN.internal(5)).isEqualTo(-5);
  }

  @Test
  void aThresholdIsStrict() {
    assertThat(Similarity.DOT.passes(1.1f, 1)).isTrue();
    assertThat(Similarity.DOT.passes(1, 1)).isFalse();
    assertThat(Similarity.EUCLID.passes(0.9f, 1)).isTrue();
    assertThat(Similarity.EUCLID.passes(1, 1)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aScoreLeadsBackToItsDistance(Similarity similarity) {
    double distance = similarity.distance().between(LEFT, RIGHT);
    assertThat(similarity.distanceOf(similarity.score(distance))).isCloseTo(distance, within(1e-6));
  }

  @Test
  void aZeroVectorHasTheCosineZeroAndStaysZero() {
    float[] zero = {0, 0, 0};
    assertThat(Similarity.COSINE.score(Distance.COSINE.between(LEFT, zero))).isZero();
    assertThat(Similarity.COSINE.stored(zero)).containsExactly(0, 0, 0);
  }

  @Test
  void vectorsAreStoredAtLengthOneForTheCosineOnly() {
    float[] stored = Similarity.COSINE.stored(new float[] {3, 4});
    assertThat(stored[0]).isCloseTo(0.6f, within(1e-7f));
    assertThat(stored[1]).isCloseTo(0.8f, within(1e-7f));
    assertThat(Similarity.COSINE.stored(stored)).isSameAs(stored);
    float[] same = {3, 4};
    assertThat(Similarity.EUCLID.stored(same)).isSameAs(same);
  }
}
