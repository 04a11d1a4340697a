package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.RecordTable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/// Vectors of a sealed segment, used where they lie.
///
/// The bytes: `size` rows of [VectorElement#rowStride] bytes (little-endian, filled up with zeros;
/// nibbles as [NibbleRows] says, bits from the lowest of each byte on), then `size` notes: the
/// inverse norm (a float: NaN for a zero vector, -1 for a row without one) and, of nibbles only,
/// the row's factor (a float); filled up with zeros to a multiple of 64 bytes.
public final class MappedVectors implements VectorStore {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MIN_BUFFER_BYTES = 4 << 10;

  private final int dimensions;
  private final VectorElement element;
  private final int size;
  private final RecordTable rows;
  private final RecordTable notes;

  /// Vectors of 32-bit floats; see the other form.
  public MappedVectors(int dimensions, int size, long address) {
    this(dimensions, VectorElement.FLOAT32, size, address);
  }

  /// Vectors that [#write] wrote; the address must be a multiple of [VectorStore#ROW_ALIGNMENT].
  public MappedVectors(int dimensions, VectorElement element, int size, long address) {
    if (address % ROW_ALIGNMENT != 0) {
      throw new IllegalArgumentException("address " + address + " is not aligned");
    }
    int stride = element.rowStride(dimensions);
    this.dimensions = dimensions;
    this.element = element;
    this.size = size;
    this.rows = RecordTable.mapped(address, stride, size);
    this.notes = RecordTable.mapped(address + (long) size * stride, element.noteBytes(), size);
  }

  /// The bytes that so many vectors of 32-bit floats take.
  public static long bytes(int dimensions, int size) {
    return bytes(dimensions, VectorElement.FLOAT32, size);
  }

  /// The bytes that so many vectors take.
  public static long bytes(int dimensions, VectorElement element, int size) {
    long notes = ((long) size * element.noteBytes() + ROW_ALIGNMENT - 1) & -ROW_ALIGNMENT;
    return (long) size * element.rowStride(dimensions) + notes;
  }

  /// Writes the first `size` rows of a store in the form that the constructor takes.
  public static void write(VectorStore vectors, int size, WritableByteChannel channel)
      throws IOException {
    int stride = vectors.element().rowStride(vectors.dimensions());
    long most = Math.max(BUFFER_BYTES, stride);
    try (Arena arena = Arena.ofConfined()) { // There may be thousands of small tables to write.
      long bytes = Math.clamp((long) size * stride, Math.max(stride, MIN_BUFFER_BYTES), most);
      ByteBuffer buffer = arena.allocate(bytes).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      write(vectors, size, stride, buffer, channel);
    }
  }

  private static void write(
      VectorStore vectors, int size, int stride, ByteBuffer buffer, WritableByteChannel channel)
      throws IOException {
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
    writeNotes(vectors, size, buffer, channel);
  }

  private static void writeNotes(
      VectorStore vectors, int size, ByteBuffer buffer, WritableByteChannel channel)
      throws IOException {
    int each = vectors.element().noteBytes();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (buffer.remaining() < each) {
        drain(buffer, channel);
      }
      buffer.putFloat(vectors.inverseNorm(ordinal));
      if (vectors.element() == VectorElement.NIBBLE) {
        buffer.putFloat(vectors.isPresent(ordinal) ? vectors.factor(ordinal) : 0);
      }
    }
    drain(buffer, channel);
    buffer.put(new byte[(int) (-((long) size * each) & (ROW_ALIGNMENT - 1))]);
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
  public VectorElement element() {
    return element;
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
    return AddressSpace.getFloat(notes.address(ordinal));
  }

  @Override
  public float factor(int ordinal) {
    return element == VectorElement.NIBBLE
        ? AddressSpace.getFloat(notes.address(ordinal) + Float.BYTES)
        : 1;
  }
}
