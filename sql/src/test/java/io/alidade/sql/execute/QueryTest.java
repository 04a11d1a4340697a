package io.alidade.sql.execute;

import static io.alidade.sql.rule.Algebra.ITEMS;
import static io.alidade.sql.rule.Algebra.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QueryTest {
  private static final TestDatabase DATABASE = new TestDatabase();

  @BeforeAll
  static void fill() {
    DATABASE.create(ITEMS);
    DATABASE.create(ORDERS);
    List<@Nullable Object[]> items = new ArrayList<>();
    items.add(item(1, "a", 10, 1, 0, 0));
    items.add(item(2, "a", 20, 0, 1, 0));
    items.add(item(3, "b", 30, 0, 0, 1));
    items.add(item(4, "b", null, 1, 1, 0));
    items.add(new @Nullable Object[] {5L, null, 50, null});
    DATABASE.insert(ITEMS, items);
    List<@Nullable Object[]> orders = new ArrayList<>();
    orders.add(new @Nullable Object[] {1L, 100});
    orders.add(new @Nullable Object[] {1L, 101});
    orders.add(new @Nullable Object[] {3L, 300});
    orders.add(new @Nullable Object[] {null, 999});
    orders.add(new @Nullable Object[] {77L, 770});
    DATABASE.insert(ORDERS, orders);
  }

  private static @Nullable Object[] item(
      long id, String category, @Nullable Integer price, float x, float y, float z) {
    return new @Nullable Object[] {id, category, price, new float[] {x, y, z}};
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static String query(String sql, @Nullable Object... parameters) {
    return DATABASE.query(sql, parameters);
  }

  private static SqlState error(String sql, @Nullable Object... parameters) {
    List<SqlState> states = new ArrayList<>(Collections.emptyList());
    assertThatThrownBy(() -> query(sql, parameters))
        .isInstanceOfSatisfying(DatabaseException.class, e -> states.add(e.state()));
    return states.getFirst();
  }

  @Test
  void nearestRowsComeNearestFirst() {
    assertThat(query("SELECT id FROM items ORDER BY embedding <-> '[1,0,0]' LIMIT 2"))
        .isEqualTo("1\n4");
    assertThat(
            query(
                "SELECT id, embedding <-> $1 AS d FROM items ORDER BY d LIMIT 10",
                new float[] {1, 0, 0}))
        .isEqualTo("1|0.0\n4|1.0\n2|1.4142135623730951\n3|1.4142135623730951\n5|null");
  }

  @Test
  void nearestRowsTakeFilterLimitAndOffset() {
    assertThat(
            query(
                "SELECT id FROM items WHERE category = 'b' ORDER BY embedding <-> '[1,0,0]' "
                    + "LIMIT $1 OFFSET 1",
                5L))
        .isEqualTo("3");
    assertThat(
            query(
                "SELECT id FROM items WHERE embedding <-> '[1,0,0]' < 1.0 "
                    + "ORDER BY embedding <-> '[1,0,0]' LIMIT 9"))
        .isEqualTo("1");
    assertThat(
            query(
                "SELECT id FROM items WHERE embedding <-> '[1,0,0]' <= 1.0 "
                    + "ORDER BY embedding <-> '[1,0,0]' LIMIT 9"))
        .isEqualTo("1\n4");
  }

  @Test
  void nearestRowsToARowOfTheTable() {
    String sql =
        "SELECT id FROM items ORDER BY embedding <-> (SELECT embedding FROM items WHERE id = 3) "
            + "LIMIT 1";
    assertThat(DATABASE.explain(sql)).startsWith("kNN Scan on items");
    assertThat(query(sql)).isEqualTo("3");
  }

  @Test
  void nearestRowsToNullAreAnyRows() {
    assertThat(
            query(
                    "SELECT id FROM items ORDER BY embedding <-> "
                        + "(SELECT embedding FROM items WHERE id = 5) LIMIT 3")
                .lines())
        .hasSize(3);
  }

  @Test
  void aVectorOfAnotherLengthIsAnError() {
    assertThat(error("SELECT id FROM items ORDER BY embedding <-> '[1,0]' LIMIT 1"))
        .isEqualTo(SqlState.DATA_EXCEPTION);
  }

  @Test
  void nearestRowsForEachRow() {
    assertThat(
            query(
                "SELECT a.id, n.id FROM items a, LATERAL (SELECT b.id FROM items b "
                    + "WHERE b.id <> a.id ORDER BY b.embedding <-> a.embedding LIMIT 1) n "
                    + "WHERE a.id < 3 ORDER BY 1"))
        .isEqualTo("1|4\n2|4");
  }

  @Test
  void explainAnalyzeTellsTheStrategy() {
    assertThat(
            DATABASE.explainAnalyze(
                "SELECT id FROM items WHERE price > 5 ORDER BY embedding <=> '[1,0,0]' LIMIT 2"))
        .containsPattern("kNN Scan on items  using items_embedding_idx \\(actual time=.* rows=2")
        .contains("Filter: (price > 5)")
        .contains("Strategy: ")
        .containsPattern("Visited: \\d+ .*Distances: \\d+  Rescored: \\d+  Segments: \\d+");
  }

  @Test
  void joinsOfEveryKind() {
    String from = " FROM items i %s JOIN orders o ON i.id = o.item ORDER BY 1, 2";
    String select = "SELECT i.id, o.amount";
    assertThat(query(select + from.formatted(""))).isEqualTo("1|100\n1|101\n3|300");
    assertThat(query(select + from.formatted("LEFT")))
        .isEqualTo("1|100\n1|101\n2|null\n3|300\n4|null\n5|null");
    assertThat(query(select + from.formatted("RIGHT")))
        .isEqualTo("1|100\n1|101\n3|300\nnull|770\nnull|999");
    assertThat(query(select + from.formatted("FULL")))
        .isEqualTo("1|100\n1|101\n2|null\n3|300\n4|null\n5|null\nnull|770\nnull|999");
    assertThat(
            query(
                "SELECT i.id, o.amount FROM items i JOIN orders o ON i.id < o.item "
                    + "WHERE o.amount = 300 ORDER BY 1"))
        .isEqualTo("1|300\n2|300");
    assertThat(query("SELECT count(*) FROM items, orders")).isEqualTo("25");
  }

  @Test
  void subQueriesInThreeValuedLogic() {
    assertThat(query("SELECT id FROM items WHERE id IN (SELECT item FROM orders) ORDER BY id"))
        .isEqualTo("1\n3");
    assertThat(query("SELECT id FROM items WHERE id NOT IN (SELECT item FROM orders)")).isEmpty();
    assertThat(
            query(
                "SELECT id FROM items WHERE id NOT IN "
                    + "(SELECT item FROM orders WHERE item IS NOT NULL) ORDER BY id"))
        .isEqualTo("2\n4\n5");
    assertThat(
            query(
                "SELECT id FROM items i WHERE EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item = i.id) ORDER BY id"))
        .isEqualTo("1\n3");
    assertThat(
            query(
                "SELECT id FROM items i WHERE NOT EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item = i.id) ORDER BY id"))
        .isEqualTo("2\n4\n5");
    assertThat(
            query(
                "SELECT id, (SELECT sum(amount) FROM orders o WHERE o.item = i.id) FROM items i "
                    + "ORDER BY id"))
        .isEqualTo("1|201\n2|null\n3|300\n4|null\n5|null");
    assertThat(query("SELECT (SELECT max(amount) FROM orders)")).isEqualTo("999");
    assertThat(query("SELECT 5 < ALL (SELECT amount FROM orders)")).isEqualTo("true");
    assertThat(error("SELECT (SELECT id FROM items)")).isEqualTo(SqlState.CARDINALITY_VIOLATION);
  }

  @Test
  void aggregates() {
    assertThat(query("SELECT count(*), count(price), sum(price), min(category) FROM items"))
        .isEqualTo("5|4|110|a");
    assertThat(query("SELECT count(*), sum(price) FROM items WHERE id > 100")).isEqualTo("0|null");
    assertThat(query("SELECT category, count(*) FROM items WHERE id > 100 GROUP BY category"))
        .isEmpty();
    assertThat(
            query(
                "SELECT category, count(*), sum(price) FILTER (WHERE price > 10) FROM items "
                    + "GROUP BY category ORDER BY category"))
        .isEqualTo("a|2|20\nb|2|30\nnull|1|50");
    assertThat(query("SELECT count(DISTINCT category) FROM items")).isEqualTo("2");
    assertThat(query("SELECT category FROM items GROUP BY category HAVING count(*) > 1 ORDER BY 1"))
        .isEqualTo("a\nb");
    assertThat(query("SELECT DISTINCT category FROM items ORDER BY category DESC NULLS LAST"))
        .isEqualTo("b\na\nnull");
  }

  @Test
  void ordersAndLimits() {
    assertThat(query("SELECT id FROM items ORDER BY price DESC")).isEqualTo("4\n5\n3\n2\n1");
    assertThat(query("SELECT id FROM items ORDER BY price DESC NULLS LAST LIMIT 2"))
        .isEqualTo("5\n3");
    assertThat(query("SELECT id FROM items ORDER BY category, id DESC LIMIT 3 OFFSET 1"))
        .isEqualTo("1\n4\n3");
    assertThat(query("SELECT id FROM items ORDER BY id LIMIT $1", new Object[] {null}).lines())
        .hasSize(5);
    assertThat(query("SELECT id FROM items ORDER BY id LIMIT 0")).isEmpty();
    assertThat(error("SELECT id FROM items LIMIT $1", -1L))
        .isEqualTo(SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE);
    assertThat(error("SELECT id FROM items OFFSET $1", -1L))
        .isEqualTo(SqlState.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE);
  }

  @Test
  void setOperations() {
    String both = "SELECT category FROM items %s SELECT 'a' ORDER BY 1";
    assertThat(query(both.formatted("UNION"))).isEqualTo("a\nb\nnull");
    assertThat(query(both.formatted("UNION ALL"))).isEqualTo("a\na\na\nb\nb\nnull");
    assertThat(query(both.formatted("INTERSECT"))).isEqualTo("a");
    assertThat(query(both.formatted("INTERSECT ALL"))).isEqualTo("a");
    assertThat(query(both.formatted("EXCEPT"))).isEqualTo("b\nnull");
    assertThat(query(both.formatted("EXCEPT ALL"))).isEqualTo("a\nb\nb\nnull");
  }

  @Test
  void nullsInConditions() {
    assertThat(query("SELECT NULL AND false, NULL AND true, NULL OR true, NOT NULL::boolean"))
        .isEqualTo("false|null|true|null");
    assertThat(query("SELECT id FROM items WHERE NOT (price > 20) ORDER BY id")).isEqualTo("1\n2");
    assertThat(query("SELECT id FROM items WHERE price IN (10, NULL) ORDER BY id")).isEqualTo("1");
    assertThat(query("SELECT id FROM items WHERE price NOT IN (10, NULL) ORDER BY id")).isEmpty();
    assertThat(query("SELECT id FROM items WHERE category IS DISTINCT FROM 'a' ORDER BY id"))
        .isEqualTo("3\n4\n5");
    assertThat(
            query(
                "SELECT CASE WHEN price > 20 THEN 'dear' ELSE 'cheap' END FROM items "
                    + "ORDER BY id"))
        .isEqualTo("cheap\ncheap\ndear\ncheap\ndear");
  }

  @Test
  void conditionsAreNotEvaluatedFurtherThanNeeded() {
    assertThat(query("SELECT CASE WHEN true THEN 1 ELSE 1 / 0 END")).isEqualTo("1");
    assertThat(error("SELECT 1 / (id - id) FROM items")).isEqualTo(SqlState.DIVISION_BY_ZERO);
  }

  @Test
  void keyLookupsUseTheIndex() {
    assertThat(DATABASE.explain("SELECT category FROM items WHERE id = 3"))
        .isEqualTo("Index Scan using items_pkey on items\n  Index Cond: (id = 3)");
    assertThat(query("SELECT category FROM items WHERE id = 3")).isEqualTo("b");
    assertThat(query("SELECT category FROM items WHERE id = 3 AND price > 100")).isEmpty();
    assertThat(query("SELECT category FROM items WHERE id = 33")).isEmpty();
    assertThat(query("SELECT id FROM items WHERE price < 25 ORDER BY id")).isEqualTo("1\n2");
  }

  @Test
  void choicesAndWiderTypesUseTheIndexToo() {
    assertThat(DATABASE.explain("SELECT 1 FROM items WHERE id IN (1, 3)"))
        .isEqualTo("Index Scan using items_pkey on items\n  Index Cond: ((id = 1) OR (id = 3))");
    assertThat(query("SELECT id FROM items WHERE id IN (3, 1, 99) ORDER BY id")).isEqualTo("1\n3");
    assertThat(DATABASE.explain("SELECT 1 FROM items WHERE id = ANY ($1)"))
        .startsWith("Index Scan using items_pkey on items");
    assertThat(query("SELECT id FROM items WHERE id = ANY ($1) ORDER BY id", List.of(5L, 2L, 9L)))
        .isEqualTo("2\n5");
    assertThat(query("SELECT id FROM items WHERE NOT id = ANY ($1)", new Object[] {null}))
        .isEmpty();
    assertThat(DATABASE.explain("SELECT 1 FROM items WHERE price = $1::bigint"))
        .startsWith("Index Scan using items_price_idx on items");
    assertThat(query("SELECT id FROM items WHERE price = $1::bigint", 20L)).isEqualTo("2");
    assertThat(query("SELECT id FROM items WHERE price < $1::bigint ORDER BY 1", 1L << 40))
        .isEqualTo("1\n2\n3\n5");
  }

  @Test
  void thousandsOfAlternativesDoNotOverflowTheStack() {
    StringBuilder sql = new StringBuilder("SELECT id FROM items WHERE price = 10");
    for (int i = 0; i < 4000; i++) {
      sql.append(" OR price + 1 = ").append(i + 100);
    }
    assertThat(query(sql.toString())).isEqualTo("1");
  }

  @Test
  void commonTablesAndFunctionsInFrom() {
    assertThat(
            query(
                "WITH near AS (SELECT id, category FROM items ORDER BY embedding <-> '[1,0,0]' "
                    + "LIMIT 2) SELECT category, count(*) FROM near GROUP BY category ORDER BY 1"))
        .isEqualTo("a|1\nb|1");
    assertThat(query("SELECT * FROM generate_series(1, 3)")).isEqualTo("1\n2\n3");
    assertThat(query("VALUES (1, 'x'), (2, 'y')")).isEqualTo("1|x\n2|y");
    assertThat(query("SELECT 1 + 1")).isEqualTo("2");
  }

  @Test
  void whatNeedsMoreThanWorkMemoryEndsTheStatement() {
    DATABASE.limitWorkMemory(1000);
    try {
      assertThat(error("SELECT * FROM items a, items b ORDER BY 1"))
          .isEqualTo(SqlState.OUT_OF_MEMORY);
    } finally {
      DATABASE.limitWorkMemory(64L << 20);
    }
  }
}
