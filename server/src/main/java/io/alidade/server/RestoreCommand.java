package io.alidade.server;

import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.storage.DatabaseOptions;
import io.alidade.storage.DatabaseRestore;
import io.alidade.storage.RestoreTarget;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.BackupReader;
import io.alidade.storage.backup.BackupStream;
import io.alidade.storage.file.CorruptFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `alidade restore`: makes a data directory of a backup, or a table of a running server.
@Command(
    name = "restore",
    description =
        "Makes a new data directory of a backup (--data), brought forward by archived log if that"
            + " is given; or makes a table of a running server (--url) of a table in it, beside the"
            + " tables that are there. Everything is verified before it can be used; a restore that"
            + " fails leaves nothing that a server would open. Ends with status 0 when it is done,"
            + " 1 when it is not, and 2 when the command was wrong.")
final class RestoreCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "the backup")
  private Path file;

  @ArgGroup(multiplicity = "1")
  private Where where;

  @Option(
      names = "--log-archive",
      paramLabel = "DIR",
      description = "apply the log that was archived there, to its end if nothing else is said")
  private @Nullable Path archive;

  @Option(
      names = "--to-lsn",
      paramLabel = "LSN",
      description = "up to this commit, as a number or as pg_lsn shows it")
  private @Nullable String toLsn;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description =
          "up to the last commit at or before that time, such as 2026-01-31T12:00:00Z; UTC if no"
              + " zone is given")
  private @Nullable String toTime;

  @Option(
      names = "--branch",
      paramLabel = "ID",
      description =
          "go on along the log of this branch, of a database that was restored from the backup's;"
              + " the beginning of its identity is enough (default: the backup's own)")
  private @Nullable String branch;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description =
          "with --url: which table of the backup, name or schema.name (default: its only one)")
  private @Nullable String table;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "with --url: what to call it (default: as it was called)")
  private @Nullable String newName;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RestoreCommand() {}

  /// Where to.
  private static final class Where {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "the data directory to make; must be empty or not there")
    private @Nullable Path data;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "the running server to make a table in, as for JDBC or psql")
    private @Nullable String url;
  }

  @Override
  public Integer call() throws SQLException, IOException {
    Terminal.quietLog();
    try {
      if (where.data != null) {
        refuse("goes with --url", table, newName);
        return restoreDirectory(where.data);
      }
      refuse("goes with --data", archive, toLsn, toTime, branch);
      return restoreTable(java.util.Objects.requireNonNull(where.url));
    } catch (DatabaseException e) {
      return failed(e.message());
    } catch (CorruptFileException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  private int failed(String why) {
    spec.commandLine().getErr().println("alidade: not restored: " + why);
    return Main.FAILURE;
  }

  private void refuse(String why, @Nullable Object... given) {
    for (Object option : given) {
      if (option != null) {
        throw new ParameterException(spec.commandLine(), "\"" + option + "\" " + why);
      }
    }
  }

  private int restoreDirectory(Path data) throws IOException, CorruptFileException {
    DatabaseRestore.Options options =
        new DatabaseRestore.Options(
            target(), Optional.ofNullable(archive), Optional.ofNullable(branch));
    long start = System.nanoTime();
    try (InputStream in = open()) {
      DatabaseRestore.Result result =
          DatabaseRestore.run(in, file, data, options, DatabaseOptions.DEFAULT);
      spec.commandLine()
          .getOut()
          .println(
              "%s: restored and verified: LSN %d (%s), %d tables, %d rows, branch %s; %d ms"
                  .formatted(
                      data,
                      result.lsn(),
                      new Lsn(result.lsn()),
                      result.check().contents().tables(),
                      result.check().contents().rows(),
                      result.history().current().id(),
                      (System.nanoTime() - start) / 1_000_000));
      spec.commandLine().getOut().flush();
      return 0;
    }
  }

  private InputStream open() throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), 1 << 20);
  }

  private RestoreTarget target() {
    if (toLsn != null && toTime != null) {
      throw new ParameterException(spec.commandLine(), "--to-lsn and --to-time exclude each other");
    }
    if (toLsn != null) {
      return new RestoreTarget.AtLsn(lsn(toLsn));
    }
    if (toTime != null) {
      return new RestoreTarget.AtTime(micros(toTime));
    }
    return archive == null ? new RestoreTarget.Backup() : new RestoreTarget.End();
  }

  private long lsn(String text) {
    try {
      return text.contains("/")
          ? Lsn.parse(text).orElseThrow(() -> new NumberFormatException(text)).value()
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new ParameterException(spec.commandLine(), "\"" + text + "\" is not an LSN", e);
    }
  }

  private long micros(String text) {
    String iso = text.strip().replace(' ', 'T');
    try {
      return ChronoUnit.MICROS.between(
          java.time.Instant.EPOCH, OffsetDateTime.parse(iso).toInstant());
    } catch (DateTimeParseException zoneless) {
      try {
        return ChronoUnit.MICROS.between(
            java.time.Instant.EPOCH, LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
      } catch (DateTimeParseException e) {
        throw new ParameterException(
            spec.commandLine(), "\"" + text + "\" is not a time as 2026-01-31T12:00:00Z", e);
      }
    }
  }

  private int restoreTable(String url) throws SQLException, IOException, CorruptFileException {
    BackupHeader header;
    try (InputStream in = open()) {
      header = BackupStream.verify(new BackupReader(in, file)).header();
    }
    String source = table == null ? onlyTable(header.tables()) : table;
    String target = newName == null ? source : newName;
    String snapshot = "restore_" + UUID.randomUUID();
    try (Connection connection = ServerConnection.open(Optional.of(url));
        InputStream in = open()) {
      ServerConnection.upload(connection, snapshot, in);
      try {
        ServerConnection.run(
            connection, "SELECT alidade_restore_table(?, ?, ?)", snapshot, source, target);
      } finally {
        ServerConnection.run(connection, "SELECT alidade_drop_snapshot(?)", snapshot);
      }
    }
    spec.commandLine().getOut().println("table " + target + " restored from LSN " + header.lsn());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private String onlyTable(List<String> tables) {
    if (tables.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "the backup holds " + tables.size() + " tables: say which (--table)");
    }
    return tables.getFirst();
  }
}
