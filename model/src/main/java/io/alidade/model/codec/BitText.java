package io.alidade.model.codec;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// PostgreSQL's text form of `bit` and `bit varying`: binary digits, after a `b` if one likes, or
/// hexadecimal ones after an `x`.
final class BitText {

  private BitText() {}

  static BitString parse(String text) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    boolean hexadecimal = first == 'x' || first == 'X';
    int from = hexadecimal || first == 'b' || first == 'B' ? 1 : 0;
    int bitsPerDigit = hexadecimal ? 4 : 1;
    long length = (long) (text.length() - from) * bitsPerDigit;
    if (length > ColumnType.MAX_BITS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "bit string length exceeds the maximum allowed (" + ColumnType.MAX_BITS + ")");
    }
    byte[] bytes = new byte[BitString.bytes((int) length)];
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 1 << bitsPerDigit) : -1;
      if (digit < 0) {
        throw invalid(text, i, hexadecimal ? "hexadecimal" : "binary");
      }
      int at = (i - from) * bitsPerDigit;
      bytes[at >> 3] |= (byte) (digit << (Byte.SIZE - bitsPerDigit - (at & 7)));
    }
    return BitString.of((int) length, bytes);
  }

  private static DatabaseException invalid(String text, int at, String radix) {
    return new DatabaseException(
        SqlState.INVALID_TEXT_REPRESENTATION,
        "\"" + Character.toString(text.codePointAt(at)) + "\" is not a valid " + radix + " digit");
  }
}
