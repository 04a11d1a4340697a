package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BYTEA;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NUMERIC;
import static io.alidade.model.ColumnType.OID;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.model.ColumnType.TIMESTAMPTZ;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.Lsn;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ScalarOperator.Volatility;
import io.alidade.storage.Snapshots;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.BackupStream;
import io.alidade.storage.backup.SnapshotStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Functions that take, keep, send and receive snapshots, and PostgreSQL's about the log's
/// position.
///
/// They are not part of the transaction that calls them: what they did stays when it is rolled
/// back.
final class BackupFunctions {
  private static final List<TableFunction.Column> CHUNKS =
      List.of(new TableFunction.Column("chunk", BYTEA));

  private static final List<TableFunction.Column> SNAPSHOT =
      List.of(
          new TableFunction.Column("name", TEXT),
          new TableFunction.Column("scope", TEXT),
          new TableFunction.Column("tables", ColumnType.arrayOf(TEXT)),
          new TableFunction.Column("lsn", TEXT),
          new TableFunction.Column("created", TIMESTAMPTZ),
          new TableFunction.Column("bytes", INT8));

  private BackupFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    streams(builder);
    snapshots(builder);
    restores(builder);
    positions(builder);
  }

  private static void streams(FunctionRegistry.Builder builder) {
    builder.table(
        signature("alidade_backup", BYTEA),
        CHUNKS,
        (context, _) -> new Chunks(context, context.snapshots().open(OptionalInt.empty())));
    builder.table(
        signature("alidade_backup", BYTEA, TEXT),
        CHUNKS,
        (context, arguments) ->
            new Chunks(
                context, context.snapshots().open(OptionalInt.of(table(context, arguments[0])))));
    builder.table(
        signature("alidade_read_snapshot", BYTEA, TEXT),
        CHUNKS,
        (context, arguments) ->
            new Chunks(context, context.snapshots().open(text(arguments[0], "snapshot name"))));
  }

  private static void snapshots(FunctionRegistry.Builder builder) {
    builder.table(
        signature("alidade_create_snapshot", TEXT, TEXT),
        SNAPSHOT,
        (context, arguments) -> create(context, arguments[0], OptionalInt.empty()));
    builder.table(
        signature("alidade_create_snapshot", TEXT, TEXT, TEXT),
        SNAPSHOT,
        (context, arguments) ->
            create(context, arguments[0], OptionalInt.of(table(context, arguments[1]))));
    builder.table(
        signature("alidade_list_snapshots", TEXT),
        SNAPSHOT,
        (context, _) -> context.snapshots().list().stream().map(BackupFunctions::row).iterator());
    builder.scalar(
        signature("alidade_drop_snapshot", TEXT, TEXT),
        Volatility.VOLATILE,
        (Implementation.OfOne)
            (context, name) -> {
              context.snapshots().drop((String) name);
              return "";
            });
  }

  private static Iterator<@Nullable Object[]> create(
      EvaluationContext context, @Nullable Object name, OptionalInt table) {
    String given = text(name, "snapshot name");
    return List.<@Nullable Object[]>of(row(context.snapshots().create(given, table))).iterator();
  }

  private static @Nullable Object[] row(SnapshotStore.Stored stored) {
    BackupHeader header = stored.header();
    return new @Nullable Object[] {
      stored.name(),
      header.scope().name().toLowerCase(Locale.ROOT),
      new ArrayList<@Nullable Object>(header.tables()), // Which may be asked for NULLs.
      new Lsn(header.lsn()).toString(),
      header.micros(),
      header.bytes()
    };
  }

  private static void restores(FunctionRegistry.Builder builder) {
    builder.scalar(
        signature("alidade_upload_snapshot", INT8, TEXT, INT8, BYTEA),
        Volatility.VOLATILE,
        (Implementation.OfRow)
            (context, arguments) ->
                context
                    .snapshots()
                    .upload(
                        text(arguments[0], "snapshot name"),
                        (Long) required(arguments[1], "offset"),
                        (byte[]) required(arguments[2], "bytes")));
    builder.table(
        signature("alidade_receive_snapshot", TEXT, TEXT),
        SNAPSHOT,
        (context, arguments) ->
            List.<@Nullable Object[]>of(
                    row(context.snapshots().receiveUpload(text(arguments[0], "snapshot name"))))
                .iterator());
    for (ColumnType[] arguments : new ColumnType[][] {{TEXT}, {TEXT, TEXT}, {TEXT, TEXT, TEXT}}) {
      builder.scalar(
          signature("alidade_restore_table", OID, arguments),
          Volatility.VOLATILE,
          (Implementation.OfRow) BackupFunctions::restoreTable);
    }
  }

  private static Object restoreTable(EvaluationContext context, @Nullable Object[] arguments) {
    Optional<Snapshots.TableName> source =
        arguments.length > 1 ? name(arguments[1]) : Optional.empty();
    Optional<Snapshots.TableName> target =
        arguments.length > 2 ? name(arguments[2]) : Optional.empty();
    String snapshot = text(arguments[0], "snapshot name");
    return (long) context.snapshots().restoreTable(snapshot, source, target, context::checkpoint);
  }

  /// `schema.table`, or a table of schema `public`.
  private static Optional<Snapshots.TableName> name(@Nullable Object argument) {
    if (!(argument instanceof String text)) {
      return Optional.empty();
    }
    int dot = text.indexOf('.');
    return Optional.of(
        dot < 0
            ? new Snapshots.TableName("public", text)
            : new Snapshots.TableName(text.substring(0, dot), text.substring(dot + 1)));
  }

  private static int table(EvaluationContext context, @Nullable Object name) {
    String text = text(name, "table name");
    OptionalLong oid = context.objects().relation(text);
    return (int)
        oid.orElseThrow(() ->
            new DatabaseException(
                SqlState.UNDEFINED_TABLE, "relation \"" + text + "\" does not exist"));
  }

  private static String text(@Nullable Object argument, String what) {
    return (String) required(argument, what);
  }

  private static Object required(@Nullable Object argument, String what) {
    if (argument == null) {
      throw new DatabaseException(SqlState.NULL_VALUE_NOT_ALLOWED, what + " cannot be null");
    }
    return argument;
  }

  private static void positions(FunctionRegistry.Builder builder) {
    for (String name :
        List.of("pg_current_wal_lsn", "pg_current_wal_insert_lsn", "pg_current_wal_flush_lsn")) {
      builder.none(name, TEXT, Volatility.VOLATILE, context -> context.lastCommitted().toString());
    }
    builder.two(
        "pg_wal_lsn_diff",
        TEXT,
        TEXT,
        NUMERIC,
        (_, one, other) -> BigDecimal.valueOf(lsn((String) one) - lsn((String) other)));
  }

  private static long lsn(String text) {
    return Lsn.parse(text)
        .map(Lsn::value)
        .orElseThrow(() ->
            new DatabaseException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type pg_lsn: \"" + text + "\""));
  }

  /// The pieces of a backup, each a row.
  private static final class Chunks implements TableFunction.LargeRows {
    private final EvaluationContext context;
    private final BackupStream stream;
    private Optional<ByteBuffer> next;

    Chunks(EvaluationContext context, BackupStream stream) {
      this.context = context;
      this.stream = stream;
      this.next = pull();
    }

    private Optional<ByteBuffer> pull() {
      try {
        return stream.next();
      } catch (IOException e) {
        close();
        throw new DatabaseException(
            SqlState.IO_ERROR, "could not read the snapshot: " + e.getMessage(), e);
      }
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public @Nullable Object[] next() {
      context.checkpoint();
      ByteBuffer piece = next.orElseThrow(NoSuchElementException::new);
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      next = pull();
      return new @Nullable Object[] {bytes};
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException e) {
        throw new DatabaseException(
            SqlState.IO_ERROR, "could not let go of the snapshot: " + e.getMessage(), e);
      }
    }
  }
}
