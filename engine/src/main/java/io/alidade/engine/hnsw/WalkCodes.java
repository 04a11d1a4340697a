package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.CodeChoice;
import io.alidade.engine.quantization.Codec;
import io.alidade.engine.quantization.Codecs;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The codes that a graph is walked on: trained when there are rows enough, trained again when
/// there are many more, and kept up with the rows.
///
/// Codes that were replaced stay in memory until all is closed, for a walk may still read them:
/// those that growth replaced are an eighth of the next, those that a user changed are as large as
/// the next. Changed by one thread at a time, read by any.
final class WalkCodes implements AutoCloseable {
  /// Codes are not trained on fewer rows.
  private static final int MIN_ROWS = CodeChoice.MIN_ROWS;

  /// Codes are trained again at so many times the rows that they were trained on.
  private static final int TRAIN_AGAIN = 8;

  /// Where no codes suited, it is tried again at so many times the rows.
  private static final int TRY_AGAIN = 2;

  private final Distance distance;
  private final VectorStore vectors;
  private final long seed;
  private final List<VectorCodes> replaced = new ArrayList<>();
  private Coding coding;
  private int nextTraining = MIN_ROWS;
  private int encoded;
  private Optional<Codec.Encoder> encoder = Optional.empty();
  private volatile Optional<VectorCodes> current = Optional.empty();

  WalkCodes(Distance distance, VectorStore vectors, long seed, Coding coding) {
    this.distance = distance;
    this.vectors = vectors;
    this.seed = seed;
    this.coding = coding;
  }

  /// Codes that were saved.
  WalkCodes(Distance distance, VectorStore vectors, Optional<VectorCodes> saved) {
    this(distance, vectors, 0, Coding.NONE);
    this.current = saved;
  }

  Optional<VectorCodes> current() {
    return current;
  }

  int beam(VectorCodes by, int ef) {
    return (int) Math.ceil(ef * widening(by.codec().method()));
  }

  /// How much wider a beam by codes is, so that it finds about as much.
  private static double widening(Quantization method) {
    return switch (method) {
      case Quantization.Scalar _ -> 1.1;
      case Quantization.Binary(var encoding, _) ->
          switch (encoding) {
            case ONE_BIT -> 1.5;
            case ONE_AND_HALF_BITS -> 1.3;
            case TWO_BITS -> 1.1;
          };
      case Quantization.Turbo(var bits) ->
          switch (bits) {
            case ONE -> 1.5;
            case ONE_AND_HALF -> 1.3;
            case TWO, FOUR -> 1.1;
          };
      case Quantization.Product(var compression) -> compression <= 8 ? 1.3 : 2;
    };
  }

  /// Takes the rows up to `end` on, which are about to enter the graph.
  void extend(int end) {
    if (coding != Coding.NONE && end >= nextTraining) {
      train(end);
    }
    if (current.isPresent() && encoder.isPresent()) {
      current.get().reserve(end);
      current.get().encode(encoder.get(), encoded, end);
      encoded = Math.max(encoded, end);
    }
  }

  /// Walks on other codes from now on.
  ///
  /// @param end the rows that are in the graph or about to be
  void change(Coding newCoding, int end) {
    coding = newCoding;
    nextTraining = MIN_ROWS;
    drop();
    extend(end);
  }

  private void drop() {
    current.ifPresent(replaced::add);
    current = Optional.empty();
    encoder = Optional.empty();
  }

  private void train(int end) {
    Optional<Codec> codec =
        switch (coding) {
          case Coding.None _ -> Optional.empty();
          case Coding.Automatic _ -> CodeChoice.choose(vectors, distance, end, seed);
          case Coding.Fixed(var method) ->
              Codecs.supports(method, distance)
                  ? Optional.of(Codecs.train(method, distance, vectors, end, seed))
                  : Optional.empty();
        };
    Optional<VectorCodes> trained = codec.map(it -> encode(it, end));
    drop();
    encoded = end;
    encoder = codec.map(Codec::newEncoder);
    current = trained;
    long next = (long) end * (codec.isPresent() ? TRAIN_AGAIN : TRY_AGAIN);
    nextTraining = (int) Math.min(Integer.MAX_VALUE, next);
  }

  private VectorCodes encode(Codec codec, int end) {
    VectorCodes codes = VectorCodes.create(codec, vectors);
    codes.reserve(end);
    codes.encode(codec.newEncoder(), 0, end);
    return codes;
  }

  long allocatedBytes() {
    long bytes = current.map(VectorCodes::allocatedBytes).orElse(0L);
    for (VectorCodes codes : replaced) {
      bytes += codes.allocatedBytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    current.ifPresent(VectorCodes::close);
    replaced.forEach(VectorCodes::close);
  }
}
