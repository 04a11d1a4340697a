package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.Quantization;

/// Which codes a graph is walked on.
public sealed interface Coding {
  /// What the self-test on the rows finds good enough, the shortest first; none for few rows.
  Coding AUTOMATIC = new Automatic();

  /// None: walks read the vectors.
  Coding NONE = new None();

  /// See [#AUTOMATIC].
  record Automatic() implements Coding {}

  /// See [#NONE].
  record None() implements Coding {}

  /// Those of one method, however good.
  record Fixed(Quantization method) implements Coding {}
}
