package io.alidade.pgwire.connection;

import io.alidade.model.DatabaseException;
import io.alidade.model.codec.ByteSink;
import io.alidade.model.codec.TimeZones;
import io.alidade.pgwire.codec.BackendWriter;
import io.alidade.pgwire.codec.RowWriter;
import io.alidade.pgwire.message.BackendMessage;
import io.alidade.sql.Session.TransactionStatus;
import io.alidade.sql.SessionListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What goes to one client: messages are gathered here and given to the network in large pieces.
///
/// Used by the conversation's thread only.
// What becomes of a write or a close is told to ClientConnection by channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientOutput implements SessionListener {

  /// How much is gathered before it is given to the network even though no batch has ended.
  static final int FULL_BYTES = 64 * 1024;

  /// How much room is kept between batches.
  private static final int KEPT_BYTES = 8 * 1024;

  /// How long a client that was told why may take to close the connection itself.
  private static final int LINGER_SECONDS = 2;

  private final Channel channel;
  private final ByteSink sink = new ByteSink(512);
  private final Map<String, String> changedParameters = new LinkedHashMap<>();
  private ZoneId zone = ZoneOffset.UTC;

  ClientOutput(Channel channel) {
    this.channel = channel;
  }

  void write(BackendMessage message) {
    BackendWriter.write(message, sink);
  }

  /// Writes a row, and gives what is there to the network when it is much.
  void writeRow(RowWriter writer, @Nullable Object[] row) {
    int before = sink.size();
    try {
      writer.write(row, zone, sink);
    } catch (RuntimeException | Error e) {
      sink.truncate(before); // No half messages.
      throw e;
    }
    if (full()) {
      flush();
    }
  }

  /// Writes the reported parameters that changed, then that the session is ready, and flushes.
  void ready(TransactionStatus status) {
    changedParameters.forEach(
        (name, value) -> write(new BackendMessage.ParameterStatus(name, value)));
    changedParameters.clear();
    write(new BackendMessage.ReadyForQuery(status));
    flush();
  }

  /// The session's time zone.
  ZoneId zone() {
    return zone;
  }

  boolean full() {
    return sink.size() >= FULL_BYTES;
  }

  /// How many bytes are gathered.
  int size() {
    return sink.size();
  }

  /// Whether the client keeps up with what was given to the network. If it is gone it does: what is
  /// written then goes nowhere.
  boolean writable() {
    return channel.isWritable() || !channel.isActive();
  }

  void flush() {
    if (sink.size() > 0) {
      channel.writeAndFlush(take(), channel.voidPromise());
    }
  }

  private ByteBuf take() {
    ByteBuf bytes = channel.alloc().ioBuffer(sink.size());
    bytes.writeBytes(sink.array(), 0, sink.size());
    sink.clear(KEPT_BYTES);
    return bytes;
  }

  /// Gives everything to the network and closes the connection after it.
  ///
  /// The sending side is closed first: with unread input, closing both would reset the connection
  /// and the client might never see the last message.
  void flushAndClose() {
    channel
        .writeAndFlush(take())
        .addListener(sent -> {
          if (sent.isSuccess() && channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
          } else {
            channel.close();
          }
        });
  }

  @Override
  public void notice(Severity severity, DatabaseException message) {
    write(new BackendMessage.NoticeResponse(severity.name(), message));
  }

  @Override
  public void parameterChanged(String name, String value) {
    changedParameters.put(name, value);
    applied(name, value);
  }

  /// Takes what a session's parameter means for how values are written.
  void applied(String name, String value) {
    if (name.equals("TimeZone")) {
      zone = TimeZones.byName(value).orElse(zone);
    }
  }
}
