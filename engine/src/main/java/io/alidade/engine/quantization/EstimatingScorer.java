package io.alidade.engine.quantization;

import io.alidade.engine.vector.Scorer;

/// A scorer by codes, which knows how far its keys may be wrong.
public interface EstimatingScorer extends Scorer {
  /// How far a row's key may be from the exact one; see [CodeScorer#errorOf].
  float errorOf(int ordinal);
}
