package io.alidade.bench.peers;

import java.util.Locale;
import java.util.Optional;

/// An index that can be measured, one way of using one library.
enum PeerKind {
  /// Ours: a walk on the float vectors.
  ALIDADE_F32("Alidade, f32", Host.JVM),
  /// Ours: a walk on the codes that the engine chooses, as the server does it.
  ALIDADE_CODES("Alidade, codes + f32 rescoring", Host.JVM),
  /// Ours: every row compared.
  ALIDADE_EXACT("Alidade, exact scan f32", Host.JVM),
  /// Ours: every row compared by its code, the best again by their floats.
  ALIDADE_CODE_SCAN("Alidade, scan by codes + f32 rescoring", Host.JVM),
  /// Ours, every row compared by its code, and fifty times the limit by their floats.
  ALIDADE_CODE_SCAN_WIDE("Alidade, scan by codes + f32 rescoring of 500", Host.JVM),
  /// Ours: a walk on the float vectors even where the engine would rather scan.
  ALIDADE_WALK_F32("Alidade, the walk alone, f32", Host.JVM),
  /// Ours: a walk on the codes even where the engine would rather scan.
  ALIDADE_WALK_CODES("Alidade, the walk alone, codes + f32 rescoring", Host.JVM),
  /// hnswlib.
  HNSWLIB_F32("hnswlib, f32", Host.NODE),
  /// usearch.
  USEARCH_F32("usearch, f32", Host.NODE),
  /// Lucene's graph on the float vectors.
  LUCENE_F32("Lucene, f32", Host.JVM),
  /// Lucene's graph on seven bits a dimension.
  LUCENE_INT8("Lucene, int8 + f32 rescoring of 20", Host.JVM),
  /// Lucene's graph on one bit a dimension.
  LUCENE_BBQ("Lucene, BBQ + f32 rescoring", Host.JVM),
  /// JVector's graph on the float vectors.
  JVECTOR_F32("JVector, f32", Host.JVM),
  /// JVector with fused product quantization, a byte for four dimensions.
  JVECTOR_PQ4("JVector, fused PQ d/4 + f32 rescoring", Host.JVM),
  /// JVector with fused product quantization, a byte for eight dimensions.
  JVECTOR_PQ8("JVector, fused PQ d/8 + f32 rescoring", Host.JVM),
  /// pgvector, by SQL.
  PGVECTOR("pgvector, SQL", Host.POSTGRESQL);

  /// Where it runs.
  enum Host {
    JVM,
    NODE,
    POSTGRESQL
  }

  private final String title;
  private final Host host;

  PeerKind(String title, Host host) {
    this.title = title;
    this.host = host;
  }

  /// Its name in files and on the command line.
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String title() {
    return title;
  }

  Host host() {
    return host;
  }

  boolean isOurs() {
    return switch (this) {
      case ALIDADE_F32,
          ALIDADE_CODES,
          ALIDADE_EXACT,
          ALIDADE_CODE_SCAN,
          ALIDADE_CODE_SCAN_WIDE,
          ALIDADE_WALK_F32,
          ALIDADE_WALK_CODES ->
          true;
      case HNSWLIB_F32,
          USEARCH_F32,
          LUCENE_F32,
          LUCENE_INT8,
          LUCENE_BBQ,
          JVECTOR_F32,
          JVECTOR_PQ4,
          JVECTOR_PQ8,
          PGVECTOR ->
          false;
    };
  }

  /// Whether its effort can be chosen; otherwise one pass says all.
  boolean hasEffort() {
    return this != ALIDADE_EXACT && this != ALIDADE_CODE_SCAN && this != ALIDADE_CODE_SCAN_WIDE;
  }

  /// The index whose graph this one takes over; its build counts for this one, too.
  Optional<PeerKind> basis() {
    return this == JVECTOR_PQ4 || this == JVECTOR_PQ8 ? Optional.of(JVECTOR_F32) : Optional.empty();
  }

  /// Whether it shows something about our engine that is no way of using it.
  boolean isPart() {
    return this == ALIDADE_WALK_F32 || this == ALIDADE_WALK_CODES;
  }

  /// The kind whose index this one searches in its own way: mostly itself.
  PeerKind indexed() {
    return switch (this) {
      case ALIDADE_CODE_SCAN, ALIDADE_CODE_SCAN_WIDE, ALIDADE_WALK_CODES -> ALIDADE_CODES;
      case ALIDADE_WALK_F32 -> ALIDADE_F32;
      case ALIDADE_F32,
          ALIDADE_CODES,
          ALIDADE_EXACT,
          HNSWLIB_F32,
          USEARCH_F32,
          LUCENE_F32,
          LUCENE_INT8,
          LUCENE_BBQ,
          JVECTOR_F32,
          JVECTOR_PQ4,
          JVECTOR_PQ8,
          PGVECTOR ->
          this;
    };
  }

  static PeerKind of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
