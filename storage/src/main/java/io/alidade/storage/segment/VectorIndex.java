package io.alidade.storage.segment;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.MergeSource;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.VectorIndexOptions;
import io.alidade.storage.catalog.VectorIndexOptions.CodePlacement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/// The graph of one vector index over one segment with the codes it is walked on, and who may
/// extend and change them.
///
/// The options may change while it is read: [#define] notes what is asked, [#recode] does it, in
/// the background. Thread-safe.
public final class VectorIndex {
  private final int oid;
  private final int column;
  private final Distance distance;
  private final VectorStore vectors;
  private final HnswIndex graph;
  private final Optional<HnswIndex> answer;
  private final Home home;
  private volatile VectorIndexOptions options;

  /// The coding that the codes answer, as [VectorIndexOptions#codingText] says it; empty if it is
  /// not known.
  private volatile String coding;

  private volatile Optional<VectorIndexReport.Measured> measured = Optional.empty();

  /// Where a graph is.
  sealed interface Home {
    /// In memory; it takes more rows.
    record Growing() implements Home {}

    /// In a mapped file, complete.
    ///
    /// @param form what the system was told when it was opened
    record Mapped(VectorIndexReport.Form form) implements Home {}

    /// Copied from a file, complete.
    record Pinned(PinnedCopy copy) implements Home {}
  }

  private VectorIndex(
      IndexDefinition definition, VectorStore vectors, HnswIndex graph, Home home, String coding) {
    this.oid = definition.oid();
    this.column = definition.keys().getFirst().column();
    this.distance = distance(definition);
    this.vectors = vectors;
    this.options = definition.vectorOptions();
    this.graph = graph;
    this.answer = Optional.of(graph);
    this.home = home;
    this.coding = coding;
  }

  /// An empty one over a segment; its heap-only versions are left out.
  public static VectorIndex create(IndexDefinition definition, Segment segment) {
    VectorStore vectors = segment.vectors(definition.keys().getFirst().column());
    VectorIndexOptions options = definition.vectorOptions();
    HnswIndex graph =
        HnswIndex.create(
            options.graph(), distance(definition), vectors, options.coding(), segment::isHeapOnly);
    return new VectorIndex(definition, vectors, graph, new Home.Growing(), options.codingText());
  }

  /// A saved one.
  ///
  /// @param coding what its codes answer, as the file says
  static VectorIndex opened(
      IndexDefinition definition, VectorStore vectors, HnswIndex graph, Home home, String coding) {
    return new VectorIndex(definition, vectors, graph, home, coding);
  }

  static Distance distance(IndexDefinition definition) {
    return definition
        .distance()
        .orElseThrow(() -> new IllegalStateException(definition + " has no distance"));
  }

  /// The OID of the index.
  public int oid() {
    return oid;
  }

  public HnswIndex graph() {
    return graph;
  }

  /// The graph as a search asks for it: the same object each time.
  Optional<HnswIndex> answer() {
    return answer;
  }

  /// The options now asked for.
  public VectorIndexOptions options() {
    return options;
  }

  boolean answers(int columnIndex, Distance asked) {
    return column == columnIndex && distance == asked;
  }

  /// Takes on the options of a definition. What follows from them is for [#recode] to do.
  public void define(IndexDefinition definition) {
    options = definition.vectorOptions();
  }

  /// Whether other codes are asked for than there are.
  public boolean awaitsCodes() {
    return !coding.equals(options.codingText());
  }

  /// Makes the codes that are asked for, beside readers. One at a time; an extension waits. It ends
  /// early, and the codes there were stay in use, when it is cancelled, when its thread is
  /// interrupted, and when others are asked for meanwhile.
  ///
  /// @param cancelled asked again and again by the calling thread
  public synchronized void recode(BooleanSupplier cancelled) {
    VectorIndexOptions asked = options;
    String askedCoding = asked.codingText();
    if (!coding.equals(askedCoding)
        && graph.setCoding(
            asked.coding(), () -> cancelled.getAsBoolean() || asksForOther(asked, askedCoding))) {
      coding = askedCoding;
    }
  }

  private boolean asksForOther(VectorIndexOptions asked, String askedCoding) {
    VectorIndexOptions now = options;
    return now != asked && !now.codingText().equals(askedCoding);
  }

