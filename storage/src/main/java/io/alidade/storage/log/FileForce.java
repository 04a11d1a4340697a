package io.alidade.storage.log;

import java.io.IOException;
import java.nio.channels.FileChannel;

/// How a file's bytes are made durable; a test puts a failing one in its place.
@FunctionalInterface
interface FileForce {
  /// `fdatasync`: the bytes and what is needed to find them.
  FileForce FDATASYNC = channel -> channel.force(false);

  void force(FileChannel channel) throws IOException;
}
