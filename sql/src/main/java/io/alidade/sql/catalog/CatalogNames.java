package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.model.codec.TypeOids;
import io.alidade.sql.function.ObjectNames;
import io.alidade.sql.parse.Identifiers;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The names of catalog objects as one session sees them.
public final class CatalogNames implements ObjectNames {

  /// The OID of the only role.
  static final long OWNER_OID = 10;

  /// The OID of schema `information_schema`.
  static final int INFORMATION_SCHEMA_OID = 13_500;

  /// The OID of PostgreSQL's collation `default`.
  static final long DEFAULT_COLLATION = 100;

  /// The OID of the access method of tables.
  static final long TABLE_METHOD = 2;

  private static final long BTREE_METHOD = 403;
  private static final long HNSW_METHOD = 16_395;
  private static final int MODIFIER_OFFSET = 4;
  private static final int SCALE_BITS = 16;
  private static final int SCALE_MASK = 0x7FF;

  private final CatalogReader reader;

  public CatalogNames(CatalogReader reader) {
    this.reader = reader;
  }

  static long schemaOid(Catalog catalog, String name) {
    return catalog.schema(name).map(schema -> (long) schema.oid()).orElse(0L);
  }

  static long methodOid(IndexDefinition.Method method) {
    return switch (method) {
      case BTREE -> BTREE_METHOD;
      case HNSW -> HNSW_METHOD;
    };
  }

