package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.DatabaseException.Field;
import io.alidade.model.SqlState;
import io.alidade.model.codec.TextCodec;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's words for rows that a table does not take.
public final class ConstraintErrors {
  /// Values are shown up to this many characters.
  private static final int SHOWN_CHARACTERS = 64;

  private ConstraintErrors() {}

  /// Refuses a row with a null where the table takes none.
  ///
  /// @throws DatabaseException 23502
  public static void requireNotNull(TableDefinition table, @Nullable Object[] row) {
    List<ColumnDefinition> columns = table.columns();
    if (row.length != columns.size()) {
      throw new DatabaseException(
          SqlState.INTERNAL_ERROR,
          row.length + " values for the " + columns.size() + " columns of " + table.name());
    }
    for (int i = 0; i < row.length; i++) {
      if (row[i] == null && !columns.get(i).isNullable()) {
        throw nullValue(table, columns.get(i), row);
      }
    }
  }

  /// 23514: a row that a CHECK constraint is false for.
  public static DatabaseException check(
      TableDefinition table, String constraint, @Nullable Object[] row) {
    return in(
            table,
            new DatabaseException(
                SqlState.CHECK_VIOLATION,
                "new row for relation \"%s\" violates check constraint \"%s\""
                    .formatted(table.name(), constraint)))
        .withDetail(failingRow(table, row))
        .with(Field.CONSTRAINT, constraint);
  }

  /// 23503: a row whose foreign key points to nothing.
  ///
  /// @param from the table with the key
  /// @param values of the key's columns
  public static DatabaseException missing(
      TableDefinition from,
      TableDefinition to,
      ConstraintDefinition.ForeignKey key,
      List<@Nullable Object> values) {
    return referencing(from, key)
        .withDetail(
            key(from, key.columns(), values) + " is not present in table \"" + to.name() + "\".");
  }

  /// 23503: a row whose foreign key is MATCH FULL and null in part.
  public static DatabaseException mixedNulls(
      TableDefinition from, ConstraintDefinition.ForeignKey key) {
    return referencing(from, key)
        .withDetail("MATCH FULL does not allow mixing of null and nonnull key values.");
  }

  private static DatabaseException referencing(
      TableDefinition from, ConstraintDefinition.ForeignKey key) {
    return in(
            from,
            new DatabaseException(
                SqlState.FOREIGN_KEY_VIOLATION,
                "insert or update on table \"%s\" violates foreign key constraint \"%s\""
                    .formatted(from.name(), key.name())))
        .with(Field.CONSTRAINT, key.name());
  }

  /// 23503: a row that others still point to.
  ///
  /// @param values of the columns that the key points to
  public static DatabaseException referenced(
      TableDefinition from,
      TableDefinition to,
      ConstraintDefinition.ForeignKey key,
      List<@Nullable Object> values) {
    return in(
            from,
            new DatabaseException(
                SqlState.FOREIGN_KEY_VIOLATION,
                ("update or delete on table \"%s\" violates foreign key constraint \"%s\" on table"
                        + " \"%s\"")
                    .formatted(to.name(), key.name(), from.name())))
        .with(Field.CONSTRAINT, key.name())
        .withDetail(
            key(to, key.referencedColumns(), values)
                + " is still referenced from table \""
                + from.name()
                + "\".");
  }

  private static String failingRow(TableDefinition table, @Nullable Object[] row) {
    StringJoiner values = new StringJoiner(", ", "Failing row contains (", ").");
    for (int i = 0; i < row.length; i++) {
      values.add(shown(table.columns().get(i), row[i]));
    }
    return values.toString();
  }

  private static DatabaseException nullValue(
      TableDefinition table, ColumnDefinition column, @Nullable Object[] row) {
    return in(
            table,
            new DatabaseException(
                SqlState.NOT_NULL_VIOLATION,
                "null value in column \"%s\" of relation \"%s\" violates not-null constraint"
                    .formatted(column.name(), table.name())))
        .withDetail(failingRow(table, row))
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
    return key(table, index.columns(), Arrays.asList(key));
  }

  private static String key(
      TableDefinition table, List<Integer> columns, List<@Nullable Object> key) {
    StringJoiner names = new StringJoiner(", ", "Key (", ")=");
    StringJoiner values = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < columns.size(); i++) {
      ColumnDefinition column = table.columns().get(columns.get(i));
      names.add(column.name());
      values.add(text(column, key.get(i)));
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
