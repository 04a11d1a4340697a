package io.alidade.sql.function;

import io.alidade.model.ColumnType.Kind;
import java.util.Map;

final class JsonFunctions {
  private JsonFunctions() {}

  static void register(FunctionRegistry.Builder builder) {}

  static void registerRows(FunctionRegistry.Builder builder) {}

  static Map<Kind, Implementation.OfOne> casts() {
    return Map.of();
  }
}
