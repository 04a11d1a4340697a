package io.alidade.bench.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Sends rows `(bigint, vector)` by `COPY ... FROM STDIN (FORMAT binary)`.
public final class BinaryCopy {

  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int PIECE = 1 << 16;
  private static final int ROW_OVERHEAD = 22;

  private BinaryCopy() {}

  /// Copies vectors, numbered from 0, into `table (id bigint, embedding vector)`.
  public static void send(Connection connection, String table, float[][] vectors)
      throws SQLException, IOException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + table + " (id, embedding) FROM STDIN (FORMAT binary)");
    int rowBytes = ROW_OVERHEAD + Float.BYTES * vectors[0].length;
    ByteBuffer buffer = ByteBuffer.allocate(PIECE + rowBytes);
    buffer.put(SIGNATURE).putInt(0).putInt(0);
    for (int id = 0; id < vectors.length; id++) {
      putRow(buffer, id, vectors[id]);
      if (buffer.position() >= PIECE) {
        flush(copy, buffer);
      }
    }
    buffer.putShort((short) -1);
    flush(copy, buffer);
    copy.endCopy();
  }

  private static void putRow(ByteBuffer buffer, long id, float[] vector) {
    buffer.putShort((short) 2);
    buffer.putInt(Long.BYTES).putLong(id);
    buffer.putInt(2 * Short.BYTES + Float.BYTES * vector.length);
    buffer.putShort((short) vector.length).putShort((short) 0);
    for (float component : vector) {
      buffer.putFloat(component);
    }
  }

  private static void flush(CopyIn copy, ByteBuffer buffer) throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
