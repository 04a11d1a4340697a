package io.alidade.storage.log;

import org.jspecify.annotations.Nullable;

/// What a frame of the log is for; the codes are part of the format.
enum FrameType {
  /// The first of a directory: its identity, and where it joins the directory before.
  START(1),
  /// The commit of a transaction.
  COMMIT(2),
  /// A part of a transaction, logged before its commit.
  CHUNK(3),
  /// The end of a transaction that will not commit.
  ABORT(4),
  /// A piece of a payload that was too long for one frame; the frame after the last piece ends it.
  PIECE(5),
  /// The last of a run that ended in order: everything before it is durable.
  CLOSED(6);

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static @Nullable FrameType of(int code) {
    for (FrameType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
