package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;

/// Writes down the columns of a system relation, in order.
final class RelationColumns {

  static final ColumnType INT2_VECTOR = ColumnType.arrayOf(ColumnType.INT2);
  static final ColumnType OID_VECTOR = ColumnType.arrayOf(ColumnType.OID);
  static final ColumnType TEXT_ARRAY = ColumnType.arrayOf(ColumnType.TEXT);

  private final List<ColumnDefinition> columns = new ArrayList<>();

  /// Columns that hold no NULL.
  RelationColumns some(ColumnType type, String... names) {
    for (String name : names) {
      columns.add(ColumnDefinition.notNull(name, type));
    }
    return this;
  }

  /// Columns that may hold NULL.
  RelationColumns optional(ColumnType type, String... names) {
    for (String name : names) {
      columns.add(ColumnDefinition.nullable(name, type));
    }
    return this;
  }

  SystemRelation of(int oid, String name, SystemRelation.Rows rows) {
    return new SystemRelation(
        oid, io.alidade.storage.catalog.Catalog.PG_CATALOG, name, columns, rows);
  }

  SystemRelation inInformationSchema(int oid, String name, SystemRelation.Rows rows) {
    return new SystemRelation(oid, SystemRelations.INFORMATION_SCHEMA, name, columns, rows);
  }
}
