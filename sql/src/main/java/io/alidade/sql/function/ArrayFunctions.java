package io.alidade.sql.function;

final class ArrayFunctions {
  private ArrayFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
