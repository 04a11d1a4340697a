package io.alidade.pgwire.connection;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.ByteSink;
import io.alidade.pgwire.codec.BackendWriter;
import io.alidade.pgwire.codec.Received;
import io.alidade.pgwire.message.BackendMessage;
import io.alidade.pgwire.message.FrontendMessage;
import io.alidade.pgwire.message.FrontendMessage.Opening;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loop's side of a connection: answers what comes before a session, puts messages into
/// the inbox, stops reading when the inbox is full, and wakes the conversation.
// What becomes of a write or a close is told by channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
public final class ClientConnection extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  private final ServerContext server;
  private final Channel channel;
  private final Inbox inbox;
  private final Conversation conversation;
  private final SerialTask task;

  private boolean opening = true;
  private boolean anythingNew;
  private @Nullable Future<?> authenticationTimeout;
  private @Nullable Future<?> laterWakeUp;
  private volatile boolean terminateSeen;
  private volatile boolean paused;

  public ClientConnection(ServerContext server, Channel channel) {
    this.server = server;
    this.channel = channel;
    this.inbox = new Inbox(server.limits());
    this.conversation = new Conversation(server, this, new ClientOutput(channel));
    this.task = new SerialTask(server.workers(), conversation);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!server.add(this)) {
      channel.close();
      return;
    }
    authenticationTimeout =
        channel
            .eventLoop()
            .schedule(
                this::closeUnlessOpened,
                server.limits().authenticationTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    if (server.draining()) {
      channel.close();
    }
  }

  private void closeUnlessOpened() {
    if (opening) {
      channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof Received received)) {
      ReferenceCountUtil.release(message);
      return;
    }
    switch (received.message()) {
      case Opening.SslRequest(), Opening.GssEncryptionRequest() -> answerNo();
      case Opening.CancelRequest(var processId, var key) -> {
        server.cancelKeys().cancel(processId, key);
        channel.close(); // Whether or not there was such a session.
      }
      case Opening.Startup startup -> startup(startup, received);
      case FrontendMessage.Broken broken when opening -> refuse(broken.error());
      case FrontendMessage.Terminate() -> {
        terminateSeen = true;
        enqueue(received);
      }
      default -> enqueue(received);
    }
  }

  private void answerNo() {
    channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'N'}), channel.voidPromise());
  }

  private void startup(Opening.Startup startup, Received received) {
    opening = false;
    Future<?> timeout = authenticationTimeout;
    if (timeout != null) {
      timeout.cancel(false);
    }
    if (!server.trust().admits(channel.remoteAddress())) {
      refuse(
          new DatabaseException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
              "connections without a password are only accepted from this machine, not from "
                  + channel.remoteAddress()));
      return;
    }
    if (startup.major() == StartupRequest.MAJOR && server.draining()) {
      refuse(
          new DatabaseException(
              SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down"));
      return;
    }
    enqueue(received);
  }

  /// Answers a client that gets no session.
  private void refuse(DatabaseException error) {
    ByteSink sink = new ByteSink();
    BackendWriter.write(new BackendMessage.ErrorResponse("FATAL", error, 0), sink);
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(sink.array(), 0, sink.size()))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void enqueue(Received received) {
    inbox.add(received);
    anythingNew = true;
    if (!paused && inbox.isOverLimit()) {
      paused = true;
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (anythingNew) {
      anythingNew = false;
      task.wake();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      task.wake();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Future<?> timeout = authenticationTimeout;
    if (timeout != null) {
      timeout.cancel(false);
    }
    Future<?> later = laterWakeUp;
    if (later != null) {
      later.cancel(false);
    }
    if (!terminateSeen) {
      conversation.cancel(); // Nobody waits for the answer.
    }
    task.wake();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("a connection is closed because of an error in the server", cause);
    }
    channel.close();
  }

  /// The next message; called by the conversation.
  @Nullable FrontendMessage poll() {
    FrontendMessage message = inbox.poll();
    if (paused && inbox.isHalfEmpty()) {
      channel.eventLoop().execute(this::resume);
    }
    return message;
  }

  private void resume() {
    if (paused && inbox.isHalfEmpty()) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  /// Whether the client went without saying goodbye.
  boolean vanished() {
    return !channel.isActive() && !terminateSeen;
  }

  /// Whether nobody is there to read an answer.
  boolean closed() {
    return !channel.isActive();
  }

  /// Called once, when the conversation is over.
  void over() {
    inbox.clear();
    server.remove(this);
    if (paused) { // So that the end of the client's input is seen.
      channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
    }
  }

  void wake() {
    task.wake();
  }

  /// Wakes the conversation later, and not at the time asked for before, if it is still to come.
  void wakeAfter(Duration delay) {
    channel
        .eventLoop()
        .execute(() -> {
          Future<?> before = laterWakeUp;
          if (before != null) {
            before.cancel(false);
          }
          laterWakeUp =
              channel.eventLoop().schedule(task::wake, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
        });
  }

  void cancel() {
    conversation.cancel();
  }

  void close() {
    channel.close();
  }
}
