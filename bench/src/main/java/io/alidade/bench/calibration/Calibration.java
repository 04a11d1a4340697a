package io.alidade.bench.calibration;

import io.alidade.engine.quantization.Quantization;

/// Prints the constants of the engine's cost model as this machine has them, in nanoseconds.
///
/// Lines of the form `a row + b a float` are fitted to vectors of 64 to 768 dimensions that do not
/// fit the processor's cache. All data is generated; nothing is read.
public final class Calibration {
  private static final int[] DIMENSIONS = {64, 128, 384, 768};
  private static final int ROWS = 100_000;
  private static final int WALK_DIMENSIONS = 384;
  private static final int WALK_ROWS = 30_000;

  private Calibration() {}

  /// Takes no arguments.
  public static void main(String[] arguments) {
    RowTimes rows = new RowTimes();
    for (int dimensions : DIMENSIONS) {
      rows.measure(dimensions, ROWS);
    }
    rows.print();
    TestTimes.print();
    System.out.println(WALK_ROWS + " rows of " + WALK_DIMENSIONS + " dimensions on one bit each:");
    WalkTimes.print(WALK_DIMENSIONS, WALK_ROWS, Quantization.BINARY);
    System.out.println("and on bytes:");
    WalkTimes.print(WALK_DIMENSIONS, WALK_ROWS, Quantization.SCALAR);
  }
}
