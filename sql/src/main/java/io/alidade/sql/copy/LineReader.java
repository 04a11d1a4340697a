package io.alidade.sql.copy;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.ByteSink;
import io.alidade.model.codec.Modifiers;
import io.alidade.model.codec.TextCodec;
import io.alidade.model.codec.Utf8;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads lines of fields, in the text or the CSV form.
///
/// Lines end in LF, CRLF or CR; a line `\.` ends the data, and what follows it is passed over.
final class LineReader implements CopyReader {

  private static final String END_OF_DATA = "\\.";
  private static final int SHOWN_CHARACTERS = 100;
  private static final int KEPT_BUFFER = 1 << 16;

  private final LineSyntax syntax;
  private final CopyTarget target;
  private final ByteSink buffer = new ByteSink();
  private boolean headerIsNext;
  private boolean ended;
  private boolean lineFeedBelongsToLast;
  private boolean insideField;
  private long line = 1;

  LineReader(LineSyntax syntax, CopyOptions options, CopyTarget target) {
    this.syntax = syntax;
    this.target = target;
    this.headerIsNext = options.header() == CopyOptions.Header.PRESENT;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public void receive(ByteBuffer data, Consumer<@Nullable Object[]> rows) {
    while (data.hasRemaining() && !ended) {
      byte next = data.get();
      if (next == '\n' && lineFeedBelongsToLast) {
        lineFeedBelongsToLast = false;
        continue;
      }
      lineFeedBelongsToLast = false;
      if (!insideField && (next == '\n' || next == '\r')) {
        lineFeedBelongsToLast = next == '\r';
        takeLine(rows);
        continue;
      }
      insideField = syntax.isInsideField(next);
      if (buffer.size() >= MAX_ROW_BYTES) {
        throw CopyReader.tooLong(line);
      }
      buffer.putByte(next);
    }
    data.position(data.limit());
  }

  @Override
  public void finish(Consumer<@Nullable Object[]> rows) {
    if (!ended && buffer.size() > 0) {
      takeLine(rows);
    }
  }

  private void takeLine(Consumer<@Nullable Object[]> rows) {
    String text = Utf8.decode(buffer.array(), 0, buffer.size());
    buffer.clear(KEPT_BUFFER);
    syntax.reset();
    insideField = false;
    if (text.equals(END_OF_DATA)) {
      ended = true;
      return;
    }
    if (headerIsNext) {
      headerIsNext = false;
    } else {
      rows.accept(row(text));
    }
    line++;
  }

  private @Nullable Object[] row(String text) {
    List<@Nullable String> fields;
    try {
      fields = syntax.fields(text);
    } catch (DatabaseException e) {
      throw inLine(e, text);
    }
    // A line without anything is a row of no columns, or of one empty field.
    if (fields.size() > target.types().size()) {
      throw inLine(
          new DatabaseException(
              SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column"),
          text);
    }
    if (fields.size() < target.types().size()) {
      throw inLine(
          new DatabaseException(
              SqlState.BAD_COPY_FILE_FORMAT,
              "missing data for column \"" + target.names().get(fields.size()) + "\""),
          text);
    }
    @Nullable Object[] row = new @Nullable Object[fields.size()];
    for (int i = 0; i < row.length; i++) {
      String field = fields.get(i);
      row[i] = field == null ? null : value(field, i);
    }
    return row;
  }

  private Object value(String field, int column) {
    ColumnType type = target.types().get(column);
    try {
      return Modifiers.coerce(
          TextCodec.parse(field, type, target.zone()), type, Modifiers.Coercion.ASSIGNMENT);
    } catch (DatabaseException e) {
      throw e.with(
          DatabaseException.Field.WHERE,
          "COPY %s, line %d, column %s: \"%s\""
              .formatted(target.relation(), line, target.names().get(column), shown(field)));
    }
  }

  private DatabaseException inLine(DatabaseException error, String text) {
    return error.with(
        DatabaseException.Field.WHERE,
        "COPY %s, line %d: \"%s\"".formatted(target.relation(), line, shown(text)));
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
