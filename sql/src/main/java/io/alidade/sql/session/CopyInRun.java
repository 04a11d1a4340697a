package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.Portal;
import io.alidade.sql.constraint.ConstrainedWriter;
import io.alidade.sql.copy.CopyOptions;
import io.alidade.sql.copy.CopyReader;
import io.alidade.sql.copy.CopyTarget;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.storage.RowRejectedException;
import io.alidade.storage.catalog.TableDefinition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `COPY ... FROM STDIN` that runs: writes rows as the data comes, some hundred at a time.
final class CopyInRun implements Run, Portal.CopyReceiver {

  /// How many rows are gathered before they are written.
  private static final int BATCH_ROWS = 512;

  private static final @Nullable Object[] NO_ROW = {};

  private final ConstrainedWriter writer;
  private final TableDefinition table;
  private final List<Integer> copied;
  private final List<Optional<RowFunction>> defaults;
  private final CopyOptions options;
  private final CopyTarget target;
  private final CopyReader reader;
  private final List<@Nullable Object[]> batch = new ArrayList<>();
  private long count;
  private boolean announced;
  private boolean finished;

  /// @param writer closed with this
  /// @param copied the table's columns that the data gives, in its order
  /// @param defaults what computes the others, by column of the table
  CopyInRun(
      ConstrainedWriter writer,
      TableDefinition table,
      List<Integer> copied,
      List<Optional<RowFunction>> defaults,
      CopyOptions options,
      CopyTarget target) {
    this.writer = writer;
    this.table = table;
    this.copied = copied;
    this.defaults = defaults;
    this.options = options;
    this.target = target;
    this.reader = CopyReader.of(options, target);
  }

  @Override
  public Portal.Step next(int maxRows) {
    if (!announced) {
      announced = true;
      return new Portal.Step.CopyIn(this);
    }
    if (!finished) {
      throw new DatabaseException(SqlState.PROTOCOL_VIOLATION, "COPY FROM STDIN was not finished");
    }
    return new Portal.Step.Complete("COPY " + count);
  }

  @Override
  public Portal.CopyFormat format() {
    return options.format();
  }

  @Override
  public int columns() {
    return target.types().size();
  }

  @Override
  public void receive(ByteBuffer data) {
    reader.receive(data, this::add);
  }

  @Override
  public void finish() {
    reader.finish(this::add);
    flush();
    writer.finish();
    finished = true;
  }

  @Override
  public void close() {
    writer.close();
  }

  private void add(@Nullable Object[] values) {
    @Nullable Object[] row = new @Nullable Object[defaults.size()];
    for (int i = 0; i < values.length; i++) {
      row[copied.get(i)] = values[i];
    }
    for (int i = 0; i < row.length; i++) {
      Optional<RowFunction> value = defaults.get(i);
      if (value.isPresent()) {
        row[i] = value.get().apply(NO_ROW);
      }
    }
    batch.add(row);
    if (batch.size() == BATCH_ROWS) {
      flush();
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    try {
      writer.insertAll(table, batch);
    } catch (RowRejectedException e) {
      throw e.reason()
          .with(
              DatabaseException.Field.WHERE,
              "COPY %s, line %d".formatted(target.relation(), count + e.index() + 1));
    }
    count += batch.size();
    batch.clear();
  }
}
