package io.alidade.bench.peers;

import java.io.IOException;

/// A peer whose index is there and can be searched.
interface MeasuredPeer extends AutoCloseable {

  PeerKind kind();

  BuildFigures build();

  /// Searches for every query, one after the other on one thread.
  Pass pass(int ef) throws IOException;

  @Override
  void close();
}
