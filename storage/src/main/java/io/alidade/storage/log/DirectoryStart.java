package io.alidade.storage.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What the first frame of a directory says besides its LSN.
///
/// @param lastCommitChecksum of the last commit's frame before it, whichever epoch wrote that
record DirectoryStart(long epoch, long sequence, int lastCommitChecksum) {
  private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(epoch).putLong(sequence).putInt(lastCommitChecksum).flip();
  }

  static DirectoryStart decode(byte[] payload) {
    ByteBuffer bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    return new DirectoryStart(bytes.getLong(), bytes.getLong(), bytes.getInt());
  }

  static boolean fits(Frame frame) {
    return frame.type() == FrameType.START && frame.payload().byteSize() == BYTES;
  }
}
