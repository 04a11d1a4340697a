package io.alidade.engine.quantization;

import io.alidade.engine.vector.Distance;
import java.nio.ByteBuffer;

/// A method of quantization trained on some rows: encodes vectors into records and compares queries
/// with them. Immutable; thread-safe.
///
/// A record is [#recordBytes] long, a multiple of 64, and holds the code and what the estimate
/// needs besides. For the cosine distance rows and queries are taken at length 1.
public interface Codec {
  Quantization method();

  Distance distance();

  int dimensions();

  /// The bytes from one record to the next.
  int recordBytes();

  /// The bytes of the bare code, for statistics.
  int codeBytes();

  /// An encoder, for one thread.
  Encoder newEncoder();

  /// A scorer of records, for one thread.
  CodeScorer newScorer();

  /// What training found, to be read again by [Codecs#read]; little-endian.
  void write(ByteBuffer out);

  /// The bytes that [#write] writes.
  int writtenBytes();

  /// Encodes rows; used by one thread at a time.
  interface Encoder {
    /// Writes the record of a row of floats.
    ///
    /// @param row the address of its floats
    /// @param inverseNorm one over its norm, NaN for a zero vector
    /// @param record the address of [#recordBytes] bytes
    void encode(long row, float inverseNorm, long record);
  }
}
