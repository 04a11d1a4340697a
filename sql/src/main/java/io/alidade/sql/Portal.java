package io.alidade.sql;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement bound to its parameters and ready to run, or running.
///
/// Rows are pulled: nothing is computed further ahead than one batch, so a slow client holds back
/// the query and not memory.
public interface Portal {

  /// The columns of its rows; empty when it gives none.
  List<ResultColumn> columns();

  /// Runs on until up to `maxRows` rows are there, or the statement ends.
  ///
  /// @param maxRows at least 1
  Step fetch(int maxRows);

  /// What came of a fetch.
  sealed interface Step {

    /// Some rows, at least one and at most as many as asked; there may be more.
    record Rows(List<@Nullable Object[]> rows) implements Step {}

    /// The statement has ended; there are no more rows.
    ///
    /// @param commandTag such as `SELECT`, `INSERT 0 3` or `BEGIN`. For statements that return rows
    ///   the tag is the verb with the number of rows that this portal gave since its start
    record Complete(String commandTag) implements Step {}

    /// The statement's text was empty.
    record Empty() implements Step {}

    /// `COPY ... FROM STDIN` waits for data; fetch again after [CopyReceiver#finish].
    record CopyIn(CopyReceiver receiver) implements Step {}

    /// `COPY ... TO STDOUT` begins; data follows from the next fetches.
    record CopyOut(CopyFormat format, int columns) implements Step {}

    /// A piece of what `COPY ... TO STDOUT` sends.
    record CopyData(byte[] data) implements Step {}
  }

  /// How the data of a COPY looks.
  enum CopyFormat {
    TEXT,
    CSV,
    BINARY
  }

  /// Takes what the client sends for `COPY ... FROM STDIN`, in pieces cut anywhere.
  interface CopyReceiver {
    CopyFormat format();

    int columns();

    /// Takes the next bytes; the buffer is consumed and may be used again afterwards.
    void receive(ByteBuffer data);

    /// Says that all data was sent.
    void finish();
  }
}
