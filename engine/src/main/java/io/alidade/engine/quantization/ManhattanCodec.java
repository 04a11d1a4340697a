package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NarrowKernel;
import io.alidade.engine.vector.NarrowKernels;
import io.alidade.engine.vector.VectorStore;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Eight bits a dimension on one scale for the L1 distance: centred, which changes no difference,
/// but not rotated, which would change their magnitudes' sum.
///
/// A centred value of a row is about `low + step * code`; one outside the trained range is clipped.
/// Rows are compared with the query in floats, in steps. A record: the codes, a byte each, filled
/// up to whole cache lines; then one float: what the key may be off by, which no key exceeds but
/// where four standard errors are less.
final class ManhattanCodec implements Codec {
  private static final int MAX_CODE = 255;
  private static final int LINE = 64;

  /// Each row gives as many values as it has dimensions.
  private static final int TRAINING_VALUES = 1 << 19;

  private final Quantization.Scalar method;

  /// The mean of the rows.
  private final float[] centre;

  private final float low;
  private final float step;
  private final int padded;

  private ManhattanCodec(Quantization.Scalar method, float[] centre, float low, float step) {
    this.method = method;
    this.centre = centre;
    this.low = low;
    this.step = step;
    this.padded = NarrowKernel.Element.UINT8.padded(centre.length);
  }

  static ManhattanCodec train(Quantization.Scalar method, VectorStore vectors, int[] sample) {
    float[] centre = mean(vectors, sample);
    int most = Math.max(1, Math.min(sample.length, TRAINING_VALUES / centre.length));
    float[] values = new float[most * centre.length];
    int end = 0;
    for (int i = 0; i < most && sample.length > 0; i++) {
      int ordinal = sample[(int) ((long) i * sample.length / most)];
      if (vectors.isPresent(ordinal)) {
        float[] row = vectors.toArray(ordinal);
        for (int j = 0; j < row.length; j++) {
          values[end++] = row[j] - centre[j];
        }
      }
    }
    if (end == 0) {
      return new ManhattanCodec(method, centre, 0, 1);
    }
    Arrays.sort(values, 0, end);
    double outside = (1 - method.quantile()) / 2;
    float low = values[(int) (outside * (end - 1))];
    float high = values[(int) Math.ceil((1 - outside) * (end - 1))];
    float step = (high - low) / MAX_CODE;
    if (!(step > 0 && step < Float.MAX_VALUE)) {
      return new ManhattanCodec(method, centre, low, 1);
    }
    // A whole number of steps, so that a dimension that is always the same has no error.
    return new ManhattanCodec(method, centre, step * Math.round(low / step), step);
  }

  private static float[] mean(VectorStore vectors, int[] sample) {
    double[] sums = new double[vectors.dimensions()];
    int count = 0;
    for (int ordinal : sample) {
      if (vectors.isPresent(ordinal)) {
        float[] row = vectors.toArray(ordinal);
        for (int i = 0; i < row.length; i++) {
          sums[i] += row[i];
        }
        count++;
      }
    }
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / Math.max(1, count));
    }
    return mean;
  }

  static ManhattanCodec read(Quantization.Scalar method, int dimensions, ByteBuffer in) {
    float[] centre = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      centre[i] = in.getFloat();
    }
    return new ManhattanCodec(method, centre, in.getFloat(), in.getFloat());
  }

  @Override
  public void write(ByteBuffer out) {
    for (float value : centre) {
      out.putFloat(value);
    }
    out.putFloat(low).putFloat(step);
  }

  @Override
  public int writtenBytes() {
    return (centre.length + 2) * Float.BYTES;
  }

  @Override
  public Quantization method() {
    return method;
  }

  @Override
  public Distance distance() {
    return Distance.L1;
  }

  @Override
  public int dimensions() {
    return centre.length;
  }

  @Override
  public int recordBytes() {
    return padded + LINE;
  }

  @Override
  public int codeBytes() {
    return centre.length;
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
    private final float[] row = new float[centre.length];
    private final int[] codes = new int[padded];

    @Override
    public void encode(long address, float inverseNorm, long record) {
      AddressSpace.copyFloats(address, row);
      float inverse = 1 / step;
      double off = 0;
      for (int i = 0; i < row.length; i++) {
        float value = row[i] - centre[i];
        int code = (int) ((value - low) * inverse + 0.5f);
        code = Math.max(0, Math.min(MAX_CODE, code));
        codes[i] = code;
        off += Math.abs(value - (low + step * code));
        off += Centring.ROUNDING * (Math.abs(row[i]) + Math.abs(low));
      }
      for (int from = 0; from < padded; from += Integer.BYTES) {
        AddressSpace.putInt(
            record + from,
            codes[from] | codes[from + 1] << 8 | codes[from + 2] << 16 | codes[from + 3] << 24);
      }
      AddressSpace.putFloat(record + padded, (float) off);
    }
  }

  private final class ByteScorer implements CodeScorer {
    private final NarrowKernel kernel = NarrowKernels.UINT8;
    private final OffHeapArea area = new OffHeapArea();
    private final long query = area.allocate((long) padded * Float.BYTES);
    private final float[] steps = new float[centre.length];
    private float slack;

    @Override
    public void setQuery(float[] vector) {
      float inverse = 1 / step;
      float magnitudes = 0;
      for (int i = 0; i < steps.length; i++) {
        float value = vector[i] - centre[i];
        steps[i] = (value - low) * inverse;
        magnitudes += Math.abs(value - low) + Math.abs(centre[i]);
      }
      slack = Centring.ROUNDING * magnitudes;
      AddressSpace.putFloats(query, steps);
    }

    @Override
    public boolean isUndefined() {
      return false;
    }

    @Override
    public void keys(long[] records, int count, float[] keys) {
      try {
        kernel.l1(query, padded, records, count, keys);
      } finally {
        Reference.reachabilityFence(area);
      }
      for (int i = 0; i < count; i++) {
        keys[i] *= step;
      }
    }

    @Override
    public void keys(long first, int count, float[] keys) {
      try {
        for (int i = 0; i < count; i++) {
          keys[i] = step * kernel.l1(query, first + (long) i * recordBytes(), padded);
        }
      } finally {
        Reference.reachabilityFence(area);
      }
    }

    @Override
    public float errorOf(long record) {
      return AddressSpace.getFloat(record + padded) + slack;
    }
  }
}
