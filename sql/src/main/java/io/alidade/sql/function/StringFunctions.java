package io.alidade.sql.function;

final class StringFunctions {
  private StringFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
