package io.alidade.engine.search;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import java.util.Optional;

/// The rows of a segment that can be compared by their codes.
///
/// @param count the ordinals below this have codes
record CodedRows(VectorCodes codes, int count) {
  /// Those that an index keeps codes of, among the first `covered`, which must have been read from
  /// it before.
  static Optional<CodedRows> of(HnswIndex index, int covered) {
    return index.codes().map(codes -> new CodedRows(codes, Math.min(covered, codes.reserved())));
  }

  /// How many of the nearest by code are compared again, so that all but one in a hundred of the
  /// nearest `limit` are among them.
  ///
  /// On real embeddings of 384 dimensions one bit a dimension ranks 0.9985 of the 10 nearest among
  /// its first 100 and 0.9895 among its first 50, two bits all among 50, four bits and more all
  /// among 20.
  int shortlist(int limit) {
    double bits = (double) codes.codec().codeBytes() * Byte.SIZE / codes.codec().dimensions();
    long wanted;
    if (isCoarse(codes.codec().method()) || bits < 1.8) {
      wanted = 50 + 5L * limit;
    } else if (bits < 3.5) {
      wanted = 30 + 3L * limit;
    } else {
      wanted = 10 + 2L * limit;
    }
    return (int) Math.min(Math.max(1, count), wanted);
  }

  /// Whether the query is shortened to signs as well: then everything is ranked more coarsely.
  private static boolean isCoarse(Quantization method) {
    return method instanceof Quantization.Binary binary
        && binary.query() == Quantization.Binary.QueryEncoding.BINARY;
  }
}
