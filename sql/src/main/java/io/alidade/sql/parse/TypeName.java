package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A type as written, SQL's own spellings translated to PostgreSQL's names.
///
/// `integer` is `pg_catalog.int4`, `character varying(10)` is `pg_catalog.varchar` with the
/// modifier 10, `timestamp with time zone` is `pg_catalog.timestamptz`; a plain identifier keeps a
/// null schema and is looked up along the search path.
///
/// @param modifiers the constants in parentheses, as text: `numeric(10,2)` has `10` and `2`
/// @param arrayDimensions the number of `[]`; the bounds written inside mean nothing
/// @param intervalFields of `interval day to second`, else null
public record TypeName(
    @Nullable String schema,
    String name,
    List<String> modifiers,
    int arrayDimensions,
    @Nullable String intervalFields,
    int position) {

  public TypeName {
    modifiers = List.copyOf(modifiers);
  }

  /// A type of `pg_catalog` without modifiers.
  static TypeName system(String name, int position) {
    return new TypeName("pg_catalog", name, List.of(), 0, null, position);
  }

  /// The same with modifiers.
  TypeName withModifiers(List<String> newModifiers) {
    return new TypeName(schema, name, newModifiers, arrayDimensions, intervalFields, position);
  }

  /// An array of it.
  TypeName withArrayDimensions(int dimensions) {
    return new TypeName(schema, name, modifiers, dimensions, intervalFields, position);
  }

  /// As written in a message or a golden file: `pg_catalog.numeric(10,2)[]`.
  @Override
  public String toString() {
    String base = schema == null ? name : schema + "." + name;
    String fields = intervalFields == null ? "" : " " + intervalFields;
    String typmod = modifiers.isEmpty() ? "" : "(" + String.join(",", modifiers) + ")";
    return base + fields + typmod + "[]".repeat(arrayDimensions);
  }
}
