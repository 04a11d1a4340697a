package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Finds the names of catalog objects by OID and their OIDs by name, as the `reg*` types and the
/// catalog's functions need it. Names may be written with schema and quotes.
public interface ObjectNames {

  OptionalLong relation(String name);

  OptionalLong function(String name);

  /// A relation's name, with its schema where the search path does not find it; null if there is
  /// none.
  @Nullable String relationName(long oid);

  @Nullable String functionName(long oid);

  /// A type by name as written in SQL, modifier included; null if there is none.
  @Nullable ColumnType type(String name);

  /// As `format_type` shows it; null if there is no such type.
  @Nullable String typeName(long oid, int modifier);

  /// A type's OID.
  long typeOid(ColumnType type);

  /// Whether the search path finds the relation without its schema.
  boolean isVisible(long relation);

  /// `CREATE INDEX ...`, or one of its columns if `column` is not 0; null if there is no such
  /// index.
  @Nullable String indexDefinition(long oid, int column);

  /// `PRIMARY KEY (id)` and the like; null if there is no such constraint.
  @Nullable String constraintDefinition(long oid, Parentheses parentheses);

  /// How expressions are written.
  enum Parentheses {
    /// Around every operator.
    ALL,
    /// Where they are needed: "pretty" in PostgreSQL.
    NEEDED
  }

  /// A role's name; null if there is none.
  @Nullable String roleName(long oid);
}
