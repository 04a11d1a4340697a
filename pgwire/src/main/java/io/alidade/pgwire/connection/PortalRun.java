package io.alidade.pgwire.connection;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.pgwire.codec.RowWriter;
import io.alidade.pgwire.message.BackendMessage;
import io.alidade.pgwire.message.Format;
import io.alidade.sql.Portal;
import io.alidade.sql.Portal.CopyReceiver;
import io.alidade.sql.Portal.Step;
import io.alidade.sql.ResultColumn;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of a portal, from Execute or within a script, to its end or its row limit.
///
/// It advances batch by batch, so that between two batches the conversation can leave its thread,
/// see that the client is gone, or take data for a COPY.
final class PortalRun {

  /// Whether a script's statement is run, whose columns are described before its rows.
  enum Mode {
    SIMPLE,
    EXTENDED
  }

  /// How it stands after a step.
  enum Progress {
    /// It can go on.
    GOES_ON,
    /// It waits until the client has read more.
    BLOCKED,
    /// It waits for what the client sends for COPY.
    WAITS_FOR_COPY_DATA,
    /// It is over; [#end] is what is still to be said.
    ENDED
  }

  private static final int MAX_BATCH_ROWS = 256;
  private static final int FIRST_BATCH_ROWS = 64;

  /// What a batch should not exceed by much.
  private static final int BATCH_BYTES = 4 * ClientOutput.FULL_BYTES;

  private final Portal portal;
  private final Mode mode;
  private final List<ResultColumn> columns;
  private final List<Format> formats;
  private final RowWriter rowWriter;
  private final ClientOutput output;
  private final int maxRows;

  private long given;
  private int batchRows = FIRST_BATCH_ROWS;
  private boolean described;
  private boolean copyingOut;
  private @Nullable CopyReceiver receiver;
  private BackendMessage end = new BackendMessage.PortalSuspended();

  /// @param maxRows 0 for all
  PortalRun(Portal portal, Mode mode, List<Format> formats, int maxRows, ClientOutput output) {
    this.portal = portal;
    this.mode = mode;
    this.columns = portal.columns();
    this.formats = formats;
    this.rowWriter = new RowWriter(columns, formats);
    this.maxRows = maxRows;
    this.output = output;
  }

  boolean givesRows() {
    return !columns.isEmpty();
  }

  boolean waitsForCopyData() {
    return receiver != null;
  }

  BackendMessage end() {
    return end;
  }

  Progress advance() {
    if (output.full()) {
      output.flush();
    }
    if (!output.writable()) {
      return Progress.BLOCKED;
    }
    if (maxRows > 0 && given >= maxRows) {
      return Progress.ENDED;
    }
    if (mode == Mode.SIMPLE && givesRows()) {
      describe();
    }
    int wanted = maxRows > 0 ? (int) Math.min(batchRows, maxRows - given) : batchRows;
    return switch (portal.fetch(wanted)) {
      case Step.Rows(var rows) -> writeRows(rows);
      case Step.Complete(var tag) -> complete(tag);
      case Step.Empty() -> end(new BackendMessage.EmptyQueryResponse());
      case Step.CopyIn(var opened) -> {
        receiver = opened;
        output.write(new BackendMessage.CopyInResponse(opened.format(), opened.columns()));
        output.flush();
        yield Progress.WAITS_FOR_COPY_DATA;
      }
      case Step.CopyOut(var format, var count) -> {
        copyingOut = true;
        output.write(new BackendMessage.CopyOutResponse(format, count));
        yield Progress.GOES_ON;
      }
      case Step.CopyData(var data) -> {
        output.write(new BackendMessage.CopyData(data));
        yield Progress.GOES_ON;
      }
    };
  }

  private void describe() {
    if (!described) {
      output.write(new BackendMessage.RowDescription(columns, formats));
      described = true;
    }
  }

  private Progress writeRows(List<@Nullable Object[]> rows) {
    if (mode == Mode.SIMPLE) {
      describe(); // Also a result without columns has rows.
    }
    int before = output.size();
    long bytes = 0;
    for (@Nullable Object[] row : rows) {
      output.writeRow(rowWriter, row);
      bytes += Math.max(0, output.size() - before);
      before = output.size();
    }
    given += rows.size();
    long rowBytes = Math.max(1, bytes / Math.max(1, rows.size()));
    batchRows = (int) Math.clamp(BATCH_BYTES / rowBytes, 1, MAX_BATCH_ROWS);
    return Progress.GOES_ON;
  }

  private Progress complete(String tag) {
    if (copyingOut) {
      output.write(new BackendMessage.CopyDone());
    }
    return end(new BackendMessage.CommandComplete(tag));
  }

  private Progress end(BackendMessage message) {
    end = message;
    return Progress.ENDED;
  }

  /// Takes data for `COPY FROM STDIN`.
  void copyData(ByteBuffer data) {
    receiving().receive(data);
  }

  /// Takes the end of the data; the run can then go on.
  void copyDone() {
    CopyReceiver current = receiving();
    receiver = null;
    current.finish();
  }

  /// The error of a COPY that the client gave up.
  static DatabaseException copyFailed(String reason) {
    return new DatabaseException(SqlState.QUERY_CANCELED, "COPY from stdin failed: " + reason);
  }

  private CopyReceiver receiving() {
    CopyReceiver current = receiver;
    if (current == null) {
      throw new IllegalStateException("no COPY FROM STDIN is going on");
    }
    return current;
  }
}
