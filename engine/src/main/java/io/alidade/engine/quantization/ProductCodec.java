package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.InverseNorm;
import io.alidade.engine.vector.Kernel;
import io.alidade.engine.vector.Kernels;
import io.alidade.engine.vector.TableLookup;
import io.alidade.engine.vector.VectorStore;
import java.nio.ByteBuffer;

/// Sub-vectors by the number of their nearest centroid, a byte each, after centring and rotation.
///
/// A query is turned into a table of its inner products with all centroids, of which a row's bytes
/// choose (H. Jégou, M. Douze, C. Schmid: "Product quantization for nearest neighbor search",
/// 2011). The product of a treated row `r` with a query is estimated as `(q·c) |r|² / (r·c)`, `c`
/// being the row's centroids, so that it is exact if the query is along the row.
///
/// A record: the bytes; then three floats: the weight of `q·c`, what is added to the key, and the
/// error of a query of length 1.
final class ProductCodec implements Codec {
  private static final int CORRECTIONS = 3 * Float.BYTES;
  private static final int LINE = 64;

  /// A row about as near to nothing as to its centroids must not become a huge one.
  private static final float MOST_FACTOR = 8;

  /// How much larger errors are than if what centroids leave had a random direction; measured on
  /// rows of uneven dimensions.
  private static final float STRUCTURE = 1.6f;

  private final Quantization.Product method;
  private final Centring centring;
  private final ProductCodebook codebook;
  private final int recordBytes;

  private ProductCodec(Quantization.Product method, Centring centring, ProductCodebook codebook) {
    this.method = method;
    this.centring = centring;
    this.codebook = codebook;
    this.recordBytes = (codebook.subspaces() + CORRECTIONS + LINE - 1) / LINE * LINE;
  }

  static ProductCodec train(
      Quantization.Product method,
      Centring centring,
      VectorStore vectors,
      int[] sample,
      long seed,
      Runnable checkpoint) {
    int rows = ProductCodebook.trainingRows(sample.length, centring.padded());
    float[] treated = centring.sampled(vectors, sample, rows);
    return new ProductCodec(
        method,
        centring,
        ProductCodebook.train(treated, centring.padded(), width(method), seed, checkpoint));
  }

  static ProductCodec read(Quantization.Product method, Centring centring, ByteBuffer in) {
    return new ProductCodec(
        method, centring, ProductCodebook.read(centring.padded(), width(method), in));
  }

  private static int width(Quantization.Product method) {
    return method.compression() / Float.BYTES;
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
    return codebook.subspaces();
  }

  @Override
  public void write(ByteBuffer out) {
    centring.write(out);
    codebook.write(out);
  }

  @Override
  public int writtenBytes() {
    return centring.writtenBytes() + codebook.writtenBytes();
  }

  @Override
  public Encoder newEncoder() {
    return new CentroidEncoder();
  }

  @Override
  public CodeScorer newScorer() {
    return new TableScorer();
  }

  private final class CentroidEncoder implements Encoder {
    private final Kernel kernel = Kernels.BEST;
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final float[] rest = new float[centring.padded()];
    private final byte[] codes = new byte[codebook.subspaces()];
    private final float[] distances = new float[ProductCodebook.CENTROIDS];

    @Override
    public void encode(long row, float inverseNorm, long record) {
      float alongCentre = centring.apply(row, inverseNorm, treated, scratch);
      float squares = kernel.dot(treated, treated);
      codebook.encode(treated, codes, rest, distances);
      for (int i = 0; i < codes.length; i += Integer.BYTES) {
        int word = 0;
        for (int j = 0; j < Math.min(Integer.BYTES, codes.length - i); j++) {
          word |= (codes[i + j] & 0xff) << (j * Byte.SIZE);
        }
        AddressSpace.putInt(record + i, word);
      }
      float alongRest = kernel.dot(treated, rest);
      float along = squares - alongRest;
      float squaredRest = kernel.dot(rest, rest);
      boolean squared = distance() == Distance.L2;
      float times = squared ? 2 : 1;
      float factor = 1;
      if (along > squares / MOST_FACTOR) {
        factor = squares / along;
        squaredRest -= alongRest * alongRest / squares; // Along the row, the factor makes it good.
      }
      float error =
          STRUCTURE * factor * (float) Math.sqrt(Math.max(0, squaredRest) / centring.directions())
              + Centring.ROUNDING * (float) Math.sqrt(squares);
      long corrections = record + codes.length;
      AddressSpace.putFloat(corrections, -times * factor);
      AddressSpace.putFloat(corrections + 4, squared ? squares : -alongCentre);
      AddressSpace.putFloat(corrections + 8, times * error);
    }
  }

  private final class TableScorer implements CodeScorer {
    private final float[] treated = new float[centring.padded()];
    private final float[] scratch = new float[centring.padded()];
    private final float[] tables = new float[codebook.subspaces() * ProductCodebook.CENTROIDS];
    private float base;
    private float squaredQuery;
    private float slack;

    @Override
    public void setQuery(float[] vector) {
      float inverseNorm = distance() == Distance.COSINE ? InverseNorm.of(vector) : 1;
      float alongCentre = centring.apply(vector, inverseNorm, treated, scratch);
      squaredQuery = Kernels.BEST.dot(treated, treated);
      base = centring.base(inverseNorm, squaredQuery, alongCentre);
      slack = centring.slack(base);
      codebook.products(treated, tables);
    }

    @Override
    public boolean isUndefined() {
      return Float.isNaN(base);
    }

    @Override
    public void keys(long[] records, int count, float[] keys) {
      TableLookup.lookup(
          tables, codebook.subspaces(), ProductCodebook.CENTROIDS, records, count, keys);
      for (int i = 0; i < count; i++) {
        keys[i] = key(records[i], keys[i]);
      }
    }

    @Override
    public void keys(long first, int count, float[] keys) {
      TableLookup.lookup(
          tables, codebook.subspaces(), ProductCodebook.CENTROIDS, first, recordBytes, count, keys);
      for (int i = 0; i < count; i++) {
        keys[i] = key(first + (long) i * recordBytes, keys[i]);
      }
    }

    private float key(long record, float product) {
      long corrections = record + codebook.subspaces();
      return base
          + AddressSpace.getFloat(corrections + 4)
          + AddressSpace.getFloat(corrections) * product;
    }

    @Override
    public float errorOf(long record) {
      long corrections = record + codebook.subspaces();
      float added = AddressSpace.getFloat(corrections + 4);
      float error = AddressSpace.getFloat(corrections + 8);
      return SAFE_DEVIATIONS * error * (float) Math.sqrt(squaredQuery)
          + slack
          + Centring.ROUNDING * Math.abs(added);
    }
  }
}
