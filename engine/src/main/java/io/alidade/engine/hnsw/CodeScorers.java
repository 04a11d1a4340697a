package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Scorer;
import java.util.Optional;

/// The scorer of the codes that were used last, for an index may change them.
final class CodeScorers {
  private Optional<VectorCodes> codes = Optional.empty();
  private Optional<Scorer> scorer = Optional.empty();

  Scorer of(VectorCodes wanted) {
    if (codes.isEmpty() || codes.get() != wanted) {
      codes = Optional.of(wanted);
      scorer = Optional.of(wanted.newScorer());
    }
    return scorer.orElseThrow();
  }
}
