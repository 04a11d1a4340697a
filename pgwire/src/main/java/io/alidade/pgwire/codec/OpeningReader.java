package io.alidade.pgwire.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.pgwire.message.FrontendMessage.Opening;
import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads the messages that come before a session. They have no type but a code where a session's
/// startup has the protocol's version.
final class OpeningReader {

  private static final int SPECIAL = 1234;
  private static final int CANCEL = 5678;
  private static final int SSL = 5679;
  private static final int GSS_ENCRYPTION = 5680;

  /// The longest cancel key that protocol 3.2 allows.
  private static final int MAX_KEY_BYTES = 256;

  private OpeningReader() {}

  /// @param in the message without its length
  static Opening read(ByteBuf in) {
    int major = in.readUnsignedShort();
    int minor = in.readUnsignedShort();
    if (major != SPECIAL) {
      return new Opening.Startup(major, minor, parameters(in, major));
    }
    return switch (minor) {
      case CANCEL -> cancel(in);
      case SSL -> new Opening.SslRequest();
      case GSS_ENCRYPTION -> new Opening.GssEncryptionRequest();
      default -> new Opening.Startup(major, minor, Map.of());
    };
  }

  private static Opening cancel(ByteBuf in) {
    int keyBytes = in.readableBytes() - Integer.BYTES;
    if (keyBytes < Integer.BYTES || keyBytes > MAX_KEY_BYTES) {
      throw new DatabaseException(
          SqlState.PROTOCOL_VIOLATION, "invalid length of query cancel packet");
    }
    int processId = in.readInt();
    byte[] key = new byte[keyBytes];
    in.readBytes(key);
    return new Opening.CancelRequest(processId, key);
  }

  private static Map<String, String> parameters(ByteBuf in, int major) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (major != 3) {
      return parameters; // Whatever follows is of a protocol that is not spoken here.
    }
    while (true) {
      String name = MessageReader.text(in);
      if (name.isEmpty()) {
        break;
      }
      parameters.put(name, MessageReader.text(in));
    }
    if (in.isReadable()) {
      throw new DatabaseException(
          SqlState.PROTOCOL_VIOLATION,
          "invalid startup packet layout: expected terminator as last byte");
    }
    return Collections.unmodifiableMap(parameters);
  }
}
