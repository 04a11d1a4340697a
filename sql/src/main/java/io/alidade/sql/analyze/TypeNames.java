package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.TypeOids;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.parse.TypeName;
import io.alidade.storage.catalog.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From a type's name in the text to the type.
public final class TypeNames {
  private static final int MAX_VARCHAR_LENGTH = 10_485_760;

  private final CatalogReader catalog;

  public TypeNames(CatalogReader catalog) {
    this.catalog = catalog;
  }

  /// The type.
  ///
  /// @throws DatabaseException 42704 when there is none, 0A000 when PostgreSQL has it and we do not
  public ColumnType resolve(TypeName name) {
    ColumnType base = base(name);
    if (name.arrayDimensions() == 0) {
      return base;
    }
    if (base.kind() == Kind.ARRAY) {
      throw Errors.unsupported("arrays of arrays are", name.position());
    }
    return ColumnType.arrayOf(base);
  }

  private ColumnType base(TypeName name) {
    String known = name.schema() == null ? name.name() : unqualified(name);
    Optional<ColumnType> found = TypeOids.byName(SHOWN_AS_NUMBERS.contains(known) ? "oid" : known);
    if (found.isEmpty() || !known.equals(known.strip())) {
      if (UNSUPPORTED.contains(known)) {
        throw Errors.of(
            SqlState.FEATURE_NOT_SUPPORTED, "type " + known + " is not supported", name.position());
      }
      throw unknown(name);
    }
    try {
      return modified(found.get(), name);
    } catch (DatabaseException e) {
      throw e.position() == DatabaseException.NO_POSITION ? e.at(name.position()) : e;
    }
  }

  /// Types of OIDs that psql casts to on its way to text; here they stay numbers.
  private static final List<String> SHOWN_AS_NUMBERS = List.of("regnamespace", "regrole");

  private static final List<String> OF_PGVECTOR = List.of("vector", "halfvec", "sparsevec");

  private static final List<String> UNSUPPORTED =
      List.of(
          "bpchar",
          "json",
          "interval",
          "time",
          "timetz",
          "money",
          "xml",
          "inet",
          "cidr",
          "macaddr",
          "point",
          "box",
          "tsvector",
          "tsquery",
          "sparsevec");

  private String unqualified(TypeName name) {
    boolean system = Catalog.PG_CATALOG.equals(name.schema());
    boolean vector = OF_PGVECTOR.contains(name.name());
    if (name.schema() != null && !catalog.hasSchema(name.schema())) {
      throw Errors.of(
          SqlState.INVALID_SCHEMA_NAME,
          "schema \"" + name.schema() + "\" does not exist",
          name.position());
    }
    if (system == vector) {
      throw unknown(name);
    }
    return name.name();
  }

  private static DatabaseException unknown(TypeName name) {
    String shown = name.schema() == null ? name.name() : name.schema() + "." + name.name();
    return Errors.of(
        SqlState.UNDEFINED_OBJECT, "type \"" + shown + "\" does not exist", name.position());
  }

  private static ColumnType modified(ColumnType type, TypeName name) {
    List<Integer> modifiers = numbers(name);
    if (modifiers.isEmpty()) {
      return type;
    }
    return switch (type.kind()) {
      case VARCHAR -> varchar(single(modifiers, name));
      case NUMERIC -> numeric(modifiers, name);
      case VECTOR -> ColumnType.vector(single(modifiers, name));
      case HALFVEC -> ColumnType.halfvec(single(modifiers, name));
      case BIT -> ColumnType.bit(single(modifiers, name));
      case VARBIT -> ColumnType.varbit(single(modifiers, name));
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(type, single(modifiers, name), name);
      default ->
          throw Errors.of(
              SqlState.SYNTAX_ERROR,
              "type modifier is not allowed for type \"" + name.name() + "\"",
              name.position());
    };
  }

  private static ColumnType timestamp(ColumnType type, int precision, TypeName name) {
    if (precision == 6) {
      return type;
    }
    throw Errors.unsupported(type + " with a precision other than 6 is", name.position());
  }

  private static List<Integer> numbers(TypeName name) {
    List<Integer> numbers = new ArrayList<>();
    for (String modifier : name.modifiers()) {
      try {
        numbers.add(Integer.valueOf(modifier));
      } catch (NumberFormatException e) {
        throw Errors.of(
            SqlState.INVALID_TEXT_REPRESENTATION,
            "invalid input syntax for type integer: \"" + modifier + "\"",
            name.position());
      }
    }
    return numbers;
  }

  private static int single(List<Integer> modifiers, TypeName name) {
    if (modifiers.size() != 1) {
      throw Errors.of(SqlState.INVALID_PARAMETER_VALUE, "invalid type modifier", name.position());
    }
    return modifiers.getFirst();
  }

  private static ColumnType varchar(int length) {
    if (length < 1) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "length for type varchar must be at least 1");
    }
    if (length > MAX_VARCHAR_LENGTH) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "length for type varchar cannot exceed " + MAX_VARCHAR_LENGTH);
    }
    return ColumnType.varchar(length);
  }

  private static ColumnType numeric(List<Integer> modifiers, TypeName name) {
    if (modifiers.size() > 2) {
      throw Errors.of(
          SqlState.INVALID_PARAMETER_VALUE, "invalid NUMERIC type modifier", name.position());
    }
    return ColumnType.numeric(modifiers.getFirst(), modifiers.size() == 2 ? modifiers.get(1) : 0);
  }
}
