package io.alidade.sql.copy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The CSV form: fields may be quoted, and then hold anything; an unquoted empty one is SQL NULL.
final class CsvLines implements LineSyntax {

  private final CopyOptions options;
  private boolean quoted;
  private boolean escaped;

  CsvLines(CopyOptions options) {
    this.options = options;
  }

  @Override
  public boolean isInsideField(byte next) {
    if (escaped) {
      escaped = false;
    } else if (quoted && next == options.escape() && options.escape() != options.quote()) {
      escaped = true;
    } else if (next == options.quote()) {
      quoted = !quoted; // A doubled quote ends and begins again, which comes to the same.
    }
    return quoted;
  }

  @Override
  public void reset() {
    quoted = false;
    escaped = false;
  }

  @Override
  public List<@Nullable String> fields(String line) {
    List<@Nullable String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean wasQuoted = false;
    int i = 0;
    while (i < line.length()) {
      char c = line.charAt(i);
      if (c == options.delimiter()) {
        fields.add(value(field, wasQuoted));
        field.setLength(0);
        wasQuoted = false;
        i++;
      } else if (c == options.quote()) {
        wasQuoted = true;
        i = readQuoted(line, i + 1, field);
      } else {
        field.append(c);
        i++;
      }
    }
    fields.add(value(field, wasQuoted));
    return fields;
  }

  private @Nullable String value(StringBuilder field, boolean wasQuoted) {
    String text = field.toString();
    return !wasQuoted && text.equals(options.nullText()) ? null : text;
  }

  /// @return where the text after the closing quote begins
  private int readQuoted(String line, int start, StringBuilder field) {
    int i = start;
    while (i < line.length()) {
      char c = line.charAt(i);
      boolean escapes =
          c == options.escape()
              && i + 1 < line.length()
              && (line.charAt(i + 1) == options.quote() || line.charAt(i + 1) == options.escape());
      if (escapes) {
        field.append(line.charAt(i + 1));
        i += 2;
      } else if (c == options.quote()) {
        return i + 1;
      } else {
        field.append(c);
        i++;
      }
    }
    throw new DatabaseException(SqlState.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
  }
}
