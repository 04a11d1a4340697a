package io.alidade.pgwire;

import io.alidade.pgwire.auth.Trust;
import io.alidade.pgwire.codec.FrontendDecoder;
import io.alidade.pgwire.connection.ClientConnection;
import io.alidade.pgwire.connection.ConnectionLimits;
import io.alidade.pgwire.connection.ServerContext;
import io.alidade.pgwire.connection.Workers;
import io.alidade.sql.SqlEngine;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A server that speaks PostgreSQL's protocol on one address.
///
/// ```java
/// try (PgServer server = PgServer.builder(engine).port(0).start()) {
///   connectTo("jdbc:postgresql://127.0.0.1:" + server.port() + "/alidade");
/// }
/// ```
///
/// Thread-safe. It does not close its engine.
public final class PgServer implements AutoCloseable {

  private static final int LOW_WATER_BYTES = 64 * 1024;
  private static final int HIGH_WATER_BYTES = 256 * 1024;
  private static final int BACKLOG = 511;

  /// How long sessions that were cancelled may take to end.
  private static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

  private final ServerContext context;
  private final Workers workers;
  private final EventLoopGroup eventLoops;
  private final Channel listener;
  private final InetSocketAddress address;
  private final Duration drainTimeout;

  private PgServer(Builder builder) throws IOException {
    workers = new Workers(builder.workers, "alidade-session");
    context = new ServerContext(builder.engine, builder.limits(), builder.trust, workers);
    drainTimeout = builder.drainTimeout;
    int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    eventLoops =
        new MultiThreadIoEventLoopGroup(
            loops, new DefaultThreadFactory("alidade-network", true), NioIoHandler.newFactory());
    var bound =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .childHandler(new Connections(context))
            .bind(builder.host, builder.port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stopThreads();
      throw new IOException("cannot listen on " + builder.host + ":" + builder.port, bound.cause());
    }
    listener = bound.channel();
    address = (InetSocketAddress) listener.localAddress();
  }

  /// Prepares a server for the sessions of an engine.
  public static Builder builder(SqlEngine engine) {
    return new Builder(engine);
  }

  /// The address it listens on.
  public InetSocketAddress address() {
    return address;
  }

  /// The port it listens on, also when port 0 was asked for.
  public int port() {
    return address.getPort();
  }

  /// How many connections there are.
  public int connections() {
    return context.connections();
  }

  /// Stops: no new connections; idle sessions end with 57P01 at once and running ones after their
  /// statement, or, when the drain timeout has passed, by being cancelled. Returns when all have
  /// ended.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    context.drain();
    awaitNoConnections(drainTimeout);
    context.cancelAll();
    if (!awaitNoConnections(CANCEL_GRACE)) {
      context.closeAll();
      awaitNoConnections(CANCEL_GRACE);
    }
    stopThreads();
  }

  private boolean awaitNoConnections(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (context.connections() > 0) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    return true;
  }

  private void stopThreads() {
    workers.close();
    // A loop that shuts down closes its channels first: what the last sessions said goes out
    // before.
    eventLoops.forEach(loop -> {
      if (!loop.isShuttingDown()) {
        loop.submit(() -> {}).awaitUninterruptibly();
      }
    });
    eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// Sets up what each new connection's bytes go through.
  private static final class Connections extends ChannelInitializer<Channel> {
    private final ServerContext context;

    Connections(ServerContext context) {
      this.context = context;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(new FrontendDecoder(context.limits().messageBytes()))
          .addLast(new ClientConnection(context, channel));
    }
  }

  /// Collects what a server is started with.
  public static final class Builder {
    private final SqlEngine engine;
    private String host = "127.0.0.1";
    private int port = 5432;
    private Trust trust = Trust.LOOPBACK;
    private int maxSessions = ConnectionLimits.DEFAULT.sessions();
    private int maxMessageBytes = ConnectionLimits.DEFAULT.messageBytes();
    private int workers = ConnectionLimits.DEFAULT.workers();
    private Duration authenticationTimeout = ConnectionLimits.DEFAULT.authenticationTimeout();
    private Duration drainTimeout = Duration.ofSeconds(10);

    private Builder(SqlEngine engine) {
      this.engine = engine;
    }

    /// The address to listen on; at first only this machine's own.
    public Builder host(String value) {
      host = value;
      return this;
    }

    /// The port to listen on; 0 for any that is free.
    public Builder port(int value) {
      port = value;
      return this;
    }

    /// Lets everybody in who reaches the address, without a password. Otherwise only clients on
    /// this machine are.
    public Builder trustEverybody() {
      trust = Trust.EVERYWHERE;
      return this;
    }

    /// How many sessions there may be (`max_connections`).
    public Builder maxSessions(int value) {
      maxSessions = value;
      return this;
    }

    /// The longest message that is taken (`message_max`), in bytes.
    public Builder maxMessageBytes(int value) {
      maxMessageBytes = value;
      return this;
    }

    /// How many threads run statements.
    public Builder workers(int value) {
      workers = value;
      return this;
    }

    /// How long a connection may last without becoming a session.
    public Builder authenticationTimeout(Duration value) {
      authenticationTimeout = value;
      return this;
    }

    /// How long [PgServer#close] waits for running statements before it cancels them.
    public Builder drainTimeout(Duration value) {
      drainTimeout = value;
      return this;
    }

    private ConnectionLimits limits() {
      ConnectionLimits usual = ConnectionLimits.DEFAULT;
      return new ConnectionLimits(
          maxSessions,
          maxMessageBytes,
          usual.inboundBytes(),
          usual.inboundMessages(),
          authenticationTimeout,
          workers);
    }

    /// Starts listening.
    ///
    /// @throws IOException when the address cannot be had
    public PgServer start() throws IOException {
      return new PgServer(this);
    }
  }
}
