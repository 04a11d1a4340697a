package io.alidade.sql.function;

final class TableFunctions {
  private TableFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
