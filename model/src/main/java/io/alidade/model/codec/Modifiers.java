package io.alidade.model.codec;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes values fit the modifier of a type: the length of a `varchar`, precision and scale of a
/// `numeric`, the dimensions of a `vector` or `halfvec`, the length of a `bit`.
public final class Modifiers {

  private Modifiers() {}

  /// How a value comes to its type.
  public enum Coercion {
    /// It is stored or read: what does not fit is an error.
    ASSIGNMENT,
    /// The statement casts it: what is longer is cut, and a shorter `bit` filled up.
    CAST
  }

  /// The value made to fit, or itself.
  ///
  /// @param value of the type's kind
  /// @throws DatabaseException 22001, 22003, 22026 or 22000 when it cannot be made to fit
  public static Object coerce(Object value, ColumnType type, Coercion coercion) {
    return switch (type.kind()) {
      case VARCHAR -> varchar((String) value, type, coercion);
      case NUMERIC -> numeric((BigDecimal) value, type);
      case VECTOR, HALFVEC -> vector((float[]) value, type);
      case BIT, VARBIT -> bits((BitString) value, type, coercion);
      case ARRAY -> array(TextCodec.list(value), type.elementType(), coercion);
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
          value;
    };
  }

  static String varchar(String value, ColumnType type, Coercion coercion) {
    int limit = type.modifier();
    if (!type.hasModifier()
        || value.length() <= limit
        || value.codePointCount(0, value.length()) <= limit) {
      return value;
    }
    int end = value.offsetByCodePoints(0, limit);
    if (coercion == Coercion.ASSIGNMENT) {
      for (int i = end; i < value.length(); i++) { // Spaces may go, as the SQL standard says.
        if (value.charAt(i) != ' ') {
          throw new DatabaseException(
              SqlState.STRING_DATA_RIGHT_TRUNCATION,
              "value too long for type character varying(" + limit + ")");
        }
      }
    }
    return value.substring(0, end);
  }

  static BigDecimal numeric(BigDecimal value, ColumnType type) {
    if (!type.hasModifier()) {
      return value;
    }
    int precision = type.numericPrecision();
    int scale = type.numericScale();
    int integerDigits = precision - scale;
    BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
    if (rounded.signum() != 0 && rounded.precision() - rounded.scale() > integerDigits) {
      String bound = integerDigits == 0 ? "1" : "10^" + integerDigits;
      throw new DatabaseException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
          .withDetail(
              "A field with precision "
                  + precision
                  + ", scale "
                  + scale
                  + " must round to an absolute value less than "
                  + bound
                  + ".");
    }
    return rounded;
  }

  static float[] vector(float[] value, ColumnType type) {
    if (type.hasModifier() && value.length != type.modifier()) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION,
          "expected " + type.modifier() + " dimensions, not " + value.length);
    }
    return value;
  }

  static BitString bits(BitString value, ColumnType type, Coercion coercion) {
    int limit = type.modifier();
    boolean varying = type.kind() == ColumnType.Kind.VARBIT;
    if (!type.hasModifier() || value.length() == limit || (varying && value.length() < limit)) {
      return value;
    }
    if (coercion == Coercion.CAST) {
      return value.resized(limit);
    }
    if (varying) {
      throw new DatabaseException(
          SqlState.STRING_DATA_RIGHT_TRUNCATION,
          "bit string too long for type bit varying(" + limit + ")");
    }
    throw new DatabaseException(
        SqlState.STRING_DATA_LENGTH_MISMATCH,
        "bit string length " + value.length() + " does not match type bit(" + limit + ")");
  }

  private static List<@Nullable Object> array(
      List<@Nullable Object> values, ColumnType element, Coercion coercion) {
    if (!element.hasModifier()) {
      return values;
    }
    List<@Nullable Object> coerced = new ArrayList<>(values.size());
    for (Object value : values) {
      coerced.add(value == null ? null : coerce(value, element, coercion));
    }
    return Collections.unmodifiableList(coerced);
  }
}
