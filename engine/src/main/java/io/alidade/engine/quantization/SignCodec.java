package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.CodeKernel;
import io.alidade.engine.vector.CodeKernels;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.InverseNorm;
import io.alidade.engine.vector.Kernels;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// One to four bits a dimension, each a sign, after centring and rotation: binary and turbo.
///
/// The inner product of a treated row `r` with a treated query `q` is estimated as `(q·c) |r|² /
/// (r·c)`, `c` being what the signs stand for ([SignLevels]): the estimator of RaBitQ (J. Gao and
/// C. Long, SIGMOD 2024; of several bits: J. Gao et al., SIGMOD 2025). It is exact if `q` is along
/// `r`, and right on average over rotations; its standard error is `|r| |q| sqrt((1 - f²) / (f² (d
/// - 1)))`, `f` being the cosine of `r` and `c`. `q·c` is a sum over signs, so all signs of a row
///   are compared at once with a query that has a number for each of them.
///
/// A record: the signs, a bit each, those of a term of [SignLevels] after those of the one before;
/// then four floats: the weight of `q·c`, what is added, how many bits are set, and the error of a
/// query of length 1. One bit of 384 dimensions fills a cache line.
final class SignCodec implements Codec {
  private static final int CORRECTIONS = 4 * Float.BYTES;
  private static final int LINE = 64;

  private final Quantization method;
  private final SignLevels levels;
  private final int planes;
  private final Centring centring;
  private final int codeBytes;

  /// The bytes of the lines that the code lies in.
  private final int linesBytes;

  private final int recordBytes;

  SignCodec(Quantization.Binary method, Centring centring) {
    this(
        method,
        switch (method.encoding()) {
          case ONE_BIT -> SignLevels.ONE;
          case ONE_AND_HALF_BITS -> SignLevels.ONE_AND_HALF;
          case TWO_BITS -> SignLevels.TWO;
        },
        switch (method.query()) {
          case BINARY -> 1;
          case SCALAR_4_BITS -> 4;
          case SCALAR_8_BITS -> 8;
        },
        centring);
  }

  SignCodec(Quantization.Turbo method, Centring centring) {
    this(
        method,
        switch (method.bits()) {
          case ONE -> SignLevels.ONE;
          case ONE_AND_HALF -> SignLevels.ONE_AND_HALF;
          case TWO -> SignLevels.TWO;
          case FOUR -> SignLevels.FOUR;
        },
        8,
        centring);
  }

  private SignCodec(Quantization method, SignLevels levels, int planes, Centring centring) {
    this.method = method;
    this.levels = levels;
    this.planes = planes;
    this.centring = centring;
    this.codeBytes = levels.signs(centring.padded()) / Byte.SIZE;
    this.linesBytes = lines(codeBytes);
    this.recordBytes = lines(codeBytes + CORRECTIONS);
  }

  private static int lines(int bytes) {
    return (bytes + LINE - 1) / LINE * LINE;
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
    return new RowEncoder();
  }

  @Override
  public CodeScorer newScorer() {
    return new SignScorer();
  }

  private final class RowEncoder implements Encoder {
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final SignEncoder signs =
        new SignEncoder(levels, centring.padded(), centring.directions());

    @Override
    public void encode(long row, float inverseNorm, long record) {
      float alongCentre = centring.apply(row, inverseNorm, treated, scratch);
      signs.encode(treated, record);
      float times = distance() == Distance.L2 ? 2 : 1;
      long corrections = record + codeBytes;
      AddressSpace.putFloat(corrections, -times * signs.factor());
      AddressSpace.putFloat(
          corrections + 4, distance() == Distance.L2 ? signs.squares() : -alongCentre);
      AddressSpace.putFloat(corrections + 8, signs.ones());
      AddressSpace.putFloat(corrections + 12, times * signs.error());
    }
  }

  private final class SignScorer implements CodeScorer {
    private static final int INITIAL_BATCH = 64;

    /// A product of signs with signs grows like the arc sine of the cosine, not like the cosine: at
    /// most by `pi / 2 - 1` of it, four fifths of which are left of a weight.
    private static final float BEND = 0.46f;

    private final CodeKernel kernel = CodeKernels.BEST;
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final float[] expanded = new float[levels.signs(centring.padded())];
    private final OffHeapArea area = new OffHeapArea();
    private final long query = area.allocate((long) planes * linesBytes);
    private final QueryPlanes rounded = new QueryPlanes(expanded.length, planes, linesBytes, query);
    private int[] products = new int[INITIAL_BATCH];
    private float base;

    /// `q·c` of a row is `perProduct * product + perOne * ones + rest`.
    private float perProduct;

    private float perOne;
    private float rest;

    private float squaredQuery;
    private float squaredRounding;
    private float bend;
    private float slack;

    @Override
    public void setQuery(float[] vector) {
      float inverseNorm = distance() == Distance.COSINE ? InverseNorm.of(vector) : 1;
      float alongCentre = centring.apply(vector, inverseNorm, treated, scratch);
      squaredQuery = Kernels.BEST.dot(treated, treated);
      base = centring.base(inverseNorm, squaredQuery, alongCentre);
      levels.expand(treated, expanded);
      rounded.write(expanded);
      perProduct = 2 * rounded.step();
      perOne = 2 * rounded.low();
      rest = -rounded.sum();
      squaredRounding = rounded.error() * rounded.error();
      bend = planes == 1 ? BEND * (float) Math.sqrt(squaredQuery * treated.length) : 0;
      slack = centring.slack(base);
    }

    @Override
    public boolean isUndefined() {
      return Float.isNaN(base);
    }

    @Override
    public void keys(long[] records, int count, float[] keys) {
      reserve(count);
      try {
        kernel.dotBits(query, planes, linesBytes, records, count, products);
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
        kernel.dotBits(query, planes, linesBytes, first, recordBytes, count, products);
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

    @Override
    public float errorOf(long record) {
      long corrections = record + codeBytes;
      float weight = AddressSpace.getFloat(corrections);
      float added = AddressSpace.getFloat(corrections + 4);
      float error = AddressSpace.getFloat(corrections + 12);
      float squares = error * error * squaredQuery + weight * weight * squaredRounding;
      return SAFE_DEVIATIONS * (float) Math.sqrt(squares)
          + Math.abs(weight) * bend
          + slack
          + Centring.ROUNDING * Math.abs(added);
    }
  }
}
