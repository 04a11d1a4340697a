package io.alidade.sql.function;

final class CatalogFunctions {
  private CatalogFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}
}
