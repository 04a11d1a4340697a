package io.alidade.sql.function;

final class PatternFunctions {
  private PatternFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
