package io.alidade.sql.function;

final class SessionFunctions {
  private SessionFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
