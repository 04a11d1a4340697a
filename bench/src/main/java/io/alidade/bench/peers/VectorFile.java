package io.alidade.bench.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.IntFunction;

/// Vectors in a file, row after row of little-endian floats, mapped: every process of a run reads
/// the same one.
///
/// @param count the rows used, from the first on
public record VectorFile(Path path, MemorySegment data, int dimensions, int count) {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Maps the first rows of a file for as long as the process lives.
  static VectorFile open(Path path, int dimensions, int count) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      MemorySegment data =
          channel.map(
              FileChannel.MapMode.READ_ONLY,
              0,
              (long) count * dimensions * Float.BYTES,
              Arena.global());
      return new VectorFile(path, data, dimensions, count);
    }
  }

  /// Writes a file as a whole or not at all.
  static void write(Path path, int count, IntFunction<float[]> row) throws IOException {
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), 1 << 20)) {
      for (int i = 0; i < count; i++) {
        float[] vector = row.apply(i);
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
        out.write(bytes.array());
      }
    }
    Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /// A copy of one row.
  public float[] row(int ordinal) {
    float[] row = new float[dimensions];
    copyRow(ordinal, row);
    return row;
  }

  /// Copies one row.
  public void copyRow(int ordinal, float[] target) {
    MemorySegment.copy(
        data, FLOAT, (long) ordinal * dimensions * Float.BYTES, target, 0, dimensions);
  }

  /// A copy of all rows.
  public float[][] rows() {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row(i);
    }
    return rows;
  }
}
