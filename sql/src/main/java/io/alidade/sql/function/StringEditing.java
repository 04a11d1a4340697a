package io.alidade.sql.function;

final class StringEditing {
  private StringEditing() {}

  static void register(FunctionRegistry.Builder builder) {}
}
