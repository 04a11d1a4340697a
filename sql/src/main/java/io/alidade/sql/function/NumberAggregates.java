package io.alidade.sql.function;

final class NumberAggregates {
  private NumberAggregates() {}

  static void register(FunctionRegistry.Builder builder) {}
}