  /// The parts of a name with quotes and dots, folded.
  private static List<String> parts(String name) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < name.length() && name.charAt(i + 1) == '"') {
          part.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(quoted ? c : Character.toLowerCase(c));
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static @Nullable String schemaOf(List<String> parts) {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2);
  }

  @Override
  public OptionalLong relation(String name) {
    List<String> parts = parts(name);
    Optional<Relation> relation = reader.relation(schemaOf(parts), parts.getLast());
    if (relation.isPresent()) {
      return OptionalLong.of(relation.get().oid());
    }
    List<String> schemas =
        parts.size() < 2 ? reader.searchedSchemas() : List.of(parts.get(parts.size() - 2));
    return schemas.stream()
        .flatMap(schema -> reader.catalog().index(schema, parts.getLast()).stream())
        .mapToLong(IndexDefinition::oid)
        .findFirst();
  }

  @Override
  public OptionalLong function(String name) {
    return SystemFunctions.find(parts(name).getLast())
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  @Override
  public @Nullable String relationName(long oid) {
    Optional<SystemRelation> system =
        SystemRelations.all().stream().filter(relation -> relation.oid() == oid).findFirst();
    if (system.isPresent()) {
      return qualified(system.get().schema(), system.get().name(), oid);
    }
    Optional<TableDefinition> table = reader.catalog().table((int) oid);
    if (table.isPresent()) {
      return qualified(table.get().schema(), table.get().name(), oid);
    }
    return reader
        .catalog()
        .index((int) oid)
        .map(index -> qualified(tableOf(index).schema(), index.name(), oid))
        .orElse(null);
  }

  private TableDefinition tableOf(IndexDefinition index) {
    return reader.catalog().table(index.tableOid()).orElseThrow();
  }

  private String qualified(String schema, String name, long oid) {
    OptionalLong found = relation(quoted(name));
    boolean visible = found.isPresent() && found.getAsLong() == oid;
    return visible ? quoted(name) : quoted(schema) + "." + quoted(name);
  }

  private static String quoted(String name) {
    return Identifiers.quoted(name);
  }

  @Override
  public @Nullable String functionName(long oid) {
    return SystemFunctions.name(oid).orElse(null);
  }

  @Override
  public @Nullable ColumnType type(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT);
    if (plain.startsWith("pg_catalog.")) {
      plain = plain.substring("pg_catalog.".length());
    }
    if (plain.endsWith("[]")) {
      ColumnType element = type(plain.substring(0, plain.length() - 2));
      return element == null ? null : ColumnType.arrayOf(element);
    }
    int parenthesis = plain.indexOf('(');
    if (parenthesis < 0) {
      return TypeOids.byName(plain).orElse(null);
    }
    return TypeOids.byName(plain.substring(0, parenthesis).strip()).orElse(null);
  }

  @Override
  public @Nullable String typeName(long oid, int modifier) {
    return TypeOids.byOid((int) oid)
        .map(type -> withModifier(type, modifier).toString())
        .orElse(null);
  }

  private static ColumnType withModifier(ColumnType type, int modifier) {
    if (modifier < 0) {
      return type;
    }
    return switch (type.kind()) {
      case VARCHAR -> ColumnType.varchar(modifier - MODIFIER_OFFSET);
      case NUMERIC ->
          ColumnType.numeric(
              (modifier - MODIFIER_OFFSET) >> SCALE_BITS,
              (modifier - MODIFIER_OFFSET) & SCALE_MASK);
      case VECTOR -> ColumnType.vector(modifier);
      case HALFVEC -> ColumnType.halfvec(modifier);
      case BIT -> ColumnType.bit(modifier);
      case VARBIT -> ColumnType.varbit(modifier);
      case ARRAY -> ColumnType.arrayOf(withModifier(type.elementType(), modifier));
      case BOOL,
          INT2,
          INT4,
          INT8,
          FLOAT4,
          FLOAT8,
          TEXT,
          NAME,
          CHAR,
          BYTEA,
          UUID,
          DATE,
          TIMESTAMP,
          TIMESTAMPTZ,
          JSONB,
          OID,
          REGPROC,
          REGCLASS,
          REGTYPE ->
          type;
    };
  }

  @Override
  public long typeOid(ColumnType type) {
    return TypeOids.oid(type);
  }

  @Override
  public boolean isVisible(long relation) {
    String name = relationName(relation);
    return name != null && parts(name).size() == 1;
  }

  @Override
  public @Nullable String indexDefinition(long oid, int column) {
    Optional<IndexDefinition> found = reader.catalog().index((int) oid);
    if (found.isEmpty()) {
      return null;
    }
    IndexDefinition index = found.get();
    TableDefinition table = tableOf(index);
    return column == 0
        ? definition(table, index)
        : column <= index.keys().size() ? key(table, index, column - 1) : null;
  }

  private static String key(TableDefinition table, IndexDefinition index, int key) {
    return quoted(table.columns().get(index.keys().get(key).column()).name());
  }

  /// The statement that would make an index.
  static String definition(TableDefinition table, IndexDefinition index) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < index.keys().size(); i++) {
      keys.append(i == 0 ? "" : ", ").append(key(table, index, i));
      ColumnType type = table.columns().get(index.keys().get(i).column()).type();
      index
          .distance()
          .map(distance -> VectorOperatorClass.of(type.kind(), distance))
          .ifPresent(operators -> keys.append(' ').append(operators.sqlName()));
      if (index.keys().get(i).order() == IndexDefinition.Order.DESCENDING) {
        keys.append(" DESC");
      }
    }
    String options =
        index.options().entrySet().stream()
            .map(option -> option.getKey() + "=" + optionValue(option.getValue()))
            .collect(Collectors.joining(", "));
    return "CREATE %sINDEX %s ON %s.%s USING %s (%s)%s"
        .formatted(
            index.isUnique() ? "UNIQUE " : "",
            quoted(index.name()),
            quoted(table.schema()),
            quoted(table.name()),
            index.method().name().toLowerCase(Locale.ROOT),
            keys,
            options.isEmpty() ? "" : " WITH (" + options + ")");
  }

  /// As PostgreSQL writes it: a word that may be a name bare, anything else as a string.
  private static String optionValue(String value) {
    return Identifiers.isBare(value) ? value : "'" + value.replace("'", "''") + "'";
  }

  @Override
  public @Nullable String constraintDefinition(long oid, Parentheses parentheses) {
    for (TableDefinition table : reader.catalog().tables()) {
      for (ConstraintDefinition constraint : table.constraints()) {
        if (constraint.oid() == oid) {
          return new ConstraintText(reader.catalog(), this::relationName)
              .of(table, constraint, parentheses);
        }
      }
    }
    return null;
  }

  @Override
  public @Nullable String roleName(long oid) {
    return oid == OWNER_OID ? "alidade" : null;
  }
}
