package io.alidade.engine.quantization;

import io.alidade.engine.quantization.Quantization.Binary;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import java.util.List;
import java.util.Optional;

/// Chooses the codes that suit some vectors, by trying: the shortest records first, until one finds
/// enough of the true nearest again.
public final class CodeChoice {
  /// With fewer rows than this, walks and scans had better read the vectors.
  public static final int MIN_ROWS = 4096;

  /// Vectors of fewer bytes than this stay in the processor's cache, where codes gain nothing.
  public static final long CACHED_BYTES = 8 << 20;

  /// Of the true nearest, the share that must be among [#CANDIDATES] by code.
  public static final double ENOUGH_FOUND = 0.93;

  /// See [#ENOUGH_FOUND].
  public static final int CANDIDATES = 50;

  /// A record must be at least so many times shorter than a row, or reading it saves too little.
  private static final int LEAST_RATIO = 2;

  private static final List<Quantization> METHODS =
      List.of(
          Quantization.BINARY,
          new Binary(Binary.Encoding.TWO_BITS, Binary.QueryEncoding.SCALAR_4_BITS),
          Quantization.SCALAR);

  /// The rows that a method is tried on, at most, and the memory that they may take.
  private static final int TRIED_ROWS = 8192;

  private static final int TRIED_BYTES = 32 << 20;

  private CodeChoice() {}

  /// The codec to use for the first `count` rows of a store; none if the vectors themselves had
  /// better be read.
  public static Optional<Codec> choose(
      VectorStore vectors, Distance distance, int count, long seed) {
    return choose(vectors, distance, count, seed, () -> {});
  }

  /// The same, passing a checkpoint now and then.
  ///
  /// @param checkpoint what it throws ends the work
  public static Optional<Codec> choose(
      VectorStore vectors, Distance distance, int count, long seed, Runnable checkpoint) {
    int stride = vectors.element().rowStride(vectors.dimensions());
    if (count < MIN_ROWS || (long) count * stride < CACHED_BYTES || distance.isOfBits()) {
      return Optional.empty();
    }
    try (NativeVectors tried = sample(vectors, count, Math.min(TRIED_ROWS, TRIED_BYTES / stride))) {
      for (Quantization method : METHODS) {
        if (Codecs.supports(method, distance)) {
          Codec codec = Codecs.train(method, distance, vectors, count, seed, checkpoint);
          if (codec.recordBytes() * LEAST_RATIO <= stride
              && findsEnough(codec, tried, seed, checkpoint)) {
            return Optional.of(codec);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean findsEnough(
      Codec codec, NativeVectors tried, long seed, Runnable checkpoint) {
    try (VectorCodes codes = VectorCodes.create(codec, tried)) {
      codes.reserve(tried.size());
      codes.encode(codec.newEncoder(), 0, tried.size(), checkpoint);
      double found = CodeSelfTest.recall(codes, tried, tried.size(), CANDIDATES, seed);
      return found >= ENOUGH_FOUND;
    }
  }

  private static NativeVectors sample(VectorStore vectors, int count, int most) {
    NativeVectors rows = new NativeVectors(vectors.dimensions(), vectors.element());
    int size = Math.min(count, most);
    for (int i = 0; i < size; i++) {
      int ordinal = (int) ((long) i * count / size);
      if (vectors.isPresent(ordinal)) {
        int _ = rows.append(vectors, ordinal);
      }
    }
    return rows;
  }
}
