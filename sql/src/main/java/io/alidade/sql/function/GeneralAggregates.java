package io.alidade.sql.function;

final class GeneralAggregates {
  private GeneralAggregates() {}

  static void register(FunctionRegistry.Builder builder) {}
}
