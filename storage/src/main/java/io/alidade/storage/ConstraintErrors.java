package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.DatabaseException.Field;
import io.alidade.model.SqlState;
import io.alidade.model.codec.TextCodec;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.time.ZoneOffset;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's words for rows that a table does not take.
final class ConstraintErrors {
  /// Values are shown up to this many characters.
  private static final int SHOWN_CHARACTERS = 64;

  private ConstraintErrors() {}

  static DatabaseException nullValue(
      TableDefinition table, ColumnDefinition column, @Nullable Object[] row) {
    StringJoiner values = new StringJoiner(", ", "Failing row contains (", ").");
    for (int i = 0; i < row.length; i++) {
      values.add(shown(table.columns().get(i), row[i]));
    }
    return in(
            table,
            new DatabaseException(
                SqlState.NOT_NULL_VIOLATION,
                "null value in column \"%s\" of relation \"%s\" violates not-null constraint"
                    .formatted(column.name(), table.name())))
        .withDetail(values.toString())
        .with(Field.COLUMN, column.name());
  }

  static DatabaseException duplicate(
      TableDefinition table, IndexDefinition index, @Nullable Object[] key) {
    return in(
            table,
            new DatabaseException(
                SqlState.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"" + index.name() + "\""))
        .withDetail(key(table, index, key) + " already exists.")
        .with(Field.CONSTRAINT, index.name());
  }

  static DatabaseException duplicateInNewIndex(
      TableDefinition table, IndexDefinition index, @Nullable Object[] key) {
    return in(
            table,
            new DatabaseException(
                SqlState.UNIQUE_VIOLATION,
                "could not create unique index \"" + index.name() + "\""))
        .withDetail(key(table, index, key) + " is duplicated.")
        .with(Field.CONSTRAINT, index.name());
  }

  private static DatabaseException in(TableDefinition table, DatabaseException error) {
    return error.with(Field.SCHEMA, table.schema()).with(Field.TABLE, table.name());
  }

  private static String key(TableDefinition table, IndexDefinition index, @Nullable Object[] key) {
    StringJoiner names = new StringJoiner(", ", "Key (", ")=");
    StringJoiner values = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < key.length; i++) {
      ColumnDefinition column = table.columns().get(index.keys().get(i).column());
      names.add(column.name());
      values.add(text(column, key[i]));
    }
    return names + values.toString();
  }

  private static String shown(ColumnDefinition column, @Nullable Object value) {
    String text = text(column, value);
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }

  private static String text(ColumnDefinition column, @Nullable Object value) {
    return value == null ? "null" : TextCodec.format(value, column.type(), ZoneOffset.UTC);
  }
}
