package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.CodeKernel;
import io.alidade.engine.vector.CodeKernels;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.InverseNorm;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// Seven bits a dimension on one scale after centring and rotation, compared with a query of eight
/// bits.
///
/// Seven, because then two products fit 16 bits, which is what the kernels gain from. A value of a
/// row is about `low + step * code`. A record: the codes, a byte each; then what is added to the
/// key, a float.
final class ScalarCodec implements Codec {
  static final int MAX_CODE = 127;

  private static final int CORRECTIONS = Float.BYTES;
  private static final int LINE = 64;

  private final Quantization.Scalar method;
  private final Centring centring;
  private final float low;
  private final float step;
  private final int codeBytes;
  private final int recordBytes;

  ScalarCodec(Quantization.Scalar method, Centring centring, float low, float step) {
    this.method = method;
    this.centring = centring;
    this.low = low;
    this.step = step;
    this.codeBytes = centring.padded();
    this.recordBytes = (codeBytes + CORRECTIONS + LINE - 1) / LINE * LINE;
  }

  @Override
  public Quantization method() {
    return method;
  }

  @Override
  public Distance distance() {
    return centring.distance();
  }

  @Override
  public int dimensions() {
    return centring.dimensions();
  }

  @Override
  public int recordBytes() {
    return recordBytes;
  }

  @Override
  public int codeBytes() {
    return codeBytes;
  }

  @Override
  public void write(ByteBuffer out) {
    centring.write(out);
    out.putFloat(low).putFloat(step);
  }

  @Override
  public int writtenBytes() {
    return centring.writtenBytes() + 2 * Float.BYTES;
  }

  @Override
  public Encoder newEncoder() {
    return new ByteEncoder();
  }

  @Override
  public CodeScorer newScorer() {
    return new ByteScorer();
  }

  private final class ByteEncoder implements Encoder {
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];

    @Override
    public void encode(long row, float inverseNorm, long record) {
      float alongCentre = centring.apply(row, inverseNorm, treated, scratch);
      float inverse = 1 / step;
      float squares = 0;
      for (int from = 0; from < treated.length; from += Integer.BYTES) {
        int word = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
          float value = treated[from + i];
          squares += value * value;
          // NaN, of a zero vector, becomes 0.
          int code = Math.clamp((long) ((value - low) * inverse + 0.5f), 0, MAX_CODE);
          word |= code << i * Byte.SIZE;
        }
        AddressSpace.putInt(record + from, word);
      }
      AddressSpace.putFloat(record + codeBytes, distance() == Distance.L2 ? squares : -alongCentre);
    }
  }

  private final class ByteScorer implements CodeScorer {
    private static final int INITIAL_BATCH = 64;
    private static final int MAX_QUERY = 127;

    private final CodeKernel kernel = CodeKernels.BEST;
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final byte[] rounded = new byte[centring.padded()];
    private final OffHeapArea area = new OffHeapArea();
    private final long query = area.allocate(kernel.preparedInt7Bytes(recordBytes));
    private int[] products = new int[INITIAL_BATCH];

    /// A key is `base + perProduct * product + what the row adds`.
    private float base;

    private float perProduct;

    @Override
    public void setQuery(float[] vector) {
      float inverseNorm = distance() == Distance.COSINE ? InverseNorm.of(vector) : 1;
      float alongCentre = centring.apply(vector, inverseNorm, treated, scratch);
      float squares = 0;
      float sum = 0;
      float most = 0;
      for (float value : treated) {
        squares += value * value;
        sum += value;
        most = Math.max(most, Math.abs(value));
      }
      float queryStep = most / MAX_QUERY;
      float inverse = queryStep > 0 ? 1 / queryStep : 0;
      for (int i = 0; i < treated.length; i++) {
        rounded[i] = (byte) Math.round(treated[i] * inverse);
      }
      kernel.prepareInt7(rounded, rounded.length, recordBytes, query);
      boolean squared = distance() == Distance.L2;
      float weight = squared ? -2 : -1;
      perProduct = weight * step * queryStep;
      base = weight * low * sum + (squared ? squares : centring.squaredCentre() - alongCentre);
    }

    @Override
    public boolean isUndefined() {
      return Float.isNaN(base);
    }

    @Override
    public void keys(long[] records, int count, float[] keys) {
      reserve(count);
      try {
        kernel.dotInt7(query, recordBytes, records, count, products);
      } finally {
        Reference.reachabilityFence(area);
      }
      for (int i = 0; i < count; i++) {
        keys[i] = base + perProduct * products[i] + AddressSpace.getFloat(records[i] + codeBytes);
      }
    }

    @Override
    public void keys(long first, int count, float[] keys) {
      reserve(count);
      try {
        kernel.dotInt7(query, recordBytes, first, recordBytes, count, products);
      } finally {
        Reference.reachabilityFence(area);
      }
      for (int i = 0; i < count; i++) {
        long record = first + (long) i * recordBytes;
        keys[i] = base + perProduct * products[i] + AddressSpace.getFloat(record + codeBytes);
      }
    }

    private void reserve(int count) {
      if (products.length < count) {
        products = new int[Math.max(count, 2 * products.length)];
      }
    }
  }
}
