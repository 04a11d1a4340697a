package io.alidade.storage.segment;

import io.alidade.storage.file.ChecksummedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// The current section of a file as a channel, for what the engine writes by itself.
final class SectionChannel implements WritableByteChannel {
  private final ChecksummedWriter out;

  SectionChannel(ChecksummedWriter out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    out.write(bytes);
    bytes.position(bytes.limit());
    return length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
