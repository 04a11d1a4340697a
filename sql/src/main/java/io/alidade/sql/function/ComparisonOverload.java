package io.alidade.sql.function;

import static io.alidade.model.ColumnType.DATE;
import static io.alidade.model.ColumnType.FLOAT4;
import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT2;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NAME;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.model.ColumnType.TIMESTAMP;
import static io.alidade.model.ColumnType.TIMESTAMPTZ;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.sql.function.Conversion.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two types that PostgreSQL compares with each other by operators of their own.
///
/// @param common the type in which we compare them, with the same result
public record ComparisonOverload(ColumnType left, ColumnType right, ColumnType common)
    implements Overload {

  /// All pairs but those of arrays.
  public static final List<ComparisonOverload> ALL = all();

  private static List<ComparisonOverload> all() {
    List<ComparisonOverload> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      switch (kind) {
        case VARCHAR, ARRAY, REGPROC, REGCLASS, REGTYPE -> {} // Compared as text, elements, oid.
        default -> all.add(same(ColumnType.of(kind)));
      }
    }
    ascending(all, List.of(INT2, INT4, INT8));
    ascending(all, List.of(FLOAT4, FLOAT8));
    ascending(all, List.of(DATE, TIMESTAMP, TIMESTAMPTZ));
    ascending(all, List.of(NAME, TEXT));
    return List.copyOf(all);
  }

  private static ComparisonOverload same(ColumnType type) {
    return new ComparisonOverload(type, type, type);
  }

  private static void ascending(List<ComparisonOverload> all, List<ColumnType> types) {
    for (int i = 0; i < types.size(); i++) {
      for (int j = i + 1; j < types.size(); j++) {
        all.add(new ComparisonOverload(types.get(i), types.get(j), types.get(j)));
        all.add(new ComparisonOverload(types.get(j), types.get(i), types.get(j)));
      }
    }
  }

  @Override
  public Signature signature() {
    return FunctionRegistry.signature("=", ColumnType.BOOL, left, right);
  }

  /// The type in which two arrays, or an array and something of open type, are compared.
  public static Optional<ColumnType> commonArray(List<Optional<ColumnType>> types) {
    Optional<ColumnType> left = types.get(0);
    Optional<ColumnType> right = types.get(1);
    if (left.isEmpty() && right.isEmpty()) {
      return Optional.empty();
    }
    ColumnType first = left.isPresent() ? left.get() : right.orElseThrow();
    ColumnType second = right.isPresent() ? right.get() : first;
    if (first.kind() != Kind.ARRAY || second.kind() != Kind.ARRAY) {
      return Optional.empty();
    }
    if (CastRegistry.converts(first, second, Context.IMPLICIT)) {
      return Optional.of(second);
    }
    return CastRegistry.converts(second, first, Context.IMPLICIT)
        ? Optional.of(first)
        : Optional.empty();
  }
}
