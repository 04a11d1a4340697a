package io.alidade.storage.segment;

import io.alidade.engine.memory.MemoryAdvice;
import io.alidade.engine.vector.MappedVectors;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.VectorTypes;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.mutation.GrowingBytes;
import io.alidade.storage.mutation.MalformedBytesException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A column of vectors of equal length, or of strings of bits, where the engine's kernels read
/// them.
final class VectorColumn implements SegmentColumn {
  private final ColumnType type;
  private final VectorStore vectors;
  private final int width;
  private final float[] scratch;

  private VectorColumn(ColumnType type, VectorStore vectors) {
    this.type = type;
    this.vectors = vectors;
    this.width = vectors.element().rowBytes(type.modifier());
    this.scratch = new float[type.modifier()];
  }

  static VectorColumn growing(ColumnType type) {
    return new VectorColumn(type, new NativeVectors(type.modifier(), element(type)));
  }

  static VectorColumn mapped(ColumnType type, ChecksummedFile file, String name, int size)
      throws CorruptFileException {
    VectorElement element = element(type);
    long bytes = MappedVectors.bytes(type.modifier(), element, size);
    // Not read through at opening: that would read the whole table. See the package's
    // documentation.
    MemorySegment section = Sections.unverified(file, name + ".vectors", bytes);
    advise(section);
    return new VectorColumn(
        type, new MappedVectors(type.modifier(), element, size, section.address()));
  }

  /// Searches read rows here and there.
  private static void advise(MemorySegment section) {
    Sections.advise(section, MemoryAdvice.Advice.RANDOM);
  }

  static boolean stores(ColumnType type) {
    return VectorTypes.element(type).isPresent();
  }

  private static VectorElement element(ColumnType type) {
    return VectorTypes.element(type).orElseThrow();
  }

  VectorStore vectors() {
    return vectors;
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public boolean isNull(int ordinal) {
    return !vectors.isPresent(ordinal);
  }

  @Override
  public long getLong(int ordinal) {
    throw new UnsupportedOperationException(type + " as an integer");
  }

  @Override
  public double getDouble(int ordinal) {
    throw new UnsupportedOperationException(type + " as a float");
  }

  @Override
  public @Nullable Object get(int ordinal) {
    if (isNull(ordinal)) {
      return null;
    }
    float[] row = vectors.toArray(ordinal);
    return vectors.element() == VectorElement.BIT ? BitString.ofPositive(row) : row;
  }

  /// Whether a row has the same numbers as one of another column, or both have none.
  boolean isSame(int ordinal, SegmentColumn other, int otherOrdinal) {
    if (!(other instanceof VectorColumn of) || of.width != width || !of.type.equals(type)) {
      return false;
    }
    if (isNull(ordinal) || of.isNull(otherOrdinal)) {
      return isNull(ordinal) && of.isNull(otherOrdinal);
    }
    return Memory.equal(vectors.address(ordinal), of.vectors.address(otherOrdinal), width);
  }

  @Override
  public void append(int ordinal, @Nullable Object value) {
    NativeVectors growing = growing(ordinal);
    if (value == null) {
      growing.appendAbsent();
    } else {
      growing.append(value instanceof BitString bits ? bits.toFloats() : (float[]) value);
    }
  }

  @Override
  public void appendFrom(int ordinal, SegmentColumn source, int sourceOrdinal) {
    VectorStore from = ((VectorColumn) source).vectors;
    NativeVectors growing = growing(ordinal);
    if (from.isPresent(sourceOrdinal)) {
      growing.append(from, sourceOrdinal);
    } else {
      growing.appendAbsent();
    }
  }

  @Override
  public void encode(GrowingBytes out, int[] ordinals, int count) {
    out.putByte(storage());
    out.putInt(blockWidth());
    int at = out.skip(NullBits.bytes(count));
    for (int i = 0; i < count; i++) {
      if (isNull(ordinals[i])) {
        out.setBit(at, i);
        out.skip(width);
      } else {
        out.putMemory(vectors.address(ordinals[i]), width);
      }
    }
  }

  @Override
  public void decode(ByteBuffer in, int firstOrdinal, int count) throws MalformedBytesException {
    byte[] nullBits = BlockColumn.begin(in, type, storage(), blockWidth(), count);
    for (int i = 0; i < count; i++) {
      NativeVectors growing = growing(firstOrdinal + i);
      if (NullBits.isSet(nullBits, i)) {
        growing.appendAbsent();
      } else {
        readRow(in.slice(in.position(), width).order(in.order()));
        growing.append(scratch);
      }
      in.position(in.position() + width);
    }
  }

  private int storage() {
    return switch (vectors.element()) {
      case FLOAT32 -> VECTORS;
      case FLOAT16 -> HALF_VECTORS;
      case BIT -> BITS;
      case UINT8, NIBBLE -> throw new IllegalStateException("a column of " + vectors.element());
    };
  }

  /// What a block gives as the width: bytes, but of bits their number, which bytes do not tell.
  private int blockWidth() {
    return vectors.element() == VectorElement.BIT ? type.modifier() : width;
  }

  private void readRow(ByteBuffer row) {
    switch (vectors.element()) {
      case FLOAT32 -> row.asFloatBuffer().get(scratch);
      case FLOAT16 -> {
        for (int i = 0; i < scratch.length; i++) {
          scratch[i] = Float.float16ToFloat(row.getShort());
        }
      }
      case BIT -> {
        for (int i = 0; i < scratch.length; i++) {
          scratch[i] = row.get(i >> 3) >> (i & 7) & 1; // The lowest bit of a byte is the first.
        }
      }
      case UINT8, NIBBLE -> throw new IllegalStateException("a column of " + vectors.element());
    }
  }

  @Override
  public void write(ChecksummedWriter out, String name, int size) throws IOException {
    out.beginSection(name + ".vectors");
    MappedVectors.write(vectors, size, new SectionChannel(out));
  }

  /// Writes a column of merged rows, as [#write] does.
  static void writeMerged(ChecksummedWriter out, String name, MergedRows rows, int column)
      throws IOException {
    out.beginSection(name + ".vectors");
    MappedVectors.write(new MergedVectors(rows, column), rows.size(), new SectionChannel(out));
  }

  @Override
  public long ownBytes() {
    return vectors instanceof NativeVectors growing ? growing.allocatedBytes() : 0;
  }

  @Override
  public void close() {
    if (vectors instanceof NativeVectors growing) {
      growing.close();
    }
  }

  private NativeVectors growing(int ordinal) {
    if (vectors instanceof NativeVectors growing && growing.size() == ordinal) {
      return growing;
    }
    throw new IllegalStateException("row " + ordinal + " after " + vectors.size());
  }
}
