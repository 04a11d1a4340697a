package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.CodeChoice;
import io.alidade.engine.quantization.Codec;
import io.alidade.engine.quantization.Codecs;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/// The codes that a graph is walked on: trained when there are rows enough, trained again when
/// there are many more, and kept up with the rows.
///
/// Codes that were replaced are freed when the last walk that reads them has ended. Making others
/// can be ended early, by an interrupt of the thread that does or by what it asks: those there were
/// stay. Changed by one thread at a time, read by any.
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

  /// Those that may still be read.
  private final List<VectorCodes> replaced = new CopyOnWriteArrayList<>();

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

  /// The same, to be read and then released.
  Optional<VectorCodes> hold() {
    Optional<VectorCodes> newest = current;
    while (newest.isPresent() && !newest.get().hold()) {
      newest = current; // It was replaced between the two.
    }
    return newest;
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
  ///
  /// @param cancelled whether to leave training to a later call
  void extend(int end, BooleanSupplier cancelled) {
    if (coding != Coding.NONE && end >= nextTraining) {
      boolean _ = train(coding, end, cancelled);
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
  /// @param cancelled whether to leave all as it is
  /// @return whether it was done
  boolean change(Coding newCoding, int end, BooleanSupplier cancelled) {
    if (newCoding != Coding.NONE && end >= MIN_ROWS) {
      if (!train(newCoding, end, cancelled)) {
        return false;
      }
    } else {
      replace(Optional.empty(), Optional.empty());
      nextTraining = MIN_ROWS;
    }
    coding = newCoding;
    return true;
  }

  /// @return whether it was done; if not, all is as before
  private boolean train(Coding by, int end, BooleanSupplier cancelled) {
    Runnable checkpoint =
        () -> {
          if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the codes are not wanted any more");
          }
        };
    try {
      checkpoint.run();
      Optional<Codec> codec = choose(by, end, checkpoint);
      Optional<VectorCodes> trained = codec.map(it -> encode(it, end, checkpoint));
      replace(trained, codec.map(Codec::newEncoder));
      encoded = end;
      long next = (long) end * (codec.isPresent() ? TRAIN_AGAIN : TRY_AGAIN);
      nextTraining = (int) Math.min(Integer.MAX_VALUE, next);
      return true;
    } catch (CancellationException e) {
      return false;
    }
  }

  private Optional<Codec> choose(Coding by, int end, Runnable checkpoint) {
    return switch (by) {
      case Coding.None _ -> Optional.empty();
      case Coding.Automatic _ -> CodeChoice.choose(vectors, distance, end, seed, checkpoint);
      case Coding.Fixed(var method) ->
          Codecs.supports(method, distance)
              ? Optional.of(Codecs.train(method, distance, vectors, end, seed, checkpoint))
              : Optional.empty();
    };
  }

  private VectorCodes encode(Codec codec, int end, Runnable checkpoint) {
    VectorCodes codes = VectorCodes.create(codec, vectors);
    try {
      codes.reserve(end);
      codes.encode(codec.newEncoder(), 0, end, checkpoint);
      return codes;
    } catch (RuntimeException | Error e) {
      codes.close();
      throw e;
    }
  }

  private void replace(Optional<VectorCodes> by, Optional<Codec.Encoder> newEncoder) {
    Optional<VectorCodes> before = current;
    current = by; // Before the old ones retire, for who cannot hold those looks here again.
    encoder = newEncoder;
    if (before.isPresent()) {
      before.get().retire();
      replaced.add(before.get());
    }
    replaced.removeIf(VectorCodes::isFreed);
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
