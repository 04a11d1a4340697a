package io.alidade.storage.mutation;

import io.alidade.storage.catalog.CatalogChange;
import java.nio.ByteBuffer;

/// One thing that a transaction did, as it is written to the commit log and replayed from it.
public sealed interface Mutation {

  /// A definition changed.
  record ChangeCatalog(CatalogChange change) implements Mutation {}

  /// The current versions of these rows end.
  record DeleteRows(int tableOid, long[] rowIds) implements Mutation {}

  /// New row versions: of new rows, or the next ones of rows that are deleted beside it.
  record InsertRows(int tableOid, int generation, RowBlock rows) implements Mutation {}

  /// Rows that the transaction itself inserted and took back.
  ///
  /// @param numbers which, in the order in which the transaction inserted into this generation
  record DiscardRows(int tableOid, int generation, int[] numbers) implements Mutation {}

  /// Rows, column by column.
  ///
  /// @param count how many
  /// @param columns how many columns each has
  /// @param bytes row ids and columns as the package's documentation has them, little-endian
  record RowBlock(int count, int columns, ByteBuffer bytes) {}
}
