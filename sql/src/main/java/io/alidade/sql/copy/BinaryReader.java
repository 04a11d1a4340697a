package io.alidade.sql.copy;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.codec.BinaryCodec;
import io.alidade.model.codec.Modifiers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the binary form: a signature, then rows of counted fields, then -1.
final class BinaryReader implements CopyReader {

  static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  /// Signature, flags, length of the header's extension.
  private static final int HEADER_BYTES = SIGNATURE.length + 2 * Integer.BYTES;

  private static final int CRITICAL_FLAGS = 0xFFFF_0000;
  private static final int END = -1;
  private static final int NULL = -1;

  private final CopyTarget target;
  private ByteBuffer pending = ByteBuffer.allocate(0);
  private boolean headerIsRead;
  private boolean ended;
  private long row = 1;

  BinaryReader(CopyTarget target) {
    this.target = target;
  }

  @Override
  public long line() {
    return row;
  }

  @Override
  public void receive(ByteBuffer data, Consumer<@Nullable Object[]> rows) {
    ByteBuffer input = withPending(data);
    while (!ended && (headerIsRead ? readRow(input, rows) : readHeader(input))) {
      // Reads as long as whole pieces are there.
    }
    keep(input);
    data.position(data.limit());
  }

  private ByteBuffer withPending(ByteBuffer data) {
    if (!pending.hasRemaining()) {
      return data;
    }
    ByteBuffer joined = ByteBuffer.allocate(pending.remaining() + data.remaining());
    return joined.put(pending).put(data).flip();
  }

  private void keep(ByteBuffer rest) {
    if (rest.remaining() > MAX_ROW_BYTES) {
      throw CopyReader.tooLong(row);
    }
    byte[] copy = new byte[ended ? 0 : rest.remaining()];
    rest.get(copy);
    pending = ByteBuffer.wrap(copy);
  }

  private boolean readHeader(ByteBuffer in) {
    if (in.remaining() < HEADER_BYTES) {
      return false;
    }
    int extension = in.getInt(in.position() + HEADER_BYTES - Integer.BYTES);
    if (extension < 0 || extension > MAX_ROW_BYTES) {
      throw bad("invalid COPY file header (wrong length)");
    }
    if (in.remaining() < HEADER_BYTES + extension) {
      return false;
    }
    byte[] signature = new byte[SIGNATURE.length];
    in.get(signature);
    if (!Arrays.equals(signature, SIGNATURE)) {
      throw bad("COPY file signature not recognized");
    }
    if ((in.getInt() & CRITICAL_FLAGS) != 0) {
      throw bad("unrecognized critical flags in COPY file header");
    }
    in.position(in.position() + Integer.BYTES + extension);
    headerIsRead = true;
    return true;
  }

  private boolean readRow(ByteBuffer in, Consumer<@Nullable Object[]> rows) {
    int start = in.position();
    if (in.remaining() < Short.BYTES) {
      return false;
    }
    short fields = in.getShort();
    if (fields == END) {
      ended = true;
      return false;
    }
    if (fields != target.types().size()) {
      throw bad("row field count is %d, expected %d".formatted(fields, target.types().size()));
    }
    @Nullable Object[] values = new @Nullable Object[fields];
    for (int i = 0; i < fields; i++) {
      if (in.remaining() < Integer.BYTES) {
        in.position(start);
        return false;
      }
      int length = in.getInt();
      if (length == NULL) {
        continue;
      }
      if (length < 0 || length > MAX_ROW_BYTES) {
        throw bad("invalid field size");
      }
      if (in.remaining() < length) {
        in.position(start);
        return false;
      }
      values[i] = value(in, length, i);
    }
    rows.accept(values);
    row++;
    return true;
  }

  private Object value(ByteBuffer in, int length, int column) {
    ColumnType type = target.types().get(column);
    try {
      return Modifiers.coerce(
          BinaryCodec.decode(in, length, type), type, Modifiers.Coercion.ASSIGNMENT);
    } catch (DatabaseException e) {
      throw e.with(
          DatabaseException.Field.WHERE,
          "COPY %s, line %d, column %s"
              .formatted(target.relation(), row, target.names().get(column)));
    }
  }

  private DatabaseException bad(String message) {
    return new DatabaseException(SqlState.BAD_COPY_FILE_FORMAT, message)
        .with(DatabaseException.Field.WHERE, "COPY %s, line %d".formatted(target.relation(), row));
  }

  @Override
  public void finish(Consumer<@Nullable Object[]> rows) {
    if (!ended && (pending.hasRemaining() || !headerIsRead)) {
      throw bad("unexpected EOF in COPY data");
    }
  }
}
