package io.alidade.sql.catalog;

import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType.Kind;
import java.util.Arrays;
import java.util.Optional;

/// pgvector's operator classes for HNSW indexes: a type and the distance that orders its values.
public enum VectorOperatorClass {
  VECTOR_L2_OPS(Kind.VECTOR, Distance.L2),
  VECTOR_IP_OPS(Kind.VECTOR, Distance.NEGATIVE_INNER_PRODUCT),
  VECTOR_COSINE_OPS(Kind.VECTOR, Distance.COSINE),
  VECTOR_L1_OPS(Kind.VECTOR, Distance.L1),
  HALFVEC_L2_OPS(Kind.HALFVEC, Distance.L2),
  HALFVEC_IP_OPS(Kind.HALFVEC, Distance.NEGATIVE_INNER_PRODUCT),
  HALFVEC_COSINE_OPS(Kind.HALFVEC, Distance.COSINE),
  HALFVEC_L1_OPS(Kind.HALFVEC, Distance.L1),
  BIT_HAMMING_OPS(Kind.BIT, Distance.HAMMING),
  BIT_JACCARD_OPS(Kind.BIT, Distance.JACCARD);

  private final Kind kind;
  private final Distance distance;

  VectorOperatorClass(Kind kind, Distance distance) {
    this.kind = kind;
    this.distance = distance;
  }

  /// The class with a name, in SQL's lower case.
  public static Optional<VectorOperatorClass> named(String name) {
    return Arrays.stream(values()).filter(each -> each.sqlName().equals(name)).findFirst();
  }

  /// The class of a type's distance.
  public static VectorOperatorClass of(Kind kind, Distance distance) {
    return Arrays.stream(values())
        .filter(each -> each.kind == kind && each.distance == distance)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(distance + " of " + kind));
  }

  /// The name in CREATE INDEX: `vector_l2_ops`.
  public String sqlName() {
    return kind.typeName()
        + switch (distance) {
          case L2 -> "_l2_ops";
          case NEGATIVE_INNER_PRODUCT -> "_ip_ops";
          case COSINE -> "_cosine_ops";
          case L1 -> "_l1_ops";
          case HAMMING -> "_hamming_ops";
          case JACCARD -> "_jaccard_ops";
        };
  }

  public Distance distance() {
    return distance;
  }

  /// Whether PostgreSQL takes it for columns of a type: its own, and one with the same values.
  public boolean accepts(Kind column) {
    return column == kind || (kind == Kind.BIT && column == Kind.VARBIT);
  }
}
