package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Path;

/// A library in a JVM of its own. Either built and saved, or opened and searched; used by one
/// thread.
interface HostedEngine extends AutoCloseable {

  /// Builds the index; what this takes is measured.
  ///
  /// @param index where it will be saved, or is written at once
  void build(Path index, int threads) throws IOException;

  /// Saves what was built, unless that is done.
  void save(Path index) throws IOException;

  void open(Path index) throws IOException;

  /// Puts the nearest rows' ordinals into an array from a place on and returns how many.
  int search(float[] query, int ef, int[] found, int from) throws IOException;

  /// The distances computed so far, negative if unknown.
  default long distances() {
    return -1;
  }

  @Override
  default void close() throws IOException {}
}
