package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.CodeKernel;
import io.alidade.engine.vector.CodeKernels;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.InverseNorm;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// One bit a dimension: the sign after centring and rotation, compared with a query of a few bits.
///
/// The inner product of a treated row `r` with a treated query `q` is estimated as `(q·s) |r|² /
/// |r|₁`, `s` being the signs of `r`: the estimator of RaBitQ (Gao and Long, SIGMOD 2024), exact if
/// `q` is along `r`. A record: the signs, one bit each; then three floats: the weight of `q·s`,
/// what is added, and how many bits are set. 384 dimensions fit a cache line.
final class BinaryCodec implements Codec {
  private static final int CORRECTIONS = 3 * Float.BYTES;
  private static final int LINE = 64;

  private final Quantization.Binary method;
  private final Centring centring;
  private final int codeBytes;
  private final int recordBytes;

  BinaryCodec(Quantization.Binary method, Centring centring) {
    this.method = method;
    this.centring = centring;
    this.codeBytes = centring.padded() / Byte.SIZE;
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
  }

  @Override
  public int writtenBytes() {
    return centring.writtenBytes();
  }

  @Override
  public Encoder newEncoder() {
    return new SignEncoder();
  }

  @Override
  public CodeScorer newScorer() {
    return new SignScorer();
  }

  private final class SignEncoder implements Encoder {
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];

    @Override
    public void encode(long row, float inverseNorm, long record) {
      float alongCentre = centring.apply(row, inverseNorm, treated, scratch);
      float squares = 0;
      float magnitudes = 0;
      int ones = 0;
      for (int from = 0; from < treated.length; from += Long.SIZE) {
        long word = 0;
        for (int i = 0; i < Long.SIZE; i++) {
          float value = treated[from + i];
          squares += value * value;
          magnitudes += Math.abs(value);
          word |= value > 0 ? 1L << i : 0;
        }
        ones += Long.bitCount(word);
        AddressSpace.putInt(record + from / Byte.SIZE, (int) word);
        AddressSpace.putInt(
            record + from / Byte.SIZE + Integer.BYTES, (int) (word >>> Integer.SIZE));
      }
      float factor = magnitudes > 0 ? squares / magnitudes : 0;
      boolean squared = distance() == Distance.L2;
      long corrections = record + codeBytes;
      AddressSpace.putFloat(corrections, squared ? -2 * factor : -factor);
      AddressSpace.putFloat(corrections + 4, squared ? squares : -alongCentre);
      AddressSpace.putFloat(corrections + 8, ones);
    }
  }

  private final class SignScorer implements CodeScorer {
    private static final int INITIAL_BATCH = 64;

    private final CodeKernel kernel = CodeKernels.BEST;
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final int planes =
        switch (method.query()) {
          case BINARY -> 1;
          case SCALAR_4_BITS -> 4;
          case SCALAR_8_BITS -> 8;
        };
    private final OffHeapArea area = new OffHeapArea();
    private final long query = area.allocate((long) planes * recordBytes);
    private int[] products = new int[INITIAL_BATCH];
    private float base;

    /// `q·s` of a row is `perProduct * product + perOne * ones + rest`.
    private float perProduct;

    private float perOne;
    private float rest;

    @Override
    public void setQuery(float[] vector) {
      float inverseNorm = distance() == Distance.COSINE ? InverseNorm.of(vector) : 1;
      float alongCentre = centring.apply(vector, inverseNorm, treated, scratch);
      float squares = 0;
      float sum = 0;
      for (float value : treated) {
        squares += value * value;
        sum += value;
      }
      base =
          distance() == Distance.L2
              ? squares
              : Float.isNaN(inverseNorm) ? Float.NaN : centring.squaredCentre() - alongCentre;
      QueryPlanes.Range range = QueryPlanes.write(treated, planes, recordBytes, query);
      perProduct = 2 * range.step();
      perOne = 2 * range.low();
      rest = -sum;
    }

    @Override
    public boolean isUndefined() {
      return Float.isNaN(base);
    }

    @Override
    public void keys(long[] records, int count, float[] keys) {
      reserve(count);
      try {
        kernel.dotBits(query, planes, recordBytes, records, count, products);
      } finally {
        Reference.reachabilityFence(area);
      }
      for (int i = 0; i < count; i++) {
        keys[i] = key(records[i] + codeBytes, products[i]);
      }
    }

    @Override
    public void keys(long first, int count, float[] keys) {
      reserve(count);
      try {
        kernel.dotBits(query, planes, recordBytes, first, recordBytes, count, products);
      } finally {
        Reference.reachabilityFence(area);
      }
      for (int i = 0; i < count; i++) {
        keys[i] = key(first + (long) i * recordBytes + codeBytes, products[i]);
      }
    }

    private void reserve(int count) {
      if (products.length < count) {
        products = new int[Math.max(count, 2 * products.length)];
      }
    }

    private float key(long corrections, int product) {
      float weight = AddressSpace.getFloat(corrections);
      float added = AddressSpace.getFloat(corrections + 4);
      float ones = AddressSpace.getFloat(corrections + 8);
      return base + added + weight * (perProduct * product + perOne * ones + rest);
    }
  }
}
