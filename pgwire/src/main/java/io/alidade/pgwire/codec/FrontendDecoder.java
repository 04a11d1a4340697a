package io.alidade.pgwire.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.pgwire.message.FrontendMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Arrays;
import java.util.List;

/// Cuts a client's bytes into messages, and hands on [Received] ones.
///
/// A length is checked before anything is kept for it. A body that is not there yet is kept in an
/// array that grows with what comes, not with what is announced. A message over the limit is passed
/// over and told of, so the session can go on; one whose length cannot be meant ends the
/// connection.
public final class FrontendDecoder extends ByteToMessageDecoder {

  /// PostgreSQL's limit on what a client may send before it is known.
  public static final int STARTUP_MAX_BYTES = 10_000;

  /// The length from which on a message is taken for garbage: PostgreSQL's own limit.
  private static final int ABSURD_BYTES = (1 << 30) - 1;

  private static final int LENGTH_BYTES = 4;
  private static final int FIRST_CHUNK_BYTES = 64 * 1024;

  private enum State {
    OPENING,
    HEADER,
    BODY,
    PASSING_OVER,
    BROKEN
  }

  private final int messageMaxBytes;
  private State state = State.OPENING;

  // The message whose body is being collected or passed over.
  private char type;
  private int length;
  private int arrived;
  private byte[] body = new byte[0];

  /// @param messageMaxBytes the longest body that is taken
  public FrontendDecoder(int messageMaxBytes) {
    this.messageMaxBytes = messageMaxBytes;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    switch (state) {
      case OPENING -> opening(in, out);
      case HEADER -> header(in, out);
      case BODY -> body(in, out);
      case PASSING_OVER -> passOver(in, out);
      case BROKEN -> in.skipBytes(in.readableBytes());
    }
  }

  private void opening(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < LENGTH_BYTES) {
      return;
    }
    int announced = in.getInt(in.readerIndex());
    if (announced < 2 * LENGTH_BYTES || announced > STARTUP_MAX_BYTES) {
      breakOff(in, "invalid length of startup packet", out);
      return;
    }
    if (in.readableBytes() < announced) {
      return;
    }
    FrontendMessage message;
    try {
      message = OpeningReader.read(in.readSlice(announced).skipBytes(LENGTH_BYTES));
    } catch (DatabaseException e) {
      breakOff(in, e, out);
      return;
    }
    if (message instanceof FrontendMessage.Opening.Startup) {
      state = State.HEADER;
    }
    out.add(new Received(message, announced));
  }

  private void header(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 1 + LENGTH_BYTES) {
      return;
    }
    type = (char) in.readUnsignedByte();
    int announced = in.readInt();
    if (!MessageReader.isType(type)) {
      breakOff(in, "invalid frontend message type " + (int) type, out);
    } else if (announced < LENGTH_BYTES || announced > ABSURD_BYTES) {
      breakOff(in, "invalid message length", out);
    } else {
      length = announced - LENGTH_BYTES;
      arrived = 0;
      if (length > messageMaxBytes) {
        state = State.PASSING_OVER;
      } else if (in.readableBytes() >= length) {
        message(in.readSlice(length), out);
      } else {
        body = new byte[Math.min(length, FIRST_CHUNK_BYTES)];
        state = State.BODY;
      }
    }
  }

  private void body(ByteBuf in, List<Object> out) {
    int taken = Math.min(in.readableBytes(), length - arrived);
    if (arrived + taken > body.length) {
      long doubled = Math.max(2L * body.length, (long) arrived + taken);
      body = Arrays.copyOf(body, (int) Math.min(length, doubled));
    }
    in.readBytes(body, arrived, taken);
    arrived += taken;
    if (arrived == length) {
      ByteBuf whole = Unpooled.wrappedBuffer(body, 0, length);
      body = new byte[0];
      state = State.HEADER;
      message(whole, out);
    }
  }

  private void passOver(ByteBuf in, List<Object> out) {
    int taken = Math.min(in.readableBytes(), length - arrived);
    in.skipBytes(taken);
    arrived += taken;
    if (arrived == length) {
      state = State.HEADER;
      DatabaseException error =
          new DatabaseException(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              "message of "
                  + length
                  + " bytes is over the limit of "
                  + messageMaxBytes
                  + " bytes (message_max)");
      out.add(new Received(new FrontendMessage.Unreadable(type, error), 0));
    }
  }

  private void message(ByteBuf in, List<Object> out) {
    FrontendMessage message;
    try {
      message = MessageReader.read(type, in);
    } catch (DatabaseException e) {
      message = new FrontendMessage.Unreadable(type, e);
    }
    out.add(new Received(message, 1 + LENGTH_BYTES + length));
  }

  private void breakOff(ByteBuf in, String message, List<Object> out) {
    breakOff(in, new DatabaseException(SqlState.PROTOCOL_VIOLATION, message), out);
  }

  private void breakOff(ByteBuf in, DatabaseException error, List<Object> out) {
    state = State.BROKEN;
    in.skipBytes(in.readableBytes());
    out.add(new Received(new FrontendMessage.Broken(error), 0));
  }
}
