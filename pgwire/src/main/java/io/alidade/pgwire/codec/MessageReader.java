package io.alidade.pgwire.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.Utf8;
import io.alidade.pgwire.message.FrontendMessage;
import io.alidade.pgwire.message.FrontendMessage.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of a session's messages. What it gives shares nothing with the network's
/// buffers.
final class MessageReader {

  private static final String TYPES = "QPBDECSHdcfFpX";

  private MessageReader() {}

  static boolean isType(char type) {
    return TYPES.indexOf(type) >= 0;
  }

  /// @param in the body, all of it
  /// @throws DatabaseException 08P01 or 22021 when it is not as it should be
  static FrontendMessage read(char type, ByteBuf in) {
    FrontendMessage message =
        switch (type) {
          case 'Q' -> new FrontendMessage.Query(text(in));
          case 'P' -> parse(in);
          case 'B' -> bind(in);
          case 'D' -> new FrontendMessage.Describe(target(in, "DESCRIBE"), text(in));
          case 'E' -> new FrontendMessage.Execute(text(in), number(in));
          case 'C' -> new FrontendMessage.Close(target(in, "CLOSE"), text(in));
          case 'S' -> new FrontendMessage.Sync();
          case 'H' -> new FrontendMessage.Flush();
          case 'd' -> new FrontendMessage.CopyData(ByteBuffer.wrap(rest(in)));
          case 'c' -> new FrontendMessage.CopyDone();
          case 'f' -> new FrontendMessage.CopyFail(text(in));
          case 'F' -> {
            rest(in);
            yield new FrontendMessage.FunctionCall();
          }
          case 'p' -> {
            rest(in);
            yield new FrontendMessage.Password();
          }
          case 'X' -> new FrontendMessage.Terminate();
          default -> throw new IllegalStateException("no such type: " + type);
        };
    if (in.isReadable()) {
      throw violation("invalid message format");
    }
    return message;
  }

  private static FrontendMessage parse(ByteBuf in) {
    String statement = text(in);
    String text = text(in);
    int count = count(in, Integer.BYTES);
    List<Integer> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.readInt());
    }
    return new FrontendMessage.Parse(statement, text, types);
  }

  private static FrontendMessage bind(ByteBuf in) {
    String portal = text(in);
    String statement = text(in);
    short[] parameterFormats = formats(in);
    int count = count(in, Integer.BYTES);
    byte[] bytes = ByteBufUtil.getBytes(in); // One copy; the values are cut from it.
    int start = in.readerIndex();
    List<@Nullable ByteBuffer> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = number(in);
      if (length == -1) {
        values.add(null);
        continue;
      }
      if (length < 0 || length > in.readableBytes()) {
        throw violation("insufficient data left in message");
      }
      values.add(ByteBuffer.wrap(bytes, in.readerIndex() - start, length));
      in.skipBytes(length);
    }
    return new FrontendMessage.Bind(portal, statement, parameterFormats, values, formats(in));
  }

  private static short[] formats(ByteBuf in) {
    short[] formats = new short[count(in, Short.BYTES)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = in.readShort();
    }
    return formats;
  }

  /// A number of things, each of which takes at least `size` bytes: so it cannot announce more than
  /// was sent.
  private static int count(ByteBuf in, int size) {
    if (in.readableBytes() < Short.BYTES) {
      throw violation("insufficient data left in message");
    }
    int count = in.readUnsignedShort();
    if ((long) count * size > in.readableBytes()) {
      throw violation("insufficient data left in message");
    }
    return count;
  }

  private static int number(ByteBuf in) {
    if (in.readableBytes() < Integer.BYTES) {
      throw violation("insufficient data left in message");
    }
    return in.readInt();
  }

  private static Target target(ByteBuf in, String message) {
    byte kind = in.isReadable() ? in.readByte() : 0;
    return switch (kind) {
      case 'S' -> Target.STATEMENT;
      case 'P' -> Target.PORTAL;
      default -> throw violation("invalid " + message + " message subtype " + kind);
    };
  }

  /// A text that ends with a NUL.
  static String text(ByteBuf in) {
    int length = in.bytesBefore((byte) 0);
    if (length < 0) {
      throw violation("invalid string in message");
    }
    if (length == 0) {
      in.skipBytes(1);
      return "";
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes).skipBytes(1);
    return Utf8.decode(bytes, 0, length);
  }

  private static byte[] rest(ByteBuf in) {
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes);
    return bytes;
  }

  private static DatabaseException violation(String message) {
    return new DatabaseException(SqlState.PROTOCOL_VIOLATION, message);
  }
}
