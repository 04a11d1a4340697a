package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/// Lucene: one segment in a mapped directory, searched below its query classes.
///
/// `ef` is the number of hits collected; of quantized ones as many as the variant says are compared
/// again by their floats.
final class LuceneEngine implements HostedEngine {

  private static final String FIELD = "vector";

  /// Enough for one segment, whose graph is then built once; Lucene's own bound is 2048.
  private static final double BUFFER_MEGABYTES = 2000;

  private static final int BUFFER_HARD_LIMIT_MEGABYTES = 2047;

  /// How vectors are stored beside the graph.
  enum Variant {
    /// As they are.
    F32,
    /// Seven bits a dimension.
    INT8,
    /// One bit a dimension, four of the query's.
    BBQ
  }

  private final VectorFile base;
  private final Variant variant;
  private Optional<LeafReader> reader = Optional.empty();

  LuceneEngine(VectorFile base, Variant variant) {
    this.base = base;
    this.variant = variant;
  }

  private KnnVectorsFormat format() {
    return switch (variant) {
      case F32 -> new Lucene99HnswVectorsFormat(Workload.M, Workload.EF_CONSTRUCTION);
      case INT8 -> quantized(ScalarEncoding.SEVEN_BIT);
      case BBQ -> quantized(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE);
    };
  }

  private static KnnVectorsFormat quantized(ScalarEncoding encoding) {
    return new Lucene104HnswScalarQuantizedVectorsFormat(
        encoding, Workload.M, Workload.EF_CONSTRUCTION);
  }

  @Override
  public void build(Path index, int threads) throws IOException {
    KnnVectorsFormat format = format();
    IndexWriterConfig config = new IndexWriterConfig();
    config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
    config.setRAMPerThreadHardLimitMB(BUFFER_HARD_LIMIT_MEGABYTES);
    config.setRAMBufferSizeMB(BUFFER_MEGABYTES);
    config.setMergeScheduler(new SerialMergeScheduler());
    config.setUseCompoundFile(false);
    config.setCodec(
        new Lucene104Codec() {
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return format;
          }
        });
    try (MMapDirectory directory = new MMapDirectory(index);
        IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < base.count(); i++) {
        Document document = new Document();
        document.add(
            new KnnFloatVectorField(FIELD, base.row(i), VectorSimilarityFunction.DOT_PRODUCT));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
  }

  @Override
  public void save(Path index) {
    // The writer has.
  }

  @Override
  public void open(Path index) throws IOException {
    DirectoryReader opened = DirectoryReader.open(new MMapDirectory(index));
    if (opened.leaves().size() != 1) {
      throw new IOException(opened.leaves().size() + " segments instead of one");
    }
    reader = Optional.of(opened.leaves().getFirst().reader());
  }

  @Override
  public int search(float[] query, int ef, int[] found, int from) throws IOException {
    LeafReader leaf = reader.orElseThrow();
    TopKnnCollector collector = new TopKnnCollector(ef, Integer.MAX_VALUE);
    leaf.searchNearestVectors(
        FIELD, query, collector, AcceptDocs.fromLiveDocs(leaf.getLiveDocs(), leaf.maxDoc()));
    ScoreDoc[] hits = collector.topDocs().scoreDocs;
    hits = rescored(leaf, query, hits, rescoring(hits.length));
    int count = Math.min(Workload.K, hits.length);
    for (int i = 0; i < count; i++) {
      found[from + i] = hits[i].doc;
    }
    return count;
  }

  /// How many of the hits are compared again: seven bits rank well, one bit does not.
  private int rescoring(int hits) {
    return switch (variant) {
      case F32 -> 0;
      case INT8 -> Math.min(hits, 2 * Workload.K);
      case BBQ -> hits;
    };
  }

  private static ScoreDoc[] rescored(LeafReader leaf, float[] query, ScoreDoc[] hits, int count)
      throws IOException {
    if (count == 0) {
      return hits;
    }
    FloatVectorValues values = leaf.getFloatVectorValues(FIELD);
    ScoreDoc[] best = Arrays.copyOf(hits, count);
    for (ScoreDoc hit : best) {
      hit.score =
          VectorUtil.dotProduct(query, values.vectorValue(hit.doc)); // Ordinals are documents.
    }
    Arrays.sort(best, Comparator.comparingDouble(hit -> -hit.score));
    return best;
  }

  @Override
  public void close() throws IOException {
    if (reader.isPresent()) {
      reader.get().close();
    }
  }
}
