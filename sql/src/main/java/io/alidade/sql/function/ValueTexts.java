package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.TextCodec;
import java.util.OptionalLong;

/// The text forms of values where they depend on the catalog: the `reg*` types are shown and read
/// as names.
public final class ValueTexts {
  private ValueTexts() {}

  /// Reads a value.
  public static Object parse(String text, ColumnType type, EvaluationContext context) {
    return switch (type.kind()) {
      case REGCLASS, REGPROC, REGTYPE -> parseName(text.strip(), type.kind(), context.objects());
      default -> TextCodec.parse(text, type, context.timeZone());
    };
  }

  /// Writes a value.
  public static String format(Object value, ColumnType type, EvaluationContext context) {
    return switch (type.kind()) {
      case REGCLASS, REGPROC, REGTYPE -> formatName((Long) value, type.kind(), context.objects());
      default -> TextCodec.format(value, type, context.timeZone());
    };
  }

  private static Long parseName(String text, Kind kind, ObjectNames objects) {
    if (text.equals("-")) {
      return 0L;
    }
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return (Long) TextCodec.parse(text, ColumnType.OID, java.time.ZoneOffset.UTC);
    }
    if (kind == Kind.REGTYPE) {
      ColumnType named = objects.type(text);
      if (named == null) {
        throw new DatabaseException(
            SqlState.UNDEFINED_OBJECT, "type \"" + text + "\" does not exist");
      }
      return objects.typeOid(named);
    }
    if (kind == Kind.REGCLASS) {
      return found(
          objects.relation(text),
          SqlState.UNDEFINED_TABLE,
          "relation \"" + text + "\" does not exist");
    }
    return found(
        objects.function(text),
        SqlState.UNDEFINED_FUNCTION,
        "function \"" + text + "\" does not exist");
  }

  private static Long found(OptionalLong oid, SqlState state, String message) {
    return oid.orElseThrow(() -> new DatabaseException(state, message));
  }

  private static String formatName(long oid, Kind kind, ObjectNames objects) {
    if (oid == 0) {
      return "-";
    }
    String name =
        switch (kind) {
          case REGCLASS -> objects.relationName(oid);
          case REGPROC -> objects.functionName(oid);
          default -> objects.typeName(oid, ColumnType.NO_MODIFIER);
        };
    return name == null ? Long.toString(oid) : name;
  }
}
