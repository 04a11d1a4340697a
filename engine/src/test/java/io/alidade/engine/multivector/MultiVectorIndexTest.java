package io.alidade.engine.multivector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Truth;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.MultiVectorOptions;
import io.alidade.engine.search.MultiVectorSearch;
import io.alidade.engine.search.MultiVectorSearch.Hit;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.Strategy;
import io.alidade.engine.vector.Distance;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MultiVectorIndexTest {
  private static final int DIMENSIONS = 32;
  private static final int ROWS = 4000;
  private static final int QUERIES = 15;
  private static final int QUERY_VECTORS = 5;
  private static final int LIMIT = 10;
  private static final double ENOUGH = 0.95;

  private static final List<Distance> DISTANCES =
      List.of(Distance.NEGATIVE_INNER_PRODUCT, Distance.COSINE, Distance.L2, Distance.L1);

  /// Built quickly.
  private static final HnswParameters PARAMETERS = new HnswParameters(8, 40, 17);

  private static final MultiVectorOptions OPTIONS =
      new MultiVectorOptions(64, 20, SearchOptions.Mode.APPROXIMATE);

  private final RandomGenerator random = TestSeed.generator();
  private final TokenLists lists = new TokenLists(random, DIMENSIONS);

  @BeforeEach
  void fill() {
    lists.fill(ROWS);
  }

  @AfterEach
  void close() {
    lists.close();
  }

  private MultiVectorIndex index(Distance distance, int end) {
    return index(distance, end, Coding.AUTOMATIC);
  }

  private MultiVectorIndex index(Distance distance, int end, Coding coding) {
    MultiVectorIndex index = MultiVectorIndex.create(PARAMETERS, distance, lists, coding);
    index.extend(end);
    return index;
  }

  private List<Hit> exact(MultiVectorSearch.Query query) {
    return MultiVectorSearch.search(lists.segment(), lists, query, Checkpoint.NONE);
  }

  private MultiVectorSearch.Found found(MultiVectorIndex index, MultiVectorSearch.Query query) {
    return MultiVectorSearch.search(lists.segment(), index, query, Checkpoint.NONE);
  }

  private static MultiVectorSearch.Query query(
      float[][] vectors, Distance distance, Filter filter) {
    return new MultiVectorSearch.Query(vectors, distance, LIMIT, filter, OPTIONS);
  }

  /// The share of the true nearest found; checks what must hold of any answer.
  private double recall(MultiVectorIndex index, MultiVectorSearch.Query query) {
    List<Hit> exact = exact(query);
    List<Hit> hits = found(index, query).hits();
    assertThat(hits).hasSameSizeAs(exact).isSorted().doesNotHaveDuplicates();
    MultiVectorScorer scorer = new MultiVectorScorer(lists, query.distance(), query.vectors());
    assertThat(hits).allMatch(hit -> hit.score() == scorer.score(hit.ordinal()));
    Set<Hit> both = new HashSet<>(exact);
    both.retainAll(hits);
    return exact.isEmpty() ? 1 : (double) both.size() / exact.size();
  }

  private double recall(MultiVectorIndex index, Filter filter) {
    double sum = 0;
    for (int i = 0; i < QUERIES; i++) {
      sum += recall(index, query(lists.query(QUERY_VECTORS), index.distance(), filter));
    }
    return sum / QUERIES;
  }

  @Test
  void walksFindTheNearestByEveryDistance() {
    for (Distance distance : DISTANCES) {
      try (MultiVectorIndex index = index(distance, ROWS)) {
        assertThat(index.indexedCount()).isEqualTo(ROWS);
        assertThat(recall(index, Filter.ALL)).as("%s", distance).isGreaterThanOrEqualTo(ENOUGH);
        MultiVectorSearch.Found found =
            found(index, query(lists.query(QUERY_VECTORS), distance, Filter.ALL));
        assertThat(found.strategy()).isEqualTo(Strategy.WALK);
        assertThat(found.visitedNodes()).isPositive();
        assertThat(found.scoredRows()).isLessThan(ROWS / 10);
      }
    }
  }

  @Test
  void walksOnCodesFindTheNearest() {
    Coding codes = new Coding.Fixed(Quantization.SCALAR);
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS, codes)) {
      assertThat(index.codes()).isPresent();
      assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  private static Filter below(int share) {
    return new Filter.Compare(TokenLists.MODULO, Filter.Comparison.LESS, share);
  }

  @Test
  void filtersGetTheFullLimitWhateverShareMatches() {
    try (MultiVectorIndex index = index(Distance.NEGATIVE_INNER_PRODUCT, ROWS)) {
      for (int share : new int[] {0, 1, 3, 10, 30, 60, 99}) {
        assertThat(recall(index, below(share))).as("%d %%", share).isGreaterThanOrEqualTo(ENOUGH);
      }
    }
  }

  @Test
  void filtersThatAgreeOrDisagreeWithTheQueryGetTheFullLimit() {
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS)) {
      double agreeing = 0;
      double contradicting = 0;
      for (int i = 0; i < QUERIES; i++) {
        int row = lists.anyRow();
        float[][] vectors = lists.queryLike(row, QUERY_VECTORS);
        Filter same =
            new Filter.Compare(TokenLists.TOPIC, Filter.Comparison.EQUAL, lists.topic(row));
        Filter far =
            new Filter.Compare(
                TokenLists.TOPIC,
                lists.topic(row) < 175
                    ? Filter.Comparison.GREATER_OR_EQUAL
                    : Filter.Comparison.LESS,
                lists.topic(row) < 175 ? 280 : 70);
        agreeing += recall(index, query(vectors, Distance.COSINE, same)) / QUERIES;
        contradicting += recall(index, query(vectors, Distance.COSINE, far)) / QUERIES;
      }
      assertThat(agreeing).isGreaterThanOrEqualTo(ENOUGH);
      assertThat(contradicting).isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  /// A filter whose matches cannot be foretold: only a few rows at a stretch.
  private static Filter stretch(int from, int count) {
    return new Filter.And(
        List.of(
            new Filter.Compare(TokenLists.NUMBER, Filter.Comparison.GREATER_OR_EQUAL, from),
            new Filter.Compare(TokenLists.NUMBER, Filter.Comparison.LESS, from + count)));
  }

  @Test
  void whereFewMatchAllOfThemAreFound() {
    try (MultiVectorIndex index = index(Distance.L2, ROWS)) {
      for (int count : new int[] {1, 5, 12, 40}) {
        Filter filter = stretch(random.nextInt(ROWS - count), count);
        assertThat(recall(index, filter)).isEqualTo(1);
      }
    }
  }

  @Test
  void walksThatFindManyVectorsOfFewRowsGoOn() {
    float[] centre = TestVectors.gaussian(random, DIMENSIONS);
    for (int i = 0; i < 30; i++) {
      float[] ofRow = lists.near(centre, 0.2f);
      float[][] alike = new float[12][];
      Arrays.setAll(alike, _ -> lists.near(ofRow, 0.01f));
      lists.add(0, alike);
    }
    MultiVectorOptions narrow = new MultiVectorOptions(1, 1, SearchOptions.Mode.APPROXIMATE);
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS + 30)) {
      MultiVectorSearch.Query query =
          new MultiVectorSearch.Query(
              new float[][] {centre}, Distance.COSINE, LIMIT, Filter.ALL, narrow);
      MultiVectorSearch.Found found = found(index, query);
      assertThat(found.hits()).hasSize(LIMIT).allMatch(hit -> hit.ordinal() >= ROWS);
      assertThat(found.strategy()).isEqualTo(Strategy.WALK);
    }
  }

  @Test
  void whereFewerMatchThanWereExpectedAllOfThemAreFound() {
    // Every row but a few is deleted, and the segment does not know.
    try (MultiVectorIndex index = index(Distance.L2, ROWS)) {
      for (int row = 0; row < ROWS; row++) {
        if (row % 600 != 1) {
          lists.segment().delete(row);
        }
      }
      SegmentView unaware = new UnawareSegment(lists.segment());
      MultiVectorSearch.Query query = query(lists.query(QUERY_VECTORS), Distance.L2, Filter.ALL);
      MultiVectorSearch.Found found =
          MultiVectorSearch.search(unaware, index, query, Checkpoint.NONE);
      assertThat(found.hits()).isEqualTo(exact(query)).hasSize(7);
      assertThat(found.strategy()).isEqualTo(Strategy.WALK_THEN_EXACT);
    }
  }

  @Test
  void rowsThatAreNotIndexedYetAreScoredOneByOne() {
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS - 300)) {
      assertThat(index.indexedCount()).isEqualTo(ROWS - 300);
      assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(ENOUGH);
      int row = ROWS - 7;
      float[][] vectors = lists.queryLike(row, QUERY_VECTORS);
      List<Hit> hits = found(index, query(vectors, Distance.COSINE, Filter.ALL)).hits();
      assertThat(hits).extracting(Hit::ordinal).contains(row);
      index.extend(ROWS);
      assertThat(index.indexedCount()).isEqualTo(ROWS);
      assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  @Test
  void deletedRowsAreNeverFoundBeforeAndAfterTheirRepair() {
    try (MultiVectorIndex index = index(Distance.NEGATIVE_INNER_PRODUCT, ROWS)) {
      for (int row = 0; row < ROWS; row++) {
        if (row % 3 == 0) {
          lists.segment().delete(row);
        }
      }
      assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(ENOUGH);
      assertThat(index.repair(row -> row % 3 == 0)).isPositive();
      assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  @Test
  void whereJustTheNearestAreDeletedTheNextAreFound() {
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS)) {
      MultiVectorSearch.Query query =
          query(lists.query(QUERY_VECTORS), Distance.COSINE, Filter.ALL);
      for (int round = 0; round < 6; round++) { // Then still 0.98 of all rows are there.
        exact(query).forEach(hit -> lists.segment().delete(hit.ordinal()));
      }
      assertThat(found(index, query).hits()).hasSize(LIMIT);
      double sum = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[][] near = lists.movedLike(query.vectors());
        sum += recall(index, query(near, Distance.COSINE, Filter.ALL));
      }
      // What is left is about equally far from the query.
      assertThat(sum / QUERIES).isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  @Test
  void readersSearchWhileSeveralThreadsExtend() throws Exception {
    try (MultiVectorIndex index = MultiVectorIndex.create(PARAMETERS, Distance.COSINE, lists);
        ExecutorService executor = Executors.newCachedThreadPool()) {
      Future<?> extension =
          executor.submit(() -> {
            for (int end = 500; end <= ROWS; end += 500) {
              index.extend(end, 3, executor);
            }
          });
      double sum = 0;
      int searches = 0;
      while (!extension.isDone() || searches < QUERIES) {
        sum += recall(index, query(lists.query(QUERY_VECTORS), Distance.COSINE, Filter.ALL));
        searches++;
      }
      extension.get();
      assertThat(sum / searches).isGreaterThanOrEqualTo(ENOUGH);
      assertThat(index.indexedCount()).isEqualTo(ROWS);
    }
  }

  @Test
  void onOneThreadTheIndexIsTheSameEveryTime() throws Exception {
    try (MultiVectorIndex index = index(Distance.COSINE, 800);
        MultiVectorIndex again = index(Distance.COSINE, 800)) {
      assertThat(bytes(index)).isEqualTo(bytes(again));
    }
  }

  private static byte[] bytes(MultiVectorIndex index) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    index.writeTo(Channels.newChannel(out));
    assertThat(out.size()).isEqualTo((int) index.savedBytes());
    return out.toByteArray();
  }

  private static long copy(OffHeapArea area, byte[] bytes) {
    long address = area.allocate(bytes.length);
    AddressSpace.slice(address, bytes.length).asByteBuffer().put(bytes);
    return address;
  }

  @Test
  void aSavedIndexFindsTheSame() throws Exception {
    Coding codes = new Coding.Fixed(Quantization.SCALAR);
    for (Coding coding : List.of(Coding.NONE, codes)) {
      try (MultiVectorIndex index = index(Distance.COSINE, ROWS - 100, coding);
          OffHeapArea area = new OffHeapArea()) {
        byte[] bytes = bytes(index);
        long address = copy(area, bytes);
        try (MultiVectorIndex opened =
            MultiVectorIndex.open(Distance.COSINE, lists, ROWS, address, bytes.length)) {
          assertThat(opened.indexedCount()).isEqualTo(ROWS - 100);
          assertThat(opened.codes().isPresent()).isEqualTo(coding == codes);
          for (int i = 0; i < QUERIES; i++) {
            MultiVectorSearch.Query query =
                query(lists.query(QUERY_VECTORS), Distance.COSINE, below(50 + i));
            assertThat(found(opened, query).hits()).isEqualTo(found(index, query).hits());
          }
          assertThatThrownBy(() -> opened.extend(ROWS)).isInstanceOf(IllegalStateException.class);
        }
      }
    }
  }

  @Test
  void damagedBytesAreRefused() throws Exception {
    try (MultiVectorIndex index = index(Distance.L2, 500);
        OffHeapArea area = new OffHeapArea()) {
      byte[] bytes = bytes(index);
      for (int i = 0; i < 50; i++) {
        byte[] damaged = bytes.clone();
        damaged[random.nextInt(bytes.length - 60)] ^= (byte) (1 << random.nextInt(8));
        long address = copy(area, damaged);
        assertThatThrownBy(
                () -> MultiVectorIndex.open(Distance.L2, lists, ROWS, address, damaged.length))
            .isInstanceOf(CorruptMultiVectorIndexException.class)
            .hasMessageContaining("at byte");
      }
      long address = copy(area, bytes);
      assertThatThrownBy(
              () -> MultiVectorIndex.open(Distance.L2, lists, ROWS, address, bytes.length - 64))
          .isInstanceOf(CorruptMultiVectorIndexException.class);
      assertThatThrownBy(
              () -> MultiVectorIndex.open(Distance.L1, lists, ROWS, address, bytes.length))
          .isInstanceOf(CorruptMultiVectorIndexException.class);
      assertThatThrownBy(
              () -> MultiVectorIndex.open(Distance.L2, lists, 499, address, bytes.length))
          .isInstanceOf(CorruptMultiVectorIndexException.class);
    }
  }

  @Test
  void vectorsWithoutADirectionArePassedOver() {
    lists.add(0, new float[DIMENSIONS]);
    lists.add(0, new float[DIMENSIONS], lists.query(1)[0]);
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS + 2)) {
      float[][] vectors = lists.queryLike(5, 3);
      float[][] withZero = {vectors[0], new float[DIMENSIONS], vectors[1], vectors[2]};
      List<Hit> hits = found(index, query(withZero, Distance.COSINE, Filter.ALL)).hits();
      assertThat(hits).isEqualTo(found(index, query(vectors, Distance.COSINE, Filter.ALL)).hits());
      assertThat(hits).extracting(Hit::ordinal).doesNotContain(ROWS);
    }
  }

  @Test
  void aCheckpointEndsASearch() {
    try (MultiVectorIndex index = index(Distance.COSINE, ROWS)) {
      for (int passes = 0; passes < QUERY_VECTORS; passes++) {
        int[] left = {passes};
        Checkpoint cancelled =
            () -> {
              if (left[0]-- == 0) {
                throw new CancellationException();
              }
            };
        MultiVectorSearch.Query query =
            query(lists.query(QUERY_VECTORS), Distance.COSINE, Filter.ALL);
        assertThatThrownBy(() -> MultiVectorSearch.search(lists.segment(), index, query, cancelled))
            .isInstanceOf(CancellationException.class);
      }
      assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(ENOUGH);
    }
  }

  @Test
  void whatCannotBeIsRefusedOrEmpty() {
    try (MultiVectorIndex index = index(Distance.COSINE, 100)) {
      MultiVectorSearch.Query other = query(lists.query(1), Distance.L2, Filter.ALL);
      assertThatThrownBy(() -> found(index, other)).hasMessageContaining("an index for COSINE");
      MultiVectorSearch.Query none =
          new MultiVectorSearch.Query(lists.query(1), Distance.COSINE, 0, Filter.ALL);
      assertThat(found(index, none).hits()).isEmpty();
      Filter nothing = new Filter.Constant(Truth.FALSE);
      assertThat(found(index, query(lists.query(1), Distance.COSINE, nothing)).hits()).isEmpty();
    }
    assertThatThrownBy(() -> new MultiVectorOptions(0, 1, SearchOptions.Mode.EXACT))
        .hasMessageContaining("ef 0");
    assertThatThrownBy(() -> new MultiVectorOptions(1, 0, SearchOptions.Mode.EXACT))
        .hasMessageContaining("oversampling 0");
  }
}
