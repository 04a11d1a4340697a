package io.alidade.pgwire;

import io.alidade.model.codec.ByteSink;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A client that writes and reads the protocol's bytes, and shows answers as short texts.
final class RawClient implements AutoCloseable {

  final Socket socket;
  final DataInputStream in;
  final OutputStream out;
  int processId;
  byte[] cancelKey = {};

  private RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  static RawClient connect(PgServer server) throws IOException {
    return new RawClient(server.port());
  }

  /// Connects and opens a session.
  static RawClient open(PgServer server) throws IOException {
    RawClient client = connect(server);
    client.startup(3, 0, "user", "u", "database", "d");
    client.untilReady();
    return client;
  }

  void startup(int major, int minor, String... parameters) throws IOException {
    ByteSink sink = new ByteSink();
    sink.putInt(0).putShort(major).putShort(minor);
    for (String parameter : parameters) {
      sink.putUtf8(parameter).putByte(0);
    }
    sink.putByte(0).setInt(0, sink.size());
    raw(sink.toByteArray());
  }

  void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  static byte[] message(char type, Consumer<ByteSink> body) {
    ByteSink sink = new ByteSink();
    sink.putByte(type).putInt(0);
    body.accept(sink);
    sink.setInt(1, sink.size() - 1);
    return sink.toByteArray();
  }

  static byte[] query(String text) {
    return message('Q', body -> body.putUtf8(text).putByte(0));
  }

  static byte[] parse(String name, String text, int... oids) {
    return message(
        'P',
        body -> {
          body.putUtf8(name).putByte(0).putUtf8(text).putByte(0).putShort(oids.length);
          for (int oid : oids) {
            body.putInt(oid);
          }
        });
  }

  /// Binds texts, or bytes in binary.
  static byte[] bind(String portal, String statement, int[] resultFormats, Object... values) {
    return message(
        'B',
        body -> {
          body.putUtf8(portal).putByte(0).putUtf8(statement).putByte(0);
          body.putShort(values.length);
          for (Object value : values) {
            body.putShort(value instanceof byte[] ? 1 : 0);
          }
          body.putShort(values.length);
          for (Object value : values) {
            if (value == null) {
              body.putInt(-1);
              continue;
            }
            byte[] bytes =
                value instanceof byte[] binary
                    ? binary
                    : value.toString().getBytes(StandardCharsets.UTF_8);
            body.putInt(bytes.length).putBytes(bytes);
          }
          body.putShort(resultFormats.length);
          for (int format : resultFormats) {
            body.putShort(format);
          }
        });
  }

  static byte[] describe(char target, String name) {
    return message('D', body -> body.putByte(target).putUtf8(name).putByte(0));
  }

  static byte[] close(char target, String name) {
    return message('C', body -> body.putByte(target).putUtf8(name).putByte(0));
  }

  static byte[] execute(String portal, int maxRows) {
    return message('E', body -> body.putUtf8(portal).putByte(0).putInt(maxRows));
  }

  static byte[] sync() {
    return message('S', body -> {});
  }

  static byte[] flush() {
    return message('H', body -> {});
  }

  static byte[] copyData(String text) {
    return message('d', body -> body.putUtf8(text));
  }

  static byte[] join(byte[]... messages) {
    ByteSink sink = new ByteSink();
    for (byte[] message : messages) {
      sink.putBytes(message);
    }
    return sink.toByteArray();
  }

  void send(byte[]... messages) throws IOException {
    raw(join(messages));
  }

  /// The answers up to the next ReadyForQuery, or to the end of the connection.
  List<String> untilReady() throws IOException {
    List<String> answers = new ArrayList<>();
    String answer;
    do {
      answer = next();
      answers.add(answer);
    } while (!answer.startsWith("Z") && !answer.equals("EOF"));
    return answers;
  }

  /// Sends one text to be run and gives the answers.
  List<String> run(String text) throws IOException {
    send(query(text));
    return untilReady();
  }

  /// The next answer, or "EOF".
  String next() throws IOException {
    int type;
    try {
      type = in.readUnsignedByte();
    } catch (EOFException e) {
      return "EOF";
    }
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return show((char) type, ByteBuffer.wrap(body));
  }

  private String show(char type, ByteBuffer body) {
    return switch (type) {
      case 'R' -> "R" + body.getInt();
      case 'S' -> "S " + text(body) + "=" + text(body);
      case 'K' -> {
        processId = body.getInt();
        cancelKey = new byte[body.remaining()];
        body.get(cancelKey);
        yield "K" + cancelKey.length;
      }
      case 'Z' -> "Z" + (char) body.get();
      case 'C' -> "C " + text(body);
      case 'T' -> {
        StringBuilder shown = new StringBuilder("T");
        for (int i = body.getShort(); i > 0; i--) {
          shown.append(' ').append(text(body));
          body.getInt();
          body.getShort();
          shown.append(':').append(body.getInt());
          body.getShort();
          shown.append(':').append(body.getInt()).append(':').append(body.getShort());
        }
        yield shown.toString();
      }
      case 't' -> {
        StringBuilder shown = new StringBuilder("t");
        for (int i = body.getShort(); i > 0; i--) {
          shown.append(' ').append(body.getInt());
        }
        yield shown.toString();
      }
      case 'D' -> row(body);
      case 'E', 'N' -> {
        StringBuilder shown = new StringBuilder(String.valueOf(type));
        for (byte field = body.get(); field != 0; field = body.get()) {
          shown.append(' ').append((char) field).append('=').append(text(body));
        }
        yield shown.toString();
      }
      case 'G', 'H' -> type + " " + body.get() + " " + body.getShort();
      case 'd' -> "d " + StandardCharsets.UTF_8.decode(body).toString().strip();
      case 'v' -> {
        StringBuilder shown = new StringBuilder("v " + (body.getInt() & 0xFFFF));
        for (int i = body.getInt(); i > 0; i--) {
          shown.append(' ').append(text(body));
        }
        yield shown.toString();
      }
      default -> String.valueOf(type);
    };
  }

  private static String row(ByteBuffer body) {
    StringBuilder shown = new StringBuilder("D");
    for (int i = body.getShort(); i > 0; i--) {
      int length = body.getInt();
      shown.append(' ');
      if (length < 0) {
        shown.append("NULL");
        continue;
      }
      byte[] value = new byte[length];
      body.get(value);
      boolean printable = true;
      for (byte b : value) {
        printable &= b >= ' ';
      }
      shown.append(
          printable
              ? new String(value, StandardCharsets.UTF_8)
              : "0x" + java.util.HexFormat.of().formatHex(value));
    }
    return shown.toString();
  }

  private static String text(ByteBuffer body) {
    int start = body.position();
    while (body.get() != 0) {
      // To the end of the text.
    }
    return new String(body.array(), start, body.position() - 1 - start, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
