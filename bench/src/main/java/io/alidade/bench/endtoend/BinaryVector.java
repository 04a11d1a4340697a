package io.alidade.bench.endtoend;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/// A `vector` parameter in pgvector's binary form; public because the driver makes instances.
public final class BinaryVector extends PGobject implements PGBinaryObject {

  private static final long serialVersionUID = 1L;

  private final float[] components;

  /// For the driver, which makes one to look at its class.
  public BinaryVector() {
    this(new float[0]);
  }

  /// Has a connection send such parameters in their binary form.
  static void register(Connection connection) throws SQLException {
    connection.unwrap(PGConnection.class).addDataType("vector", BinaryVector.class);
  }

  BinaryVector(float[] components) {
    this.components = components;
    setType("vector");
  }

  @Override
  public int lengthInBytes() {
    return 2 * Short.BYTES + Float.BYTES * components.length;
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    ByteBuffer out = ByteBuffer.wrap(target, offset, lengthInBytes());
    out.putShort((short) components.length).putShort((short) 0);
    for (float component : components) {
      out.putFloat(component);
    }
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("vectors are only sent here");
  }
}
