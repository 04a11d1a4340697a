package io.alidade.sql.copy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the data of `COPY ... FROM`: takes bytes in pieces, gives rows of canonical values.
///
/// A row is given as soon as its last byte is there. Used by one thread at a time.
public interface CopyReader {

  /// The longest row that is taken, in bytes.
  int MAX_ROW_BYTES = 256 << 20;

  /// Takes the next bytes.
  ///
  /// @param rows is given each row that is complete, one value a copied column
  /// @throws DatabaseException when the data is not what it should be; says in which line
  void receive(ByteBuffer data, Consumer<@Nullable Object[]> rows);

  /// Says that there is no more data.
  void finish(Consumer<@Nullable Object[]> rows);

  /// Where reading has come to: 1 for the first line or row.
  long line();

  /// The reader for some options.
  static CopyReader of(CopyOptions options, CopyTarget target) {
    return switch (options.format()) {
      case TEXT -> new LineReader(new TextLines(options), options, target);
      case CSV -> new LineReader(new CsvLines(options), options, target);
      case BINARY -> new BinaryReader(target);
    };
  }

  static DatabaseException tooLong(long line) {
    return new DatabaseException(
        SqlState.PROGRAM_LIMIT_EXCEEDED,
        "row %d of COPY data is longer than %d bytes".formatted(line, MAX_ROW_BYTES));
  }
}
