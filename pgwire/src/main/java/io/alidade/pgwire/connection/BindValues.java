package io.alidade.pgwire.connection;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.BinaryCodec;
import io.alidade.model.codec.TextCodec;
import io.alidade.model.codec.TypeOids;
import io.alidade.model.codec.Utf8;
import io.alidade.pgwire.message.Format;
import io.alidade.pgwire.message.FrontendMessage;
import io.alidade.sql.PreparedStatement;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What Parse and Bind say about types, formats and values, checked and decoded.
final class BindValues {

  /// PostgreSQL's `character`, which is read as text, and `json`, whose place decides.
  private static final int CHARACTER = 1042;

  private static final int JSON = 114;

  private BindValues() {}

  /// The types that a client declares for parameters; empty where the server is to infer them.
  static List<Optional<ColumnType>> declaredTypes(List<Integer> oids) {
    List<Optional<ColumnType>> types = new ArrayList<>(oids.size());
    for (int oid : oids) {
      types.add(
          switch (oid) {
            case TypeOids.UNSPECIFIED, TypeOids.UNKNOWN, JSON -> Optional.empty();
            case CHARACTER -> Optional.of(ColumnType.TEXT);
            default -> Optional.of(declaredType(oid));
          });
    }
    return types;
  }

  private static ColumnType declaredType(int oid) {
    return TypeOids.byOid(oid)
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_OBJECT,
                "type with OID " + Integer.toUnsignedString(oid) + " does not exist"));
  }

  /// The values of a Bind, one for each of the statement's parameters.
  static List<@Nullable Object> decode(
      FrontendMessage.Bind bind, PreparedStatement statement, ZoneId zone) {
    List<ColumnType> types = statement.parameterTypes();
    int count = bind.values().size();
    short[] formats = bind.parameterFormats();
    if (formats.length > 1 && formats.length != count) {
      throw violation(
          "bind message has " + formats.length + " parameter formats but " + count + " parameters");
    }
    if (count != types.size()) {
      throw violation(
          "bind message supplies "
              + count
              + " parameters, but prepared statement \""
              + bind.statement()
              + "\" requires "
              + types.size());
    }
    List<@Nullable Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ByteBuffer bytes = bind.values().get(i);
      Format format = format(formats, i);
      values.add(bytes == null ? null : decode(bytes.duplicate(), types.get(i), format, zone, i));
    }
    return Collections.unmodifiableList(values);
  }

  private static Object decode(
      ByteBuffer bytes, ColumnType type, Format format, ZoneId zone, int index) {
    return switch (format) {
      case TEXT -> TextCodec.parse(Utf8.decode(bytes, bytes.remaining()), type, zone);
      case BINARY -> {
        try {
          yield BinaryCodec.decode(bytes, bytes.remaining(), type);
        } catch (DatabaseException e) {
          if (e.state() == SqlState.INVALID_BINARY_REPRESENTATION
              && e.message().equals("incorrect binary data format")) {
            throw new DatabaseException(
                e.state(), "incorrect binary data format in bind parameter " + (index + 1), e);
          }
          throw e;
        }
      }
    };
  }

  /// The format of each of a result's columns, by the rule of one code for all or one for each.
  static List<Format> resultFormats(short[] codes, int columns) {
    if (codes.length > 1 && codes.length != columns) {
      throw violation(
          "bind message has "
              + codes.length
              + " result formats but query has "
              + columns
              + " columns");
    }
    if (codes.length <= 1) {
      return Collections.nCopies(columns, format(codes, 0));
    }
    List<Format> formats = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      formats.add(format(codes, i));
    }
    return formats;
  }

  private static Format format(short[] codes, int index) {
    if (codes.length == 0) {
      return Format.TEXT;
    }
    short code = codes[codes.length == 1 ? 0 : index];
    if (code == Format.TEXT.code()) {
      return Format.TEXT;
    }
    if (code == Format.BINARY.code()) {
      return Format.BINARY;
    }
    throw new DatabaseException(
        SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + code);
  }

  private static DatabaseException violation(String message) {
    return new DatabaseException(SqlState.PROTOCOL_VIOLATION, message);
  }
}
