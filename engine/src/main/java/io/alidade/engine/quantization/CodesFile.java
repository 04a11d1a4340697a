package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.quantization.Quantization.Binary;
import io.alidade.engine.quantization.Quantization.Turbo;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/// The saved form of codes, version 1. Everything is little-endian and begins at a multiple of 64
/// bytes, gaps are zero:
///
/// | bytes | what |
/// |---|---|
/// | 0 | magic `ALCODE01` |
/// | 8 | int: the distance's place in [Distance] |
/// | 12 | int: dimensions |
/// | 16 | int: the method: 0 scalar, 1 product, 2 binary, 3 turbo |
/// | 20 | int, int: its choices: compression, or the places in their enums |
/// | 32 | double: the quantile |
/// | 40 | int: N, the records; int: their bytes |
/// | 48 | int: the bytes of what training found |
/// | 52 | int: CRC-32C of all up to the records, this field taken for zero |
/// | 64 | what training found, as the codec wrote it |
/// | then | N records |
final class CodesFile {
  private static final long MAGIC = 0x3130_4544_4F43_4C41L; // "ALCODE01"
  private static final int HEADER_BYTES = 64;
  private static final int CHECKSUM = 52;
  private static final int BUFFER_BYTES = 1 << 20;

  /// Opened codes.
  record Opened(Codec codec, RecordTable records, int count) {}

  private CodesFile() {}

  private static long aligned(long bytes) {
    return (bytes + HEADER_BYTES - 1) & -HEADER_BYTES;
  }

  static long bytes(Codec codec, int count) {
    return HEADER_BYTES + aligned(codec.writtenBytes()) + (long) count * codec.recordBytes();
  }

  static void write(Codec codec, RecordTable records, int count, WritableByteChannel channel)
      throws IOException {
    int trained = codec.writtenBytes();
    ByteBuffer head =
        ByteBuffer.allocate(HEADER_BYTES + (int) aligned(trained)).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(MAGIC).putInt(codec.distance().ordinal()).putInt(codec.dimensions());
    putMethod(codec.method(), head);
    head.putInt(40, count).putInt(44, codec.recordBytes()).putInt(48, trained);
    head.position(HEADER_BYTES);
    codec.write(head);
    head.putInt(CHECKSUM, checksum(head.array()));
    head.position(0).limit(head.capacity());
    writeFully(head, channel);
    try (Arena arena = Arena.ofConfined()) { // Freed at once, not when garbage is collected.
      ByteBuffer buffer = arena.allocate(BUFFER_BYTES).asByteBuffer();
      for (int ordinal = 0; ordinal < count; ordinal++) {
        if (buffer.remaining() < codec.recordBytes()) {
          writeFully(buffer.flip(), channel);
          buffer.clear();
        }
        buffer.put(
            AddressSpace.slice(records.address(ordinal), codec.recordBytes()).asByteBuffer());
      }
      writeFully(buffer.flip(), channel);
    }
  }

  private static int checksum(byte[] head) {
    CRC32C crc = new CRC32C();
    crc.update(head);
    return (int) crc.getValue();
  }

  private static void writeFully(ByteBuffer buffer, WritableByteChannel channel)
      throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void putMethod(Quantization method, ByteBuffer out) {
    switch (method) {
      case Quantization.Scalar(var quantile) ->
          out.putInt(0).putInt(0).putInt(0).putInt(0).putDouble(quantile);
      case Quantization.Product(var compression) ->
          out.putInt(1).putInt(compression).putInt(0).putInt(0).putDouble(0);
      case Binary(var encoding, var query) ->
          out.putInt(2).putInt(encoding.ordinal()).putInt(query.ordinal()).putInt(0).putDouble(0);
      case Turbo(var bits) -> out.putInt(3).putInt(bits.ordinal()).putInt(0).putInt(0).putDouble(0);
    }
  }

  private static Quantization method(ByteBuffer in) throws CorruptCodesException {
    int kind = in.getInt(16);
    int first = in.getInt(20);
    int second = in.getInt(24);
    try {
      return switch (kind) {
        case 0 -> new Quantization.Scalar(in.getDouble(32));
        case 1 -> new Quantization.Product(first);
        case 2 ->
            new Binary(Binary.Encoding.values()[first], Binary.QueryEncoding.values()[second]);
        case 3 -> new Turbo(Turbo.Bits.values()[first]);
        default -> throw new CorruptCodesException("method " + kind, 16);
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new CorruptCodesException("choices " + first + ", " + second + " of " + kind, 20);
    }
  }

  static Opened open(VectorStore vectors, long address, long bytes) throws CorruptCodesException {
    check(bytes >= HEADER_BYTES, "only " + bytes + " bytes", 0);
    ByteBuffer head =
        AddressSpace.slice(address, HEADER_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    check(head.getLong(0) == MAGIC, "not codes of version 1", 0);
    int place = head.getInt(8);
    check(place >= 0 && place < Distance.values().length, "distance " + place, 8);
    Distance distance = Distance.values()[place];
    int dimensions = head.getInt(12);
    check(dimensions == vectors.dimensions(), "codes of " + dimensions + " dimensions", 12);
    Quantization method = method(head);
    check(Codecs.supports(method, distance), method + " for " + distance, 8);
    int count = head.getInt(40);
    check(count >= 0 && count <= vectors.size(), count + " codes", 40);
    int trained = head.getInt(48);
    check(
        trained >= 0 && aligned(trained) <= bytes - HEADER_BYTES,
        trained + " bytes of training",
        48);
    checkSum(address, (int) (HEADER_BYTES + aligned(trained)));
    ByteBuffer training =
        AddressSpace.slice(address + HEADER_BYTES, trained)
            .asByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
    Codec codec;
    try {
      codec = Codecs.read(method, distance, dimensions, training);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new CorruptCodesException("training of " + method + ": " + e, HEADER_BYTES);
    }
    check(!training.hasRemaining(), training.remaining() + " bytes of training too many", 48);
    check(codec.recordBytes() == head.getInt(44), "records of " + head.getInt(44) + " bytes", 44);
    check(bytes == bytes(codec, count), count + " codes in " + bytes + " bytes", 40);
    long first = address + HEADER_BYTES + aligned(trained);
    return new Opened(codec, RecordTable.mapped(first, codec.recordBytes(), count), count);
  }

  private static void checkSum(long address, int bytes) throws CorruptCodesException {
    byte[] head = AddressSpace.slice(address, bytes).toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer buffer = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int expected = buffer.getInt(CHECKSUM);
    buffer.putInt(CHECKSUM, 0);
    check(checksum(head) == expected, "the checksum is not " + expected, CHECKSUM);
  }

  private static void check(boolean holds, String message, long offset)
      throws CorruptCodesException {
    if (!holds) {
      throw new CorruptCodesException(message, offset);
    }
  }
}
