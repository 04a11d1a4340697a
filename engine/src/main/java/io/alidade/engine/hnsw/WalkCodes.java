package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.CodeSelfTest;
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
/// Codes that were replaced stay in memory until all is closed, for a walk may still read them;
/// each is an eighth of the next. Changed by one thread at a time, read by any.
final class WalkCodes implements AutoCloseable {
  /// Below so many rows a walk on the vectors is as fast: they stay in the processor's cache.
  private static final int MIN_ROWS = 4096;

  private static final long CACHED_BYTES = 6 << 20;

  /// Codes are trained again at so many times the rows that they were trained on.
  private static final int TRAIN_AGAIN = 8;

  /// The share of the true nearest that must be among [#CANDIDATES] by code, of a sample.
  private static final double ENOUGH_FOUND = 0.93;

  private static final int CANDIDATES = 50;

  /// How much wider a beam by codes of one bit is, and one by longer codes.
  private static final double WIDER_BY_BITS = 1.5;

  private static final double WIDER = 1.1;

  private final Distance distance;
  private final VectorStore vectors;
  private final long seed;
  private final List<VectorCodes> replaced = new ArrayList<>();
  private Coding coding;
  private int trainedOn;
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
    boolean bits =
        by.codec().method() instanceof Quantization.Binary binary
            && binary.encoding() == Quantization.Binary.Encoding.ONE_BIT;
    return (int) Math.ceil(ef * (bits ? WIDER_BY_BITS : WIDER));
  }

  /// Takes the rows up to `end` on, which are about to enter the graph.
  void extend(int end) {
    boolean due = end >= MIN_ROWS && end >= (long) TRAIN_AGAIN * trainedOn;
    if (coding != Coding.NONE && Codecs.supports(distance) && due && !isCached(end)) {
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
    trainedOn = 0;
    drop();
    extend(end);
  }

  private void drop() {
    current.ifPresent(replaced::add);
    current = Optional.empty();
    encoder = Optional.empty();
  }

  private boolean isCached(int end) {
    return coding instanceof Coding.Automatic
        && (long) end * VectorStore.rowStride(vectors.dimensions()) < CACHED_BYTES;
  }

  private void train(int end) {
    trainedOn = end;
    Optional<VectorCodes> trained =
        switch (coding) {
          case Coding.None _ -> Optional.empty();
          case Coding.Fixed(var method) -> Optional.of(encode(method, end));
          case Coding.Automatic _ -> choose(end);
        };
    drop();
    encoded = end;
    encoder = trained.map(codes -> codes.codec().newEncoder());
    current = trained;
  }

  private Optional<VectorCodes> choose(int end) {
    for (Quantization method : List.of(Quantization.BINARY, Quantization.SCALAR)) {
      VectorCodes codes = encode(method, end);
      if (CodeSelfTest.recall(codes, vectors, end, CANDIDATES, seed) >= ENOUGH_FOUND) {
        return Optional.of(codes);
      }
      codes.close();
    }
    return Optional.empty();
  }

  private VectorCodes encode(Quantization method, int end) {
    Codec codec = Codecs.train(method, distance, vectors, end, seed);
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
