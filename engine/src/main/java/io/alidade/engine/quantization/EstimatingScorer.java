package io.alidade.engine.quantization;

import io.alidade.engine.memory.LinePrefetch;
import io.alidade.engine.vector.Scorer;

/// A scorer by codes, which knows how far its keys may be wrong.
public interface EstimatingScorer extends Scorer {
  /// How far a row's key may be from the exact one; see [CodeScorer#errorOf].
  float errorOf(int ordinal);

  /// The keys of copies of records, at any addresses.
  void keysOfCopies(long[] records, int count, float[] keys);

  /// The keys of copies of records that follow each other.
  void keysOfCopies(long first, int count, float[] keys);

  /// Adds the lines that comparing these copies will read first.
  void prefetchCopies(long[] records, int count, LinePrefetch lines);
}
