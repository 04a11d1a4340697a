package io.alidade.model.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;

/// The binary form of `numeric`: the number of digits to base 10000, the weight of the first, the
/// sign, the decimal digits to show after the point (int16 each), then the digits (int16 each).
final class NumericBinary {

  private static final int HEADER_BYTES = 8;
  private static final int BASE_DIGITS = 4;
  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int INFINITY = 0xD000;
  private static final int MINUS_INFINITY = 0xF000;

  private NumericBinary() {}

  static BigDecimal decode(ByteBuffer in, int length) {
    if (length < HEADER_BYTES) {
      throw ValueErrors.tooShort();
    }
    int digits = in.getShort() & 0xFFFF;
    int weight = in.getShort();
    int sign = in.getShort() & 0xFFFF;
    int scale = in.getShort() & 0xFFFF;
    switch (sign) {
      case POSITIVE, NEGATIVE -> {}
      case NAN -> throw ValueErrors.unsupported("NaN in numeric is");
      case INFINITY, MINUS_INFINITY -> throw ValueErrors.unsupported("infinity in numeric is");
      default -> throw ValueErrors.binary("invalid sign in external \"numeric\" value");
    }
    if (scale > NumberText.MAX_NUMERIC_SCALE) {
      throw ValueErrors.binary("invalid scale in external \"numeric\" value");
    }
    if (length < HEADER_BYTES + digits * Short.BYTES) {
      throw ValueErrors.tooShort();
    }
    BigDecimal size = magnitude(in, digits, weight).setScale(scale, RoundingMode.DOWN);
    return NumberText.checked(sign == NEGATIVE ? size.negate() : size);
  }

  private static BigDecimal magnitude(ByteBuffer in, int digits, int weight) {
    int scale = (digits - 1 - weight) * BASE_DIGITS;
    if (digits <= 4) {
      long value = 0;
      for (int i = 0; i < digits; i++) {
        value = value * 10_000 + digit(in);
      }
      return value == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(value, scale);
    }
    StringBuilder text = new StringBuilder(digits * BASE_DIGITS);
    for (int i = 0; i < digits; i++) {
      int digit = digit(in);
      text.append((char) ('0' + digit / 1000))
          .append((char) ('0' + digit / 100 % 10))
          .append((char) ('0' + digit / 10 % 10))
          .append((char) ('0' + digit % 10));
    }
    return new BigDecimal(new BigInteger(text.toString()), scale);
  }

  private static int digit(ByteBuffer in) {
    int digit = in.getShort();
    if (digit < 0 || digit >= 10_000) {
      throw ValueErrors.binary("invalid digit in external \"numeric\" value");
    }
    return digit;
  }

  static void encode(BigDecimal value, ByteSink out) {
    int shown = Math.max(0, value.scale());
    int groupsAfterPoint = (shown + BASE_DIGITS - 1) / BASE_DIGITS;
    String digits =
        value.signum() == 0
            ? ""
            : value.setScale(groupsAfterPoint * BASE_DIGITS).unscaledValue().abs().toString();
    int padding = Math.floorMod(-digits.length(), BASE_DIGITS);
    int groups = (digits.length() + padding) / BASE_DIGITS;
    int last = groups;
    while (last > 0
        && group(digits, padding, last - 1) == 0) { // PostgreSQL sends no zeros at the end.
      last--;
    }
    if (groups - groupsAfterPoint - 1 > Short.MAX_VALUE || shown > NumberText.MAX_NUMERIC_SCALE) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    out.putShort(last);
    out.putShort(last == 0 ? 0 : groups - groupsAfterPoint - 1);
    out.putShort(value.signum() < 0 ? NEGATIVE : POSITIVE);
    out.putShort(shown);
    for (int i = 0; i < last; i++) {
      out.putShort(group(digits, padding, i));
    }
  }

  private static int group(String digits, int padding, int index) {
    int value = 0;
    for (int i = index * BASE_DIGITS - padding; i < (index + 1) * BASE_DIGITS - padding; i++) {
      value = value * 10 + (i < 0 ? 0 : digits.charAt(i) - '0');
    }
    return value;
  }
}
