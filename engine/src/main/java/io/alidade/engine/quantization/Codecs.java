package io.alidade.engine.quantization;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.nio.ByteBuffer;

/// Trains codecs, and reads those that were written.
public final class Codecs {
  /// The rows that a codec is trained on, at most; spread over all there are.
  public static final int TRAINING_ROWS = 16_384;

  private Codecs() {}

  /// Whether all methods have codes for a distance: not for L1, whose sums of magnitudes no
  /// rotation keeps; there is one method for it all the same, see the other form. Bits have none:
  /// they are short themselves.
  public static boolean supports(Distance distance) {
    return switch (distance) {
      case L2, NEGATIVE_INNER_PRODUCT, COSINE -> true;
      case L1, HAMMING, JACCARD -> false;
    };
  }

  /// Whether a method has codes for a distance.
  public static boolean supports(Quantization method, Distance distance) {
    return supports(distance) || distance == Distance.L1 && method instanceof Quantization.Scalar;
  }

  /// Trains a method on the first `count` rows of a store.
  ///
  /// @param seed what is random in it is drawn from this
  public static Codec train(
      Quantization method, Distance distance, VectorStore vectors, int count, long seed) {
    return train(method, distance, vectors, count, seed, () -> {});
  }

  /// The same, passing a checkpoint now and then.
  ///
  /// @param checkpoint what it throws ends the work
  public static Codec train(
      Quantization method,
      Distance distance,
      VectorStore vectors,
      int count,
      long seed,
      Runnable checkpoint) {
    if (!supports(method, distance)) {
      throw new IllegalArgumentException("there are no codes of " + method + " for " + distance);
    }
    checkpoint.run();
    int[] sample = sample(count);
    if (distance == Distance.L1 && method instanceof Quantization.Scalar scalar) {
      return ManhattanCodec.train(scalar, vectors, sample);
    }
    Centring centring = Centring.train(distance, vectors, sample, seed);
    checkpoint.run();
    return switch (method) {
      case Quantization.Binary binary -> new SignCodec(binary, centring);
      case Quantization.Turbo turbo -> new SignCodec(turbo, centring);
      case Quantization.Scalar scalar -> ScalarCodec.train(scalar, centring, vectors, sample);
      case Quantization.Product product ->
          ProductCodec.train(product, centring, vectors, sample, seed, checkpoint);
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

  /// Reads what [Codec#write] wrote.
  public static Codec read(Quantization method, Distance distance, int dimensions, ByteBuffer in) {
    if (distance == Distance.L1 && method instanceof Quantization.Scalar scalar) {
      return ManhattanCodec.read(scalar, dimensions, in);
    }
    Centring centring = Centring.read(distance, dimensions, in);
    return switch (method) {
      case Quantization.Binary binary -> new SignCodec(binary, centring);
      case Quantization.Turbo turbo -> new SignCodec(turbo, centring);
      case Quantization.Scalar scalar ->
          new ScalarCodec(scalar, centring, in.getFloat(), in.getFloat());
      case Quantization.Product product -> ProductCodec.read(product, centring, in);
    };
  }
}
