package io.alidade.engine.quantization;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Trains codecs, and reads those that were written.
public final class Codecs {
  /// The rows that a codec is trained on, at most; spread over all there are.
  public static final int TRAINING_ROWS = 16_384;

  private Codecs() {}

  /// Whether there are codes for a distance: not for L1, whose sums of magnitudes no rotation
  /// keeps.
  public static boolean supports(Distance distance) {
    return distance != Distance.L1;
  }

  /// Trains a method on the first `count` rows of a store.
  ///
  /// @param seed what is random in it is drawn from this
  public static Codec train(
      Quantization method, Distance distance, VectorStore vectors, int count, long seed) {
    if (!supports(distance)) {
      throw new IllegalArgumentException("there are no codes for " + distance);
    }
    int[] sample = sample(count);
    Centring centring = Centring.train(distance, vectors, sample, seed);
    return switch (method) {
      case Quantization.Binary binary -> new BinaryCodec(binary, centring);
      case Quantization.Scalar scalar -> trainScalar(scalar, centring, vectors, sample);
      case Quantization.Product _, Quantization.Turbo _ ->
          throw new UnsupportedOperationException(method + " is not there yet");
    };
  }

  /// Ordinals spread evenly over the first `count`.
  static int[] sample(int count) {
    int size = Math.min(count, TRAINING_ROWS);
    int[] ordinals = new int[size];
    for (int i = 0; i < size; i++) {
      ordinals[i] = (int) ((long) i * count / size);
    }
    return ordinals;
  }

  private static ScalarCodec trainScalar(
      Quantization.Scalar method, Centring centring, VectorStore vectors, int[] sample) {
    int rows = Math.min(sample.length, 1024); // Each gives as many values as it has dimensions.
    float[] values = new float[rows * centring.padded()];
    float[] treated = new float[centring.padded()];
    float[] scratch = new float[centring.padded()];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      int ordinal = sample[(int) ((long) i * sample.length / rows)];
      if (vectors.isPresent(ordinal) && !Float.isNaN(vectors.inverseNorm(ordinal))) {
        float unused =
            centring.apply(
                vectors.address(ordinal), vectors.inverseNorm(ordinal), treated, scratch);
        System.arraycopy(treated, 0, values, count, treated.length);
        count += treated.length;
      }
    }
    if (count == 0) {
      return new ScalarCodec(method, centring, 0, 1);
    }
    Arrays.sort(values, 0, count);
    double outside = (1 - method.quantile()) / 2;
    float low = values[(int) (outside * (count - 1))];
    float high = values[(int) ((1 - outside) * (count - 1))];
    float step = high > low ? (high - low) / ScalarCodec.MAX_CODE : 1;
    return new ScalarCodec(method, centring, low, step);
  }

  /// Reads what [Codec#write] wrote.
  public static Codec read(Quantization method, Distance distance, int dimensions, ByteBuffer in) {
    Centring centring = Centring.read(distance, dimensions, in);
    return switch (method) {
      case Quantization.Binary binary -> new BinaryCodec(binary, centring);
      case Quantization.Scalar scalar ->
          new ScalarCodec(scalar, centring, in.getFloat(), in.getFloat());
      case Quantization.Product _, Quantization.Turbo _ ->
          throw new UnsupportedOperationException(method + " is not there yet");
    };
  }
}
