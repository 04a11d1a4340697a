package io.alidade.engine.quantization;

/// How vectors are shortened to codes, as users choose it.
public sealed interface Quantization {
  /// What a binary code of one bit a dimension is compared with by default.
  Binary BINARY = new Binary(Binary.Encoding.ONE_BIT, Binary.QueryEncoding.SCALAR_4_BITS);

  /// One byte a dimension, all values.
  Scalar SCALAR = new Scalar(1);

  /// One byte (of 7 bits) a dimension.
  ///
  /// @param quantile the share of values kept within the range, 0.5 to 1; the rest is clipped
  record Scalar(double quantile) implements Quantization {
    public Scalar {
      if (!(quantile >= 0.5 && quantile <= 1)) {
        throw new IllegalArgumentException("quantile " + quantile + " is outside 0.5..1");
      }
    }
  }

  /// Sub-vectors by the number of their nearest centroid.
  ///
  /// @param compression how many times shorter than 32-bit floats: 4, 8, 16, 32 or 64
  record Product(int compression) implements Quantization {
    public Product {
      if (compression < 4 || compression > 64 || Integer.bitCount(compression) != 1) {
        throw new IllegalArgumentException(
            "compression x" + compression + " is not x4, x8, x16, x32 or x64");
      }
    }
  }

  /// The signs of the dimensions, or a little more.
  record Binary(Encoding encoding, QueryEncoding query) implements Quantization {
    /// The bits a dimension.
    public enum Encoding {
      ONE_BIT,
      ONE_AND_HALF_BITS,
      TWO_BITS
    }

    /// How the query is shortened for the comparison.
    public enum QueryEncoding {
      /// Like the rows.
      BINARY,
      SCALAR_4_BITS,
      SCALAR_8_BITS
    }
  }

  /// Rotated, then each dimension by the nearest of a few levels that suit a normal distribution.
  record Turbo(Bits bits) implements Quantization {
    /// The bits a dimension.
    public enum Bits {
      ONE,
      ONE_AND_HALF,
      TWO,
      FOUR
    }
  }
}
