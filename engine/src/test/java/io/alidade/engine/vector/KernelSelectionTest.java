package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.vector.KernelSelection.Mode;
import org.junit.jupiter.api.Test;

final class KernelSelectionTest {
  private static final int NANOS = 50_000;

  /// A clock that only calls advance.
  private long now;

  private int vectorizedCalls;

  @Test
  void fasterVectorInstructionsAreKept() throws InterruptedException {
    assertThat(choose(NANOS, NANOS / 10, Integer.MAX_VALUE).isScalar()).isFalse();
  }

  @Test
  void slowerVectorInstructionsAreGivenUp() throws InterruptedException {
    assertThat(choose(NANOS, 2 * NANOS, Integer.MAX_VALUE).isScalar()).isTrue();
  }

  @Test
  void whatIsSlowUntilItIsCompiledIsKept() throws InterruptedException {
    int comparisonsBeforeCompiled = 5;
    int slowCalls = comparisonsBeforeCompiled * 3;
    assertThat(choose(NANOS, 100 * NANOS, slowCalls).isScalar()).isFalse();
    assertThat(vectorizedCalls).isGreaterThan(slowCalls);
  }

  @Test
  void whatWasGivenUpComesBackWhenItIsFasterLater() throws InterruptedException {
    KernelChoice choice = choose(NANOS, 2 * NANOS, Integer.MAX_VALUE);
    assertThat(choice.isScalar()).isTrue();
    KernelSelection.choose(trial(NANOS, NANOS / 10, Integer.MAX_VALUE), choice, () -> now, 1);
    assertThat(choice.isScalar()).isFalse();
  }

  @Test
  void aPropertyChoosesWithoutATest() {
    assertThat(Mode.of("scalar")).isEqualTo(Mode.SCALAR);
    assertThat(Mode.of("Vector")).isEqualTo(Mode.VECTOR);
    assertThat(Mode.of("")).isEqualTo(Mode.MEASURED);
  }

  @Test
  void chosenKernelsAnswerLikeThoseTheyChooseFrom() {
    KernelChoice choice = new KernelChoice();
    Kernel kernel = new SelectedKernel(new ScalarKernel(), new VectorApiKernel(), choice);
    float[] vector = {1, 2, 3};
    assertThat(kernel.dot(vector, vector)).isEqualTo(14);
    choice.chooseScalar();
    assertThat(kernel.dot(vector, vector)).isEqualTo(14);
  }

  /// A vectorized form that is fast after so many slow calls of many rows.
  private KernelChoice choose(int scalarNanos, int vectorizedNanos, int slowCalls)
      throws InterruptedException {
    KernelChoice choice = new KernelChoice();
    KernelTrial trial = trial(scalarNanos, vectorizedNanos, slowCalls);
    KernelSelection.choose(trial, choice, () -> now, 1);
    return choice;
  }

  private KernelTrial trial(int scalarNanos, int vectorizedNanos, int slowCalls) {
    return new KernelTrial(
        "test",
        Byte.SIZE,
        1,
        (_, _, _, _) -> now += scalarNanos,
        (_, _, _, count) -> {
          boolean warm = vectorizedCalls > slowCalls;
          vectorizedCalls += count == KernelTrial.BATCH ? 1 : 0;
          now += warm ? 1 : vectorizedNanos;
        });
  }
}
