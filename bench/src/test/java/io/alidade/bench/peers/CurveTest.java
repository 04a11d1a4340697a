package io.alidade.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {

  private static final Curve CURVE =
      new Curve(
          List.of(
              new Curve.Point(64, 0.98, 400),
              new Curve.Point(16, 0.90, 100),
              new Curve.Point(32, 0.94, 200)));

  @Test
  void aTimeBetweenTwoPointsIsTheirGeometricMeanHalfWay() {
    assertThat(CURVE.at(0.96))
        .isInstanceOfSatisfying(
            Curve.Reached.Interpolated.class,
            reached -> assertThat(reached.micros()).isCloseTo(Math.sqrt(200 * 400), within(1e-6)));
  }

  @Test
  void aMeasuredRecallHasItsMeasuredTime() {
    assertThat(CURVE.at(0.94))
        .isInstanceOfSatisfying(
            Curve.Reached.Interpolated.class,
            reached -> assertThat(reached.micros()).isCloseTo(200, within(1e-6)));
  }

  @Test
  void nothingIsExtrapolatedBelowTheLeastEffort() {
    assertThat(CURVE.at(0.85)).isEqualTo(new Curve.Reached.AtMost(100));
  }

  @Test
  void nothingIsExtrapolatedAboveTheBestRecall() {
    assertThat(CURVE.at(0.99)).isEqualTo(new Curve.Reached.Never(0.98));
  }

  @Test
  void ofARecallThatFallsTheFirstCrossingCounts() {
    Curve uneven =
        new Curve(
            List.of(
                new Curve.Point(1, 0.90, 10),
                new Curve.Point(2, 0.96, 20),
                new Curve.Point(3, 0.94, 30),
                new Curve.Point(4, 0.97, 40)));
    assertThat(uneven.at(0.95))
        .isInstanceOfSatisfying(
            Curve.Reached.Interpolated.class,
            reached -> assertThat(reached.micros()).isBetween(10.0, 20.0));
  }
}
