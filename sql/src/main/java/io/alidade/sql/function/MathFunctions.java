package io.alidade.sql.function;

final class MathFunctions {
  private MathFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
