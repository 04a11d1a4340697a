package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.CodeKernel;
import io.alidade.engine.vector.CodeKernels;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.InverseNorm;
import io.alidade.engine.vector.Kernel;
import io.alidade.engine.vector.Kernels;
import io.alidade.engine.vector.VectorStore;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Seven bits a dimension on one scale after centring and rotation, compared with a query of eight
/// bits.
///
/// Seven, because then two products fit 16 bits, which is what the kernels gain from. A value of a
/// row is about `low + step * code`; a value outside the trained range is clipped to it. A record:
/// the codes, a byte each; then three floats: what is added to the key, the error of a query of
/// length 1, and that of the row with a query rounded by 1.
final class ScalarCodec implements Codec {
  static final int MAX_CODE = 127;

  /// Each row gives as many values as it has dimensions.
  private static final int TRAINING_VALUES = 1 << 19;

  private static final int CORRECTIONS = 3 * Float.BYTES;
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

  /// Finds the range that holds a share of all values of some rows.
  static ScalarCodec train(
      Quantization.Scalar method, Centring centring, VectorStore vectors, int[] sample) {
    int rows = Math.min(sample.length, TRAINING_VALUES / centring.padded());
    float[] values = centring.sampled(vectors, sample, rows);
    if (values.length == 0) {
      return new ScalarCodec(method, centring, 0, 1);
    }
    Arrays.sort(values);
    double outside = (1 - method.quantile()) / 2;
    float low = values[(int) (outside * (values.length - 1))];
    float high = values[(int) Math.ceil((1 - outside) * (values.length - 1))];
    float step = (high - low) / MAX_CODE;
    return new ScalarCodec(method, centring, low, step > 0 && step < Float.MAX_VALUE ? step : 1);
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
    private final Kernel kernel = Kernels.BEST;
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final int[] codes = new int[centring.padded()];

    @Override
    public void encode(long row, float inverseNorm, long record) {
      float alongCentre = centring.apply(row, inverseNorm, treated, scratch);
      float squares = kernel.dot(treated, treated);
      float squaredClipped = clip();
      round();
      // What is clipped lies in the row's direction, and perhaps in the query's.
      float error =
          (float) Math.sqrt(kernel.dot(treated, treated) / centring.directions())
              + (float) Math.sqrt(squaredClipped) / CodeScorer.SAFE_DEVIATIONS
              + Centring.ROUNDING * (float) Math.sqrt(squares);
      for (int from = 0; from < codes.length; from += Integer.BYTES) {
        int word =
            codes[from] | codes[from + 1] << 8 | codes[from + 2] << 16 | codes[from + 3] << 24;
        AddressSpace.putInt(record + from, word);
      }
      boolean squared = distance() == Distance.L2;
      float times = squared ? 2 : 1;
      long corrections = record + codeBytes;
      AddressSpace.putFloat(corrections, squared ? squares : -alongCentre);
      AddressSpace.putFloat(corrections + 4, times * error);
      AddressSpace.putFloat(
          corrections + 8, times * (float) Math.sqrt(squares / centring.directions()));
    }

    /// Moves values into the range, and answers how far, squared.
    private float clip() {
      float least = low;
      float most = low + MAX_CODE * step;
      for (int i = 0; i < treated.length; i++) {
        float value = treated[i];
        float clipped = Math.max(least, Math.min(most, value));
        treated[i] = clipped;
        scratch[i] = value - clipped;
      }
      return kernel.dot(scratch, scratch);
    }

    /// Leaves what was rounded away.
    private void round() {
      float start = low;
      float width = step;
      float inverse = 1 / step;
      for (int i = 0; i < treated.length; i++) {
        // NaN, of a zero vector, becomes 0.
        int code = (int) ((treated[i] - start) * inverse + 0.5f);
        code = Math.max(0, Math.min(MAX_CODE, code));
        codes[i] = code;
        treated[i] -= start + width * code;
      }
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
    private float squaredQuery;
    private float squaredRounding;
    private float slack;

    @Override
    public void setQuery(float[] vector) {
      float inverseNorm = distance() == Distance.COSINE ? InverseNorm.of(vector) : 1;
      float alongCentre = centring.apply(vector, inverseNorm, treated, scratch);
      squaredQuery = Kernels.BEST.dot(treated, treated);
      float most = 0;
      for (float value : treated) {
        most = Math.max(most, Math.abs(value));
      }
      float queryStep = most / MAX_QUERY;
      float inverse = queryStep > 0 ? 1 / queryStep : 0;
      int sum = 0;
      for (int i = 0; i < treated.length; i++) {
        // Rounded to the nearest, for a cast cuts towards zero; NaN must stay in range.
        int code =
            Math.max(-MAX_QUERY, (int) (treated[i] * inverse + MAX_QUERY + 0.5f) - MAX_QUERY);
        rounded[i] = (byte) code;
        sum += code;
        treated[i] -= code * queryStep;
      }
      squaredRounding = Kernels.BEST.dot(treated, treated);
      kernel.prepareInt7(rounded, rounded.length, recordBytes, query);
      float weight = distance() == Distance.L2 ? -2 : -1;
      float keyBase = centring.base(inverseNorm, squaredQuery, alongCentre);
      perProduct = weight * step * queryStep;
      base = weight * low * queryStep * sum + keyBase;
      slack = centring.slack(keyBase);
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

    @Override
    public float errorOf(long record) {
      long corrections = record + codeBytes;
      float added = AddressSpace.getFloat(corrections);
      float error = AddressSpace.getFloat(corrections + 4);
      float length = AddressSpace.getFloat(corrections + 8);
      float squares = error * error * squaredQuery + length * length * squaredRounding;
      return SAFE_DEVIATIONS * (float) Math.sqrt(squares)
          + slack
          + Centring.ROUNDING * Math.abs(added);
    }
  }
}
