package io.alidade.bench.endtoend;

import java.nio.ByteBuffer;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/// A `vector` parameter in pgvector's binary form.
final class BinaryVector extends PGobject implements PGBinaryObject {

  private static final long serialVersionUID = 1L;

  private final float[] components;

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
