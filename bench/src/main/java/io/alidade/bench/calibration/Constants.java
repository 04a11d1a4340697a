package io.alidade.bench.calibration;

import java.math.BigDecimal;
import java.math.MathContext;

/// Prints constants of the cost model as they stand in its source.
final class Constants {

  private static final MathContext DIGITS = new MathContext(2);

  private Constants() {}

  static void print(String name, double value) {
    String rounded = new BigDecimal(value).round(DIGITS).toPlainString();
    System.out.printf("  private static final double %s = %s;%n", name, rounded);
  }
}
