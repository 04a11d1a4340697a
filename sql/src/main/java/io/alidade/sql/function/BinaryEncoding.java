package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/// The text forms of bytes that `encode` and `decode` know.
enum BinaryEncoding {
  HEX {
    @Override
    String encode(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }

    @Override
    byte[] decode(String text) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() / 2);
      for (int i = 0; i < text.length(); i++) {
        if (isSpace(text.charAt(i))) {
          continue;
        }
        int high = digit(text, i++);
        if (i == text.length()) {
          throw invalid("invalid hexadecimal data: odd number of digits");
        }
        out.write(high << 4 | digit(text, i));
      }
      return out.toByteArray();
    }

    private int digit(String text, int at) {
      int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw invalid(
            "invalid hexadecimal digit: \"" + Character.toString(text.codePointAt(at)) + '"');
      }
      return digit;
    }
  },

  BASE64 {
    @Override
    String encode(byte[] bytes) {
      return Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes);
    }

    @Override
    byte[] decode(String text) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() * 3 / 4);
      int bits = 0;
      int count = 0;
      int padding = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (isSpace(c)) {
          continue;
        }
        if (c == '=') {
          if (padding == 0 && count < 2) {
            throw invalid("unexpected \"=\" while decoding base64 sequence");
          }
          padding++;
        }
        bits = bits << 6 | (c == '=' ? 0 : sextet(text, i));
        if (++count == 4) {
          for (int shift = 16; shift >= 8 * padding; shift -= 8) {
            out.write(bits >> shift);
          }
          bits = 0;
          count = 0;
          padding = 0;
        }
      }
      if (count > 0) {
        throw invalid("invalid base64 end sequence")
            .withHint("Input data is missing padding, is truncated, or is otherwise corrupted.");
      }
      return out.toByteArray();
    }

    private int sextet(String text, int at) {
      int value = ALPHABET.indexOf(text.charAt(at));
      if (value < 0) {
        throw invalid(
            "invalid symbol \""
                + Character.toString(text.codePointAt(at))
                + "\" found while decoding base64 sequence");
      }
      return value;
    }
  },

  /// Bytes beyond ASCII, and zero, as three octal digits behind a backslash.
  ESCAPE {
    @Override
    String encode(byte[] bytes) {
      StringBuilder out = new StringBuilder(bytes.length + 16);
      for (byte one : bytes) {
        if (one == 0 || one < 0) {
          int value = one & 0xFF;
          out.append('\\').append(value >> 6).append(value >> 3 & 7).append(value & 7);
        } else if (one == '\\') {
          out.append("\\\\");
        } else {
          out.append((char) one);
        }
      }
      return out.toString();
    }

    @Override
    byte[] decode(String text) {
      byte[] in = text.getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
      for (int i = 0; i < in.length; i++) {
        if (in[i] != '\\') {
          out.write(in[i]);
        } else if (i + 3 < in.length
            && in[i + 1] <= '3'
            && isOctal(in[i + 1])
            && isOctal(in[i + 2])
            && isOctal(in[i + 3])) {
          out.write((in[i + 1] - '0') << 6 | (in[i + 2] - '0') << 3 | in[i + 3] - '0');
          i += 3;
        } else if (i + 1 < in.length && in[i + 1] == '\\') {
          out.write('\\');
          i++;
        } else {
          throw new DatabaseException(
              SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
        }
      }
      return out.toByteArray();
    }

    private boolean isOctal(byte digit) {
      return digit >= '0' && digit <= '7';
    }
  };

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  abstract String encode(byte[] bytes);

  abstract byte[] decode(String text);

  static BinaryEncoding of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "hex" -> HEX;
      case "base64" -> BASE64;
      case "escape" -> ESCAPE;
      default -> throw invalid("unrecognized encoding: \"" + name + '"');
    };
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static DatabaseException invalid(String message) {
    return new DatabaseException(SqlState.INVALID_PARAMETER_VALUE, message);
  }
}
