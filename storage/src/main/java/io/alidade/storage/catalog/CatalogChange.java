package io.alidade.storage.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One step from a [Catalog] to the next, as it is written to the commit log and replayed from it.
public sealed interface CatalogChange {

  /// A new schema.
  record CreateSchema(SchemaDefinition schema) implements CatalogChange {}

  /// A schema without tables goes.
  record DropSchema(String name) implements CatalogChange {}

  /// A new table with its columns, primary key and unique constraints.
  record CreateTable(TableDefinition table) implements CatalogChange {}

  /// A table goes with its rows and indexes.
  record DropTable(int tableOid) implements CatalogChange {}

  /// A new index over the rows that are there and all that come.
  record CreateIndex(IndexDefinition index) implements CatalogChange {}

  /// An index goes.
  record DropIndex(int indexOid) implements CatalogChange {}

  /// An index gets other options, all of them.
  record SetIndexOptions(int indexOid, Map<String, String> options) implements CatalogChange {
    public SetIndexOptions {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
  }

  /// An index gets another name.
  record RenameIndex(int indexOid, String name) implements CatalogChange {}

  /// A constraint that rows which are written from now on fulfil. The index of a primary key or
  /// unique constraint is made before.
  record AddConstraint(int tableOid, ConstraintDefinition constraint) implements CatalogChange {}

  /// A constraint goes; the index of a primary key or unique constraint stays.
  record DropConstraint(int tableOid, int constraintOid) implements CatalogChange {}

  /// A constraint is defined otherwise, under the same OID: another name, or known to hold.
  record ReplaceConstraint(int tableOid, ConstraintDefinition constraint)
      implements CatalogChange {}

  /// A new extension.
  record CreateExtension(ExtensionDefinition extension) implements CatalogChange {}

  /// An extension goes.
  record DropExtension(String name) implements CatalogChange {}

  /// All rows of a table go; its storage begins anew under a generation.
  record Truncate(int tableOid, int generation) implements CatalogChange {}
}
