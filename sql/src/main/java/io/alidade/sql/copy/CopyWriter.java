package io.alidade.sql.copy;

import io.alidade.model.codec.BinaryCodec;
import io.alidade.model.codec.ByteSink;
import io.alidade.model.codec.TextCodec;
import io.alidade.sql.Portal.CopyFormat;
import org.jspecify.annotations.Nullable;

/// Writes the data of `COPY ... TO`, row by row. Used by one thread at a time.
public final class CopyWriter {

  private static final int NULL = -1;
  private static final int END = -1;

  private final CopyOptions options;
  private final CopyTarget target;
  private final ByteSink out = new ByteSink();

  public CopyWriter(CopyOptions options, CopyTarget target) {
    this.options = options;
    this.target = target;
  }

  /// What comes before the first row; empty if nothing does.
  public byte[] header() {
    out.clear(Integer.MAX_VALUE);
    if (options.format() == CopyFormat.BINARY) {
      out.putBytes(BinaryReader.SIGNATURE).putInt(0).putInt(0);
    } else if (options.header() == CopyOptions.Header.PRESENT) {
      String separator = "";
      for (String name : target.names()) {
        out.putUtf8(separator).putUtf8(encoded(name));
        separator = String.valueOf(options.delimiter());
      }
      out.putByte('\n');
    }
    return out.toByteArray();
  }

  /// One row's bytes.
  public byte[] row(@Nullable Object[] values) {
    out.clear(Integer.MAX_VALUE);
    if (options.format() == CopyFormat.BINARY) {
      binary(values);
    } else {
      text(values);
    }
    return out.toByteArray();
  }

  /// What comes after the last row; empty if nothing does.
  public byte[] trailer() {
    out.clear(Integer.MAX_VALUE);
    if (options.format() == CopyFormat.BINARY) {
      out.putShort(END);
    }
    return out.toByteArray();
  }

  private void binary(@Nullable Object[] values) {
    out.putShort(values.length);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      int lengthAt = out.size();
      out.putInt(NULL);
      if (value != null) {
        BinaryCodec.encode(value, target.types().get(i), out);
        out.setInt(lengthAt, out.size() - lengthAt - Integer.BYTES);
      }
    }
  }

  private void text(@Nullable Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.putByte(options.delimiter());
      }
      Object value = values[i];
      out.putUtf8(
          value == null
              ? options.nullText()
              : encoded(TextCodec.format(value, target.types().get(i), target.zone())));
    }
    out.putByte('\n');
  }

  private String encoded(String text) {
    return options.format() == CopyFormat.CSV ? quoted(text) : escaped(text);
  }

  private String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\b' -> escaped.append("\\b");
        case '\f' -> escaped.append("\\f");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '\u000B' -> escaped.append("\\v");
        default -> {
          if (c == options.delimiter()) {
            escaped.append('\\');
          }
          escaped.append(c);
        }
      }
    }
    return escaped.toString();
  }

  private String quoted(String text) {
    if (!needsQuotes(text)) {
      return text;
    }
    StringBuilder quoted = new StringBuilder(text.length() + 2);
    quoted.append(options.quote());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == options.quote() || c == options.escape()) {
        quoted.append(options.escape());
      }
      quoted.append(c);
    }
    return quoted.append(options.quote()).toString();
  }

  private boolean needsQuotes(String text) {
    if (text.equals(options.nullText()) || text.equals("\\.")) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == options.delimiter() || c == options.quote() || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}
