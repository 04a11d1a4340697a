package io.alidade.storage.catalog;

import io.alidade.engine.vector.VectorElement;
import io.alidade.model.ColumnType;
import java.util.Optional;

/// Which types of columns the engine keeps and searches as vectors.
public final class VectorTypes {

  /// The longest `bit(n)` that is kept as vectors, in bits: the longest that pgvector indexes.
  public static final int MAX_BITS = 64_000;

  private VectorTypes() {}

  /// What a column's vectors consist of; empty for a type of anything else, of vectors that may
  /// differ in length, and of `bit` beyond [#MAX_BITS].
  public static Optional<VectorElement> element(ColumnType type) {
    if (!type.hasModifier()) {
      return Optional.empty();
    }
    return switch (type.kind()) {
      case VECTOR -> Optional.of(VectorElement.FLOAT32);
      case HALFVEC -> Optional.of(VectorElement.FLOAT16);
      case BIT -> type.modifier() <= MAX_BITS ? Optional.of(VectorElement.BIT) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