  /// The codes at one moment, what they answer, and where a file is to have them.
  record Coded(Optional<VectorCodes> codes, String coding, CodePlacement placement) {
    /// The form of a file with these.
    String form() {
      return form(coding, placement);
    }

    /// In one line, the same for the same: what the codes of a file answer and where they are.
    static String form(String coding, CodePlacement placement) {
      return switch (placement) {
        case APART -> coding;
        case BESIDE_NEIGHBORS -> coding + ", beside neighbors";
      };
    }

    /// Those that are copied beside the lists of neighbours.
    Optional<VectorCodes> besideLists() {
      return switch (placement) {
        case APART -> Optional.empty();
        case BESIDE_NEIGHBORS -> codes;
      };
    }

    /// Ends what [#holdCoded] began.
    void release() {
      codes.ifPresent(VectorCodes::release);
    }
  }

  /// Waits for a [#recode] that is under way.
  synchronized Coded coded() {
    return new Coded(graph.codes(), coding, options.codePlacement());
  }

  /// The same, and nobody frees the codes before they are released.
  synchronized Coded holdCoded() {
    return new Coded(graph.holdCodes(), coding, options.codePlacement());
  }

  /// Inserts the rows up to `end` on some threads, unless they are in. Two callers wait for each
  /// other. An interrupt of the calling thread ends it early.
  ///
  /// @param threads at most so many, and no more than the options allow
  /// @param cancelled asked again and again by all threads; ends it early, too
  public synchronized void extendTo(
      int end, int threads, Executor executor, BooleanSupplier cancelled) {
    if (!(home instanceof Home.Growing) || graph.indexedCount() >= end) {
      return;
    }
    int allowed = Math.min(threads, options.threads().orElse(threads));
    graph.extend(end, allowed, executor, cancelled);
  }

  /// Fills an empty index of a segment that others were merged into, on some threads. It is not
  /// complete afterwards if it was cancelled, or the calling thread interrupted.
  ///
  /// @param sources the graphs of those segments
  public synchronized void merge(
      List<MergeSource> sources, int threads, Executor executor, BooleanSupplier cancelled) {
    int allowed = Math.min(threads, options.threads().orElse(threads));
    graph.merge(sources, vectors.size(), allowed, executor, cancelled);
  }

  /// What there is to tell of it; measures its codes' recall if that was not done yet.
  public VectorIndexReport report() {
    Optional<VectorCodes> codes = graph.holdCodes();
    try {
      return report(codes);
    } finally {
      codes.ifPresent(VectorCodes::release);
    }
  }

  private VectorIndexReport report(Optional<VectorCodes> codes) {
    return new VectorIndexReport(
        vectors.size(),
        graph.indexedCount(),
        graph.nodeCount(),
        vectors.element(),
        vectors.element().rowBytes(vectors.dimensions()),
        codes.map(this::measure),
        graphBytes(),
        graph.isWalkedBesideLists(),
        graph.allocatedBytes() + (home instanceof Home.Pinned(var copy) ? copy.bytes() : 0),
        switch (home) {
          case Home.Growing _ -> VectorIndexReport.Form.GROWING;
          case Home.Pinned _ -> VectorIndexReport.Form.PINNED;
          case Home.Mapped(var form) -> form;
        });
  }

  /// What the graph takes where it is, with the codes beside its lists.
  public long graphBytes() {
    return graph.savedBytes(graph.codesBesideLists());
  }

  /// What pinning it would take more than it takes now.
  public long bytesToPin() {
    if (home instanceof Home.Pinned) {
      return 0;
    }
    Coded coded = new Coded(graph.codes(), coding, options.codePlacement());
    return graph.savedBytes(coded.besideLists())
        + coded.codes().map(codes -> codes.savedBytes(graph.indexedCount())).orElse(0L);
  }

  private VectorIndexReport.Measured measure(VectorCodes codes) {
    Optional<VectorIndexReport.Measured> before = measured;
    if (before.isPresent() && before.get().isOf(codes)) {
      return before.get();
    }
    VectorIndexReport.Measured now =
        VectorIndexReport.Measured.of(codes, vectors, graph.indexedCount());
    measured = Optional.of(now);
    return now;
  }

  /// Frees an index that no segment keeps.
  public void close() {
    graph.close();
    if (home instanceof Home.Pinned(var copy)) {
      copy.close();
    }
  }
}
