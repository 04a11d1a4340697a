package io.alidade.server;

import io.alidade.embedding.MiniLmEmbedder;
import io.alidade.engine.TextEmbedder;
import io.alidade.model.DatabaseException;
import io.alidade.pgwire.PgServer;
import io.alidade.sql.SqlEngine;
import io.alidade.sql.session.SessionEngine;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: the one place where the database, SQL, the doors and the embedder are made and
/// put together, and ended in the opposite order.
public final class AlidadeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlidadeServer.class);

  private final ServerConfiguration configuration;
  private final MiniLmEmbedder embedder;
  private final Database database;
  private final SqlEngine engine;
  private final PgServer pgServer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private AlidadeServer(
      ServerConfiguration configuration,
      MiniLmEmbedder embedder,
      Database database,
      SqlEngine engine,
      PgServer pgServer) {
    this.configuration = configuration;
    this.embedder = embedder;
    this.database = database;
    this.engine = engine;
    this.pgServer = pgServer;
  }

  /// Opens the database, recovers it, and listens; returns when clients may connect.
  ///
  /// @throws StartupException when the directory or the port cannot be had
  public static AlidadeServer start(ServerConfiguration configuration) throws StartupException {
    Database database = open(configuration);
    MiniLmEmbedder embedder = new MiniLmEmbedder();
    try {
      SessionEngine engine =
          new SessionEngine(database, Optional.of(embedder), configuration.settings());
      PgServer pgServer = listen(configuration, engine);
      Thread.ofPlatform().daemon().name("alidade-warm-up").start(engine::warmUp);
      LOG.info("listening on {}, data in {}", pgServer.address(), absolute(configuration.data()));
      return new AlidadeServer(configuration, embedder, database, engine, pgServer);
    } catch (DatabaseException e) {
      database.close();
      throw new StartupException(message(e), e);
    } catch (StartupException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Database open(ServerConfiguration configuration) throws StartupException {
    Path data = configuration.data();
    try {
      DatabaseOptions options = SessionEngine.databaseOptions(configuration.settings());
      return configuration.archiving().isPresent()
          ? Database.open(data, options, configuration.archiving().get())
          : Database.open(data, options);
    } catch (DatabaseException | CorruptFileException e) {
      throw new StartupException(message(e), e);
    } catch (IOException e) {
      throw new StartupException("cannot open data directory " + absolute(data) + ": " + e, e);
    }
  }

  private static PgServer listen(ServerConfiguration configuration, SqlEngine engine)
      throws StartupException {
    try {
      return PgServer.builder(engine)
          .host(configuration.host())
          .port(configuration.pgPort())
          .start();
    } catch (IOException e) {
      engine.close();
      String where = hostAndPort(configuration.host(), configuration.pgPort());
      if (e.getCause() instanceof BindException) {
        throw new StartupException(
            "cannot listen on "
                + where
                + ": the port is taken or not allowed; choose another"
                + " with --pg-port",
            e);
      }
      throw new StartupException("cannot listen on " + where + ": " + e.getCause(), e);
    }
  }

  /// Has somebody told when the database has stopped for good: [Database#whenStopped].
  void whenStopped(Consumer<Throwable> listener) {
    database.whenStopped(listener);
  }

  /// The directory served, as an absolute path.
  public Path data() {
    return absolute(configuration.data());
  }

  /// Where PostgreSQL's clients connect, as HOST:PORT.
  public String pgAddress() {
    return hostAndPort(configuration.host(), pgServer.port());
  }

  /// Where JDBC connects.
  public String jdbcUrl() {
    return "jdbc:postgresql://" + pgAddress() + "/alidade?user=alidade";
  }

  /// Where psql connects.
  public String psqlUrl() {
    return "postgresql://alidade@" + pgAddress() + "/alidade";
  }

  /// What SQL's `embed()` calls.
  public TextEmbedder textEmbedder() {
    return embedder;
  }

  /// What those who started the server wait for.
  String readyLine() {
    return "alidade ready pg=" + pgAddress() + " http=off data=" + data();
  }

  /// Ends it: no new clients, then the statements that run, then what they used. A second call does
  /// nothing.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LOG.info("shutting down");
      pgServer.close();
      engine.close();
      database.close();
      embedder.close();
      LOG.info("shut down");
    }
  }

  private static String hostAndPort(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
