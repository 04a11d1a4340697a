package io.alidade.server;

import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.BackupReader;
import io.alidade.storage.backup.BackupStream;
import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.CorruptFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `alidade backup`: copies a database, or a table of it, into one file; or verifies such a file.
@Command(
    name = "backup",
    description =
        "Copies a whole database, or one table, into one checksummed file: from a running server"
            + " (--url), which goes on reading and writing, or from a data directory that no server"
            + " has open (--data). With --verify it reads such a file and checks every byte. Ends"
            + " with status 0 when the file is there and whole, 1 when it is damaged or the copy"
            + " failed, and 2 when the command was wrong or --verify could not read the file.")
final class BackupCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @ArgGroup(multiplicity = "1")
  private What what;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "the running server, as for JDBC or psql (default: " + ServerConnection.DEFAULT_URL + ")")
  private @Nullable String url;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "a data directory that no server has open, in place of a server")
  private @Nullable Path data;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "only this table: name or schema.name")
  private @Nullable String table;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  BackupCommand() {}

  /// What to do.
  private static final class What {
    @Option(
        names = "--to",
        paramLabel = "FILE|DIR",
        description =
            "the file to write, which must not be there yet; in a directory, a file named by LSN"
                + " and time")
    private @Nullable Path to;

    @Option(names = "--verify", paramLabel = "FILE", description = "the backup to verify")
    private @Nullable Path verify;
  }

  @Override
  public Integer call() throws SQLException, IOException {
    Terminal.quietLog();
    if (what.verify != null) {
      return verify(what.verify);
    }
    if (url != null && data != null) {
      throw new ParameterException(spec.commandLine(), "--url and --data exclude each other");
    }
    Path to = java.util.Objects.requireNonNull(what.to);
    if (Files.exists(to) && !Files.isDirectory(to)) {
      return failed("file " + to + " is there already");
    }
    Path temporary =
        AtomicFile.temporary(
            Files.isDirectory(to) ? to.resolve("alidade-" + ProcessHandle.current().pid()) : to);
    try {
      long start = System.nanoTime();
      write(temporary);
      BackupReader.Contents contents = read(temporary);
      Path file = Files.isDirectory(to) ? to.resolve(nameOf(contents.header())) : to;
      AtomicFile.publish(temporary, file);
      print(file, contents, (System.nanoTime() - start) / 1_000_000);
      return 0;
    } catch (DatabaseException e) {
      return failed(e.message());
    } catch (CorruptFileException e) {
      return failed(String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private int failed(String why) {
    spec.commandLine().getErr().println("alidade: no backup: " + why);
    return Main.FAILURE;
  }

  private static String nameOf(BackupHeader header) {
    String scope =
        header.scope() == BackupHeader.Scope.TABLE ? header.tables().getFirst() : "alidade";
    return "%s-%d-%s.backup"
        .formatted(scope.replace('/', '_'), header.lsn(), STAMP.format(time(header)));
  }

  private static Instant time(BackupHeader header) {
    return Instant.EPOCH.plus(header.micros(), ChronoUnit.MICROS);
  }

  private void write(Path temporary) throws SQLException, IOException, CorruptFileException {
    try (FileChannel channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      if (data != null) {
        copyDirectory(data, out);
      } else {
        try (Connection connection = ServerConnection.open(Optional.ofNullable(url))) {
          ServerConnection.download(connection, Optional.ofNullable(table), out);
        }
      }
      channel.force(true);
    }
  }

  private void copyDirectory(Path directory, OutputStream out)
      throws IOException, CorruptFileException {
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT);
        BackupStream stream = database.snapshots().open(tableOid(database))) {
      long ignored = stream.writeTo(out);
    }
  }

  private OptionalInt tableOid(Database database) {
    if (table == null) {
      return OptionalInt.empty();
    }
    int dot = table.indexOf('.');
    String schema = dot < 0 ? "public" : table.substring(0, dot);
    return OptionalInt.of(
        database
            .catalog()
            .table(schema, table.substring(dot + 1))
            .orElseThrow(() ->
                new DatabaseException(
                    io.alidade.model.SqlState.UNDEFINED_TABLE,
                    "relation \"" + table + "\" does not exist"))
            .oid());
  }

  private int verify(Path file) {
    try {
      long start = System.nanoTime();
      BackupReader.Contents contents = read(file);
      print(file, contents, (System.nanoTime() - start) / 1_000_000);
      return 0;
    } catch (CorruptFileException e) {
      spec.commandLine().getOut().println("damaged: " + e.getMessage());
      return Main.FAILURE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("alidade: not verified: " + e);
      return Main.USAGE;
    }
  }

  /// Reads all of a backup and checks it.
  private static BackupReader.Contents read(Path file) throws IOException, CorruptFileException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
      return BackupStream.verify(new BackupReader(in, file));
    }
  }

  private void print(Path file, BackupReader.Contents contents, long millis) throws IOException {
    BackupHeader header = contents.header();
    spec.commandLine()
        .getOut()
        .println(
            ("%s: %s, LSN %d (%s), log from %d, %s, %d tables, %d files, %d bytes, database %s,"
                    + " branch %s, sha256 %s, whole; %d ms")
                .formatted(
                    file,
                    header.scope() == BackupHeader.Scope.TABLE ? "one table" : "whole database",
                    header.lsn(),
                    new Lsn(header.lsn()),
                    header.logFrom(),
                    time(header),
                    header.tables().size(),
                    header.files(),
                    Files.size(file),
                    header.history().database(),
                    header.history().current().id(),
                    contents.checksum(),
                    millis));
    spec.commandLine().getOut().flush();
  }
}
