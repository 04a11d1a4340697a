package io.alidade.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// An error that ends a statement, with everything that a PostgreSQL client may be told about it.
///
/// Thrown wherever a statement cannot go on; turned into bytes only at the doors. Immutable: the
/// `with...` methods give a copy.
public final class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// Says that an error points at no place in the statement.
  public static final int NO_POSITION = -1;

  private final SqlState state;
  private final int position;
  private final transient Map<Field, String> fields;

  public DatabaseException(SqlState state, String message) {
    this(state, message, null, NO_POSITION, Map.of());
  }

  public DatabaseException(SqlState state, String message, Throwable cause) {
    this(state, message, cause, NO_POSITION, Map.of());
  }

  private DatabaseException(
      SqlState state,
      String message,
      @org.jspecify.annotations.Nullable Throwable cause,
      int position,
      Map<Field, String> fields) {
    super(message, cause);
    this.state = state;
    this.position = position;
    this.fields = fields;
  }

  /// A copy that points at a place in the statement.
  ///
  /// @param offset 0-based, in characters of the statement's text
  public DatabaseException at(int offset) {
    return copy(offset, fields);
  }

  /// A copy that carries one more field.
  public DatabaseException with(Field field, String value) {
    Map<Field, String> more = new EnumMap<>(Field.class);
    more.putAll(fields);
    more.put(field, value);
    return copy(position, more);
  }

  public DatabaseException withDetail(String detail) {
    return with(Field.DETAIL, detail);
  }

  public DatabaseException withHint(String hint) {
    return with(Field.HINT, hint);
  }

  private DatabaseException copy(int newPosition, Map<Field, String> newFields) {
    DatabaseException copy =
        new DatabaseException(state, message(), getCause(), newPosition, newFields);
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  public SqlState state() {
    return state;
  }

  /// The message; never null, unlike [#getMessage] by its type.
  public String message() {
    return String.valueOf(getMessage());
  }

  /// The 0-based offset into the statement's text, in characters, or [#NO_POSITION].
  public int position() {
    return position;
  }

  public Optional<String> field(Field field) {
    return Optional.ofNullable(fields.get(field));
  }

  /// What an error may say besides its code, message and position.
  public enum Field {
    DETAIL,
    HINT,
    /// The context in which it happened, such as `COPY items, line 3, column price`.
    WHERE,
    SCHEMA,
    TABLE,
    COLUMN,
    DATA_TYPE,
    CONSTRAINT
  }
}
