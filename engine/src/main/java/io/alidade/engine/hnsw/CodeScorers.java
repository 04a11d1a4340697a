package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.EstimatingScorer;
import io.alidade.engine.quantization.VectorCodes;
import java.util.Optional;

/// The scorer of the codes that were used last, for an index may change them.
final class CodeScorers {
  private Optional<VectorCodes> codes = Optional.empty();
  private Optional<EstimatingScorer> scorer = Optional.empty();

  EstimatingScorer of(VectorCodes wanted) {
    if (codes.isEmpty() || codes.get() != wanted) {
      codes = Optional.of(wanted);
      scorer = Optional.of(wanted.newScorer());
    }
    return scorer.orElseThrow();
  }

  /// The scorer that was given last; there must have been one.
  EstimatingScorer last() {
    return scorer.orElseThrow();
  }
}
