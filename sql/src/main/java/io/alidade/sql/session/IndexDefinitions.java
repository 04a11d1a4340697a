package io.alidade.sql.session;

import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.SessionListener;
import io.alidade.sql.catalog.VectorOperatorClass;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Expression.Direction;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.TableDefinition.CreateIndex;
import io.alidade.sql.parse.TableDefinition.IndexElement;
import io.alidade.sql.parse.TableDefinition.NullsEqual;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.catalog.VectorIndexOptions;
import io.alidade.storage.catalog.VectorTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the definition of one new index from its CREATE INDEX.
final class IndexDefinitions {

  /// pgvector's bound for an HNSW index of `halfvec`.
  private static final int MAX_INDEXED_HALVES = 4_000;

  private final StatementScope scope;
  private final TableDefinition table;

  IndexDefinitions(StatementScope scope, TableDefinition table) {
    this.scope = scope;
    this.table = table;
  }

  IndexDefinition define(CreateIndex create) {
    requireSupported(create);
    List<IndexDefinition.Key> keys = create.elements().stream().map(this::key).toList();
    return switch (create.method()) {
      case "btree" -> ordered(create, keys);
      case "hnsw" -> graph(create, keys, new IndexOptions(Map.of()).set(create.options()).all());
      case "ivfflat" -> {
        notice("access method \"ivfflat\" is served by an hnsw index");
        yield graph(create, keys, Map.of());
      }
      default ->
          throw new DatabaseException(
              SqlState.UNDEFINED_OBJECT,
              "access method \"" + create.method() + "\" does not exist");
    };
  }

  private static void requireSupported(CreateIndex create) {
    if (create.where() != null) {
      throw unsupported("partial indexes are not supported", create.position());
    }
    if (!create.include().isEmpty()) {
      throw unsupported("INCLUDE is not supported", create.position());
    }
    if (create.nulls() == NullsEqual.NOT_DISTINCT) {
      throw unsupported("NULLS NOT DISTINCT is not supported", create.position());
    }
  }

  private IndexDefinition.Key key(IndexElement element) {
    if (!(element.key() instanceof Expression.ColumnReference reference)
        || reference.path().size() != 1) {
      throw unsupported("indexes on expressions are not supported", element.position());
    }
    String name = reference.path().getFirst();
    int column =
        table
            .column(name)
            .orElseThrow(() ->
                new DatabaseException(
                    SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist"));
    return new IndexDefinition.Key(
        column,
        element.direction() == Direction.DESC
            ? IndexDefinition.Order.DESCENDING
            : IndexDefinition.Order.ASCENDING);
  }

  private IndexDefinition ordered(CreateIndex create, List<IndexDefinition.Key> keys) {
    for (int i = 0; i < keys.size(); i++) {
      requireOrdered(
          table.columns().get(keys.get(i).column()).type(), create.elements().get(i).position());
    }
    IndexDefinition.Uniqueness uniqueness =
        switch (create.uniqueness()) {
          case UNIQUE -> IndexDefinition.Uniqueness.UNIQUE;
          case NOT_UNIQUE -> IndexDefinition.Uniqueness.NOT_UNIQUE;
        };
    return new IndexDefinition(
        scope.transaction().allocateOid(),
        name(create, keys),
        table.oid(),
        IndexDefinition.Method.BTREE,
        keys,
        uniqueness,
        Optional.empty(),
        Map.of());
  }

  /// Refuses to order what has no order that an index keeps.
  static void requireOrdered(ColumnType type, int position) {
    switch (type.kind()) {
      case JSONB, VECTOR, HALFVEC, ARRAY ->
          throw unsupported(
              "btree indexes on type " + type.kind().sqlName() + " are not supported", position);
      case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, TEXT, VARCHAR, NAME, CHAR -> {}
      case BYTEA, UUID, DATE, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE -> {}
      case BIT, VARBIT -> {}
    }
  }

  private IndexDefinition graph(
      CreateIndex create, List<IndexDefinition.Key> keys, Map<String, String> options) {
    if (keys.size() != 1) {
      throw unsupported(
          "access method \"" + create.method() + "\" does not support multicolumn indexes",
          create.position());
    }
    if (create.uniqueness() == io.alidade.sql.parse.TableDefinition.Uniqueness.UNIQUE) {
      throw unsupported(
          "access method \"" + create.method() + "\" does not support unique indexes",
          create.position());
    }
    VectorIndexOptions understood = VectorIndexOptions.of(options);
    ColumnType type = table.columns().get(keys.getFirst().column()).type();
    Distance distance = distance(create.method(), type, create.elements().getFirst());
    understood.requireFor(distance);
    requireIndexable(type);
    return new IndexDefinition(
        scope.transaction().allocateOid(),
        name(create, keys),
        table.oid(),
        IndexDefinition.Method.HNSW,
        keys,
        IndexDefinition.Uniqueness.NOT_UNIQUE,
        Optional.of(distance),
        options);
  }

  private static void requireIndexable(ColumnType type) {
    int limit =
        switch (type.kind()) {
          case VECTOR -> ColumnType.MAX_VECTOR_DIMENSIONS;
          case HALFVEC -> MAX_INDEXED_HALVES;
          case BIT -> VectorTypes.MAX_BITS;
          default ->
              throw new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED, "type not supported for hnsw index");
        };
    if (!type.hasModifier()) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "column does not have dimensions");
    }
    if (type.modifier() > limit) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "column cannot have more than %d dimensions for hnsw index".formatted(limit));
    }
  }

  private static Distance distance(String method, ColumnType type, IndexElement element) {
    QualifiedName name = element.operatorClass();
    if (name == null) {
      if (method.equals("ivfflat") && type.kind() == ColumnType.Kind.VECTOR) {
        return Distance.L2;
      }
      throw new DatabaseException(
              SqlState.UNDEFINED_OBJECT,
              "data type %s has no default operator class for access method \"%s\""
                  .formatted(type.kind().sqlName(), method))
          .withHint(
              "You must specify an operator class for the index or define a default operator"
                  + " class for the data type.");
    }
    Optional<VectorOperatorClass> known = VectorOperatorClass.named(name.name());
    if (known.isEmpty()) {
      throw new DatabaseException(
          SqlState.UNDEFINED_OBJECT,
          "operator class \"%s\" does not exist for access method \"%s\""
              .formatted(name.name(), method));
    }
    VectorOperatorClass operators = known.get();
    if (!operators.accepts(type.kind())) {
      throw new DatabaseException(
          SqlState.DATATYPE_MISMATCH,
          "operator class \"%s\" does not accept data type %s"
              .formatted(name.name(), type.kind().sqlName()));
    }
    return operators.distance();
  }

  private String name(CreateIndex create, List<IndexDefinition.Key> keys) {
    RelationNames names = new RelationNames(scope.transaction().catalog(), table.schema());
    String name = create.name();
    if (name != null) {
      return names.requireFree(name);
    }
    List<String> columns = new ArrayList<>();
    keys.forEach(key -> columns.add(table.columns().get(key.column()).name()));
    return names.choose(RelationNames.parts(table.name(), columns), "idx");
  }

  private void notice(String message) {
    scope.notice(
        SessionListener.Severity.NOTICE,
        new DatabaseException(SqlState.SUCCESSFUL_COMPLETION, message));
  }

  private static DatabaseException unsupported(String message, int position) {
    return new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, message).at(position);
  }
}
