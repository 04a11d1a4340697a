package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.RecordTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/// Vectors of a sealed segment, used where they lie.
///
/// The bytes: `size` rows of [VectorStore#rowStride] bytes (floats, little-endian, filled up with
/// zeros), then `size` inverse norms (floats: NaN for a zero vector, -1 for a row without one),
/// filled up with zeros to a multiple of 64 bytes.
public final class MappedVectors implements VectorStore {
  private static final int BUFFER_BYTES = 1 << 20;

  private final int dimensions;
  private final int size;
  private final RecordTable rows;
  private final RecordTable inverseNorms;

  /// Vectors that [#write] wrote; the address must be a multiple of [VectorStore#ROW_ALIGNMENT].
  public MappedVectors(int dimensions, int size, long address) {
    if (address % ROW_ALIGNMENT != 0) {
      throw new IllegalArgumentException("address " + address + " is not aligned");
    }
    int stride = VectorStore.rowStride(dimensions);
    this.dimensions = dimensions;
    this.size = size;
    this.rows = RecordTable.mapped(address, stride, size);
    this.inverseNorms = RecordTable.mapped(address + (long) size * stride, Float.BYTES, size);
  }

  /// The bytes that so many vectors take.
  public static long bytes(int dimensions, int size) {
    long norms = ((long) size * Float.BYTES + ROW_ALIGNMENT - 1) & -ROW_ALIGNMENT;
    return (long) size * VectorStore.rowStride(dimensions) + norms;
  }

  /// Writes the first `size` rows of a store in the form that the constructor takes.
  public static void write(VectorStore vectors, int size, WritableByteChannel channel)
      throws IOException {
    int stride = VectorStore.rowStride(vectors.dimensions());
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, stride)).order(ByteOrder.LITTLE_ENDIAN);
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (buffer.remaining() < stride) {
        drain(buffer, channel);
      }
      if (vectors.isPresent(ordinal)) {
        buffer.put(AddressSpace.slice(vectors.address(ordinal), stride).asByteBuffer());
      } else {
        buffer.put(new byte[stride]); // What an absent row's memory holds is nobody's.
      }
    }
    drain(buffer, channel);
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (buffer.remaining() < Float.BYTES) {
        drain(buffer, channel);
      }
      buffer.putFloat(vectors.inverseNorm(ordinal));
    }
    drain(buffer, channel);
    long norms = (long) size * Float.BYTES;
    buffer.put(new byte[(int) (-norms & (ROW_ALIGNMENT - 1))]);
    drain(buffer, channel);
  }

  private static void drain(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long address(int ordinal) {
    return rows.address(ordinal);
  }

  @Override
  public float inverseNorm(int ordinal) {
    return AddressSpace.getFloat(inverseNorms.address(ordinal));
  }
}
