package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.merge.MergePolicy.Extent;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Updates that leave the vectors alone: graphs learn nothing of them, searches find what is there.
@Timeout(300)
class HeapOnlyUpdateTest {
  private static final int LIMIT = 10;
  private static final int STEPS = Integer.getInteger("test.steps", 60);
  private static final int IDS = 1500;
  private static final int PRICES = 20;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Searcher searcher = new Searcher();
  private Database database;
  private int table;

  private void open() throws Exception {
    database = Database.open(directory, DatabaseOptions.DEFAULT);
    database
        .catalog()
        .table("public", "items")
        .ifPresentOrElse(there -> table = there.oid(), this::createIndexedTable);
  }

  private void createIndexedTable() {
    table = createTable(database, "items");
    try (Transaction transaction = begin(database)) {
      transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
      transaction.apply(
          new CatalogChange.CreateIndex(
              Fixture.btree(transaction, table, 2, IndexDefinition.Uniqueness.NOT_UNIQUE)));
      transaction.commit(Durability.FORCED);
    }
  }

  private static Object[] item(long id, int price, long vectorOf) {
    Object[] item = row(id, "w", price);
    item[3] = row(vectorOf, "", 0)[3];
    return item;
  }

  private List<Long> nearest(
      TableView view, float[] query, Filter filter, SearchOptions.Mode mode) {
    VectorQuery question =
        new VectorQuery(
            3, query, Distance.L2, LIMIT, filter, Optional.empty(), new SearchOptions(100, mode));
    SearchResult found = searcher.search(view.vectorSegments(), question, Checkpoint.NONE);
    List<Long> ids = new ArrayList<>();
    for (int hit = 0; hit < found.size(); hit++) {
      ids.add(
          (Long) view.row(view.found(found.segment(hit), found.ordinal(hit)), new int[] {0})[0]);
    }
    return ids;
  }

