package io.alidade.bench.peers;

import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.feature.Feature;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.FusedPQ;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.quantization.KMeansPlusPlusClusterer;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;

/// JVector: its graph in a mapped file, as it recommends; `ef` is its `rerankK`.
///
/// The float variant compares with vectors on the heap. The others take over its graph, put their
/// codes into it, and compare all that a walk found with the floats of the file.
final class JVectorEngine implements HostedEngine {

  private static final VectorTypeSupport VECTORS =
      VectorizationProvider.getInstance().getVectorTypeSupport();
  private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.DOT_PRODUCT;
  private static final int DEGREE = 2 * Workload.M;

  /// What JVector's own benchmarks use.
  private static final float NEIGHBOR_OVERFLOW = 1.2f;

  private static final float ALPHA = 1.2f;
  private static final int CLUSTERS = 256;

  /// What a walk compares with.
  enum Variant {
    /// The floats.
    F32,
    /// Codes of a byte for four dimensions.
    PQ_4,
    /// Codes of a byte for eight dimensions.
    PQ_8
  }

  private final VectorFile base;
  private final Variant variant;
  private final RandomAccessVectorValues vectors;
  private Optional<ImmutableGraphIndex> built = Optional.empty();
  private Optional<PQVectors> codes = Optional.empty();
  private Optional<GraphSearcher> searcher = Optional.empty();

  JVectorEngine(VectorFile base, Variant variant) {
    this.base = base;
    this.variant = variant;
    List<VectorFloat<?>> rows = new ArrayList<>(base.count());
    for (int i = 0; i < base.count(); i++) {
      rows.add(VECTORS.createFloatVector(base.row(i)));
    }
    this.vectors = new ListRandomAccessVectorValues(rows, base.dimensions());
  }

  @Override
  public void build(Path index, int threads) throws IOException {
    try (ForkJoinPool simd = new ForkJoinPool(threads);
        ForkJoinPool parallel = new ForkJoinPool(threads)) {
      switch (variant) {
        case F32 -> built = Optional.of(graph(simd, parallel));
        case PQ_4 -> quantize(index, base.dimensions() / 4, simd, parallel);
        case PQ_8 -> quantize(index, base.dimensions() / 8, simd, parallel);
      }
    }
  }

  private ImmutableGraphIndex graph(ForkJoinPool simd, ForkJoinPool parallel) throws IOException {
    try (GraphIndexBuilder builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(vectors, SIMILARITY),
            base.dimensions(),
            DEGREE,
            Workload.EF_CONSTRUCTION,
            NEIGHBOR_OVERFLOW,
            ALPHA,
            true,
            true,
            simd,
            parallel)) {
      return builder.build(vectors);
    }
  }

  private void quantize(Path index, int subspaces, ForkJoinPool simd, ForkJoinPool parallel)
      throws IOException {
    built = Optional.of(load(basis(index)));
    ProductQuantization quantization =
        ProductQuantization.compute(
            vectors,
            subspaces,
            CLUSTERS,
            false,
            KMeansPlusPlusClusterer.UNWEIGHTED,
            simd,
            parallel);
    codes = Optional.of(quantization.encodeAll(vectors, simd));
  }

  /// Where the graph on floats has been saved.
  private static Path basis(Path index) {
    return index.resolveSibling(PeerKind.JVECTOR_F32.id());
  }

  private static OnDiskGraphIndex load(Path index) throws IOException {
    return OnDiskGraphIndex.load(ReaderSupplierFactory.open(index));
  }

  @Override
  public void save(Path index) throws IOException {
    ImmutableGraphIndex graph = built.orElseThrow();
    if (codes.isEmpty()) {
      OnDiskGraphIndex.write(graph, vectors, index);
      return;
    }
    PQVectors encoded = codes.get();
    try (ImmutableGraphIndex.View view = graph.getView();
        OnDiskGraphIndexWriter writer =
            new OnDiskGraphIndexWriter.Builder(graph, index)
                .with(new InlineVectors(base.dimensions()))
                .with(new FusedPQ(graph.maxDegree(), encoded.getCompressor()))
                .build()) {
      Map<FeatureId, IntFunction<Feature.State>> states = new EnumMap<>(FeatureId.class);
      states.put(
          FeatureId.INLINE_VECTORS, ordinal -> new InlineVectors.State(vectors.getVector(ordinal)));
      states.put(FeatureId.FUSED_PQ, ordinal -> new FusedPQ.State(view, encoded, ordinal));
      writer.write(states);
    }
  }

  @Override
  public void open(Path index) throws IOException {
    searcher = Optional.of(new GraphSearcher(load(index)));
  }

  @Override
  public int search(float[] query, int ef, int[] found, int from) {
    GraphSearcher walker = searcher.orElseThrow();
    SearchResult result =
        walker.search(
            scores(walker, VECTORS.createFloatVector(query)), Workload.K, ef, 0f, 0f, Bits.ALL);
    SearchResult.NodeScore[] nodes = result.getNodes();
    for (int i = 0; i < nodes.length; i++) {
      found[from + i] = nodes[i].node;
    }
    return nodes.length;
  }

  private SearchScoreProvider scores(GraphSearcher walker, VectorFloat<?> query) {
    if (variant == Variant.F32) {
      return DefaultSearchScoreProvider.exact(query, SIMILARITY, vectors);
    }
    ImmutableGraphIndex.ScoringView view = (ImmutableGraphIndex.ScoringView) walker.getView();
    return new DefaultSearchScoreProvider(
        view.approximateScoreFunctionFor(query, SIMILARITY), view.rerankerFor(query, SIMILARITY));
  }

  @Override
  public void close() throws IOException {
    if (searcher.isPresent()) {
      searcher.get().close();
    }
  }
}
