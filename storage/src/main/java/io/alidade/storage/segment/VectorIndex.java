package io.alidade.storage.segment;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.concurrent.Executor;

/// The graph of one vector index over one segment, and who may extend it.
public final class VectorIndex {
  private final int oid;
  private final int column;
  private final Distance distance;
  private final HnswIndex graph;
  private final Form form;

  /// Where a graph is.
  public enum Form {
    /// In memory; it takes more rows.
    GROWING,
    /// In a file, complete.
    SAVED
  }

  VectorIndex(IndexDefinition definition, HnswIndex graph, Form form) {
    this.oid = definition.oid();
    this.column = definition.keys().getFirst().column();
    this.distance = distance(definition);
    this.graph = graph;
    this.form = form;
  }

  /// An empty one over a segment.
  public static VectorIndex create(IndexDefinition definition, Segment segment) {
    int column = definition.keys().getFirst().column();
    VectorStore vectors = segment.vectors(column);
    HnswParameters parameters =
        new HnswParameters(
            option(definition, "m", HnswParameters.DEFAULT_M),
            option(definition, "ef_construction", HnswParameters.DEFAULT_EF_CONSTRUCTION),
            HnswParameters.DEFAULT.seed());
    HnswIndex graph = HnswIndex.create(parameters, distance(definition), vectors);
    return new VectorIndex(definition, graph, Form.GROWING);
  }

  static Distance distance(IndexDefinition definition) {
    return definition
        .distance()
        .orElseThrow(() -> new IllegalStateException(definition + " has no distance"));
  }

  private static int option(IndexDefinition definition, String name, int absent) {
    String value = definition.options().get(name);
    return value == null ? absent : Integer.parseInt(value);
  }

  /// The OID of the index.
  public int oid() {
    return oid;
  }

  public HnswIndex graph() {
    return graph;
  }

  boolean answers(int columnIndex, Distance asked) {
    return column == columnIndex && distance == asked;
  }

  /// Inserts the rows up to `end` on some threads, unless they are in. Two callers wait for each
  /// other.
  public synchronized void extendTo(int end, int threads, Executor executor) {
    if (form == Form.SAVED || graph.indexedCount() >= end) {
      return;
    }
    if (threads > 1) {
      graph.extend(end, threads, executor);
    } else {
      graph.extend(end);
    }
  }

  /// Frees an index that no segment keeps.
  public void close() {
    graph.close();
  }
}