  private static double distance(Object[] item, float[] query) {
    float[] vector = (float[]) item[3];
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += (vector[i] - query[i]) * (vector[i] - query[i]);
    }
    return sum;
  }

  /// Compares searches of a view with a model of what it should see.
  private void verify(TableView view, Map<Long, Object[]> model, Random random, String when) {
    Map<Long, String> expected = new TreeMap<>();
    model.forEach((id, item) -> expected.put(id, Fixture.text(item)));
    assertThat(Fixture.rows(view)).as(when).isEqualTo(expected);
    for (int i = 0; i < 4; i++) {
      float[] query = (float[]) row(random.nextInt(2 * IDS), "", 0)[3];
      int price = random.nextInt(PRICES);
      verify(view, model, query, Filter.ALL, 0, when);
      verify(
          view, model, query, new Filter.Compare(2, Filter.Comparison.EQUAL, price), price, when);
    }
  }

  private void verify(
      TableView view,
      Map<Long, Object[]> model,
      float[] query,
      Filter filter,
      int price,
      String when) {
    List<Object[]> matching =
        new ArrayList<>(
            model.values().stream()
                .filter(item -> filter == Filter.ALL || (Integer) item[2] == price)
                .toList());
    matching.sort(Comparator.comparingDouble(item -> distance(item, query)));
    List<Double> nearest =
        matching.stream().limit(LIMIT).map(item -> distance(item, query)).toList();
    for (SearchOptions.Mode mode : SearchOptions.Mode.values()) {
      List<Long> found = nearest(view, query, filter, mode);
      String how = when + ", " + mode + " " + filter;
      assertThat(found).as(how).doesNotHaveDuplicates().hasSize(nearest.size());
      assertThat(found)
          .as(how)
          .allMatch(model::containsKey)
          .allMatch(id -> filter == Filter.ALL || (Integer) model.get(id)[2] == price);
      List<Double> distances = found.stream().map(id -> distance(model.get(id), query)).toList();
      if (mode == SearchOptions.Mode.EXACT) {
        assertThat(distances).as(how).isEqualTo(nearest);
      } else if (!nearest.isEmpty()) { // Ten of small graphs: most of the nearest are found.
        double worst = nearest.getLast();
        long good = distances.stream().filter(distance -> distance <= worst).count();
        assertThat(good).as(how).isGreaterThanOrEqualTo((nearest.size() + 1) / 2);
      }
    }
  }

  /// A view kept open, and what it should go on seeing.
  private record Kept(Transaction transaction, TableView view, Map<Long, Object[]> model) {}

  @Test
  void randomUpdatesWithCheckpointsMergesAndReopeningAreFoundAsAModelSays() throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Map<Long, Object[]> model = new HashMap<>();
    List<Kept> kept = new ArrayList<>();
    open();
    try {
      for (int step = 0; step < STEPS; step++) {
        String when = "seed " + seed + ", step " + step;
        change(random, model);
        switch (random.nextInt(9)) {
          case 0, 1 -> database.checkpoint();
          case 2 -> {
            database.checkpoint();
            database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);
          }
          case 3 -> {
            database.checkpoint();
            database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);
          }
          case 4 -> {
            kept.forEach(HeapOnlyUpdateTest::end);
            kept.clear();
            database.close();
            open();
          }
          case 5, 6 -> {
            Transaction transaction = begin(database);
            kept.add(new Kept(transaction, transaction.table(table), new HashMap<>(model)));
          }
          default -> {}
        }
        try (Transaction transaction = begin(database);
            TableView view = transaction.table(table)) {
          verify(view, model, random, when);
        }
        for (Kept old : kept) {
          verify(old.view, old.model, random, when + ", an old view");
        }
        if (kept.size() > 3) {
          end(kept.removeFirst());
        }
      }
    } finally {
      kept.forEach(HeapOnlyUpdateTest::end);
      database.close();
    }
  }

  private static void end(Kept kept) {
    kept.view.close();
    kept.transaction.close();
  }

  /// One transaction of changes, sometimes rolled back; its own view is verified before its end.
  private void change(Random random, Map<Long, Object[]> model) {
    Map<Long, Object[]> changed = new HashMap<>(model);
    try (Transaction transaction = begin(database)) {
      int kind = random.nextInt(6);
      long from = random.nextInt(IDS);
      long to = from + 1 + random.nextInt(kind == 0 ? 400 : 150);
      for (long id = from; id < to; id++) {
        Object[] before = changed.get(id);
        switch (kind) {
          case 0 -> {
            if (before == null) {
              changed.put(id, item(id, random.nextInt(PRICES), id));
              transaction.insert(table, changed.get(id));
            }
          }
          case 1 -> {
            if (before != null) {
              Fixture.delete(transaction, table, id);
              changed.remove(id);
            }
          }
          case 2 -> {
            if (before != null) {
              changed.put(id, item(id, (Integer) before[2], random.nextInt(2 * IDS)));
              Fixture.update(transaction, table, changed.get(id));
            }
          }
          default -> {
            if (before != null) {
              Object[] after = before.clone();
              after[2] = random.nextInt(PRICES);
              changed.put(id, after);
              Fixture.update(transaction, table, after);
            }
          }
        }
      }
      transaction.beginStatement();
      try (TableView view = transaction.table(table)) {
        verify(view, changed, random, "own changes, seed " + seed);
      }
      if (random.nextInt(5) > 0) {
        transaction.commit(Durability.FORCED);
        model.clear();
        model.putAll(changed);
      }
    }
  }

  @Test
  void graphsLearnNothingOfNewPricesAndAreTakenOverWhole() throws Exception {
    open();
    try {
      Object[][] rows = new Object[IDS][];
      for (int id = 0; id < IDS; id++) {
        rows[id] = item(id, 1, id);
      }
      insert(database, table, rows);
      database.checkpoint();
      for (int price = 2; price < 5; price++) {
        try (Transaction transaction = begin(database)) {
          for (int id = 0; id < IDS; id++) {
            Fixture.update(transaction, table, item(id, price, id));
          }
          transaction.commit(Durability.FORCED);
        }
        if (price == 3) {
          database.checkpoint();
        }
      }
      assertThat(nodes()).as("nodes before merging").isEqualTo(IDS);

      database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);
      database.checkpoint();
      database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);

      assertThat(database.tableStatistics(table).orElseThrow().rowVersions()).isEqualTo(IDS);
      assertThat(nodes()).as("nodes after merging").isEqualTo(IDS);
    } finally {
      database.close();
    }
  }

  private long nodes() throws Exception {
    int index =
        database.catalog().table(table).orElseThrow().indexes().stream()
            .filter(it -> it.method() == IndexDefinition.Method.HNSW)
            .findFirst()
            .orElseThrow()
            .oid();
    VectorIndexStatistics statistics = database.vectorIndexStatistics(index).orElseThrow();
    while (statistics.indexedRows() < statistics.rows()) {
      Thread.sleep(10);
      statistics = database.vectorIndexStatistics(index).orElseThrow();
    }
    return statistics.nodes();
  }
}
