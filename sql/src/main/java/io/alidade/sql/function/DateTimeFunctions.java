package io.alidade.sql.function;

final class DateTimeFunctions {
  private DateTimeFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
