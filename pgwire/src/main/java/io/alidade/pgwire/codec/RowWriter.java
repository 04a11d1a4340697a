package io.alidade.pgwire.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.codec.BinaryCodec;
import io.alidade.model.codec.ByteSink;
import io.alidade.model.codec.TextCodec;
import io.alidade.pgwire.message.Format;
import io.alidade.sql.ResultColumn;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the rows of one result as DataRow messages.
public final class RowWriter {

  private static final int NULL_LENGTH = -1;

  private final ColumnType[] types;
  private final boolean[] binary;

  /// @param formats one for each column
  public RowWriter(List<ResultColumn> columns, List<Format> formats) {
    types = new ColumnType[columns.size()];
    binary = new boolean[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = columns.get(i).type();
      binary[i] = formats.get(i) == Format.BINARY;
    }
  }

  /// Appends a row.
  ///
  /// @param zone the session's time zone at this moment
  public void write(@Nullable Object[] row, ZoneId zone, ByteSink out) {
    int start = BackendWriter.start(out, 'D');
    out.putShort(types.length);
    for (int i = 0; i < types.length; i++) {
      Object value = row[i];
      if (value == null) {
        out.putInt(NULL_LENGTH);
        continue;
      }
      int lengthAt = out.size();
      out.putInt(0);
      if (binary[i]) {
        BinaryCodec.encode(value, types[i], out);
      } else {
        out.putUtf8(TextCodec.format(value, types[i], zone));
      }
      out.setInt(lengthAt, out.size() - lengthAt - Integer.BYTES);
    }
    BackendWriter.finish(out, start);
  }
}
