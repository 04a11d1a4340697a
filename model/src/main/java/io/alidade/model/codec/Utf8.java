package io.alidade.model.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Reads texts that clients send: well-formed UTF-8 without a NUL, as PostgreSQL demands.
public final class Utf8 {

  private Utf8() {}

  /// Reads a text that takes up the next `length` bytes.
  ///
  /// @throws DatabaseException 22021 when it is not such a text
  public static String decode(ByteBuffer in, int length) {
    byte[] bytes;
    int from;
    if (in.hasArray()) {
      bytes = in.array();
      from = in.arrayOffset() + in.position();
      in.position(in.position() + length);
    } else {
      bytes = new byte[length];
      from = 0;
      in.get(bytes);
    }
    return decode(bytes, from, length);
  }

  /// Reads a text.
  ///
  /// @throws DatabaseException 22021 when it is not such a text
  public static String decode(byte[] bytes, int from, int length) {
    boolean ascii = true;
    boolean nul = false;
    for (int i = from; i < from + length; i++) {
      ascii &= bytes[i] >= 0;
      nul |= bytes[i] == 0;
    }
    if (nul) {
      throw invalid(new byte[] {0}, 0, 1);
    }
    if (ascii) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) { // It may have been sent, or stand for what is malformed.
      check(bytes, from, length);
    }
    return text;
  }

  private static void check(byte[] bytes, int from, int length) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(length);
    CoderResult result = decoder.decode(in, out, true);
    try {
      result.throwException();
    } catch (CharacterCodingException e) {
      throw invalid(
          bytes,
          in.position(),
          Math.min(from + length, in.position() + sequence(bytes[in.position()])));
    } catch (java.nio.BufferUnderflowException _) {
      return; // All was read.
    }
  }

  /// How many bytes a character takes whose first byte this is.
  private static int sequence(byte first) {
    int b = first & 0xFF;
    if (b >= 0xF0 && b < 0xF8) {
      return 4;
    }
    if (b >= 0xE0 && b < 0xF0) {
      return 3;
    }
    return b >= 0xC0 && b < 0xE0 ? 2 : 1;
  }

  private static DatabaseException invalid(byte[] bytes, int from, int to) {
    StringBuilder hex = new StringBuilder();
    for (int i = from; i < to; i++) {
      hex.append(i == from ? "" : " ").append(String.format("0x%02x", bytes[i]));
    }
    return new DatabaseException(
        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\": " + hex);
  }
}
