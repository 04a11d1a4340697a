package io.alidade.sql.execute;

import static io.alidade.sql.rule.Algebra.ITEMS;
import static io.alidade.sql.rule.Algebra.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Rules whose occasions are easier written in SQL than in algebra.
class JoinRulesTest {
  private static final TestDatabase DATABASE = new TestDatabase();

  @BeforeAll
  static void create() {
    DATABASE.create(ITEMS);
    DATABASE.create(ORDERS);
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static String explain(String sql) {
    return DATABASE.explain(sql);
  }

  @Test
  void lookupJoin_fires() {
    assertThat(
            explain(
                "SELECT n.id, i.price FROM (SELECT id FROM items "
                    + "ORDER BY embedding <=> '[1,0,0]' LIMIT 5) n JOIN items i ON i.id = n.id"))
        .isEqualTo(
            """
            Nested Loop
              ->  kNN Scan on items  using items_embedding_idx
                    Order By: (embedding <=> '[1,0,0]'::vector)
                    Limit: 5
              ->  Index Scan using items_pkey on items
                    Index Cond: (id = id)\
            """);
  }

  @Test
  void lookupJoin_firesWithTheSidesTurnedRound() {
    assertThat(
            explain(
                "SELECT n.id, i.price FROM items i JOIN (SELECT id FROM items "
                    + "ORDER BY embedding <=> '[1,0,0]' LIMIT 5) n ON i.id = n.id"))
        .startsWith("Nested Loop\n  ->  kNN Scan");
  }

  @Test
  void lookupJoin_doesNotFireForManyRowsOrWithoutAnIndex() {
    assertThat(explain("SELECT 1 FROM orders o JOIN items i ON i.id = o.item"))
        .startsWith("Hash Join");
    assertThat(
            explain(
                "SELECT 1 FROM (SELECT id FROM items LIMIT 5) n JOIN orders o ON o.item = n.id"))
        .startsWith("Hash Join");
  }

  @Test
  void existsToJoin_fires() {
    assertThat(
            explain(
                "SELECT id FROM items i WHERE price > 5 AND EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item = i.id AND o.amount > 7)"))
        .isEqualTo(
            """
            Hash Semi Join
              Hash Cond: (id = item)
              ->  Index Scan using items_price_idx on items
                    Index Cond: (price > 5)
              ->  Seq Scan on orders
                    Filter: (amount > 7)\
            """);
    assertThat(
            explain(
                "SELECT id FROM items i WHERE NOT EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item = i.id)"))
        .startsWith("Hash Anti Join");
  }

  @Test
  void existsToJoin_doesNotFireBelowALimitOrWithoutAnEquality() {
    assertThat(
            explain(
                "SELECT id FROM items i WHERE EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item = i.id LIMIT 1)"))
        .startsWith("Seq Scan on items");
    assertThat(
            explain(
                "SELECT id FROM items i WHERE EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item < i.id)"))
        .startsWith("Seq Scan on items");
  }

  @Test
  void existsToJoin_doesNotFireInASearch() {
    assertThat(
            explain(
                "SELECT id FROM items i WHERE EXISTS "
                    + "(SELECT 1 FROM orders o WHERE o.item = i.id) "
                    + "ORDER BY embedding <=> '[1,0,0]' LIMIT 3"))
        .startsWith("kNN Scan on items");
  }

  @Test
  void joinOrder_fires() {
    assertThat(
            explain(
                "SELECT 1 FROM items a, items b, orders c "
                    + "WHERE a.price = c.amount AND b.category = 'x' AND b.price = c.item"))
        .doesNotContain("Nested Loop");
  }

  @Test
  void joinOrder_doesNotFireWhereTheWrittenOrderHasNoGap() {
    assertThat(
            explain(
                "SELECT 1 FROM items a, orders c, items b "
                    + "WHERE a.price = c.amount AND b.price = c.item"))
        .isEqualTo(
            """
            Hash Join
              Hash Cond: (item = (price)::bigint)
              ->  Hash Join
                    Hash Cond: (price = amount)
                    ->  Seq Scan on items
                    ->  Seq Scan on orders
              ->  Seq Scan on items\
            """);
  }

  @Test
  void filterThroughAggregate_fires() {
    assertThat(
            explain(
                "SELECT * FROM (SELECT category, count(*) c FROM items GROUP BY category) g "
                    + "WHERE category = 'x' AND c > 1"))
        .isEqualTo(
            """
            HashAggregate
              Group Key: category
              Filter: (count(*) > 1)
              ->  Seq Scan on items
                    Filter: (category = 'x'::text)\
            """);
  }

  @Test
  void filterThroughAggregate_doesNotFireWithoutGroups() {
    assertThat(explain("SELECT count(*) FROM items HAVING 1 > 2"))
        .startsWith("Aggregate\n  Filter: (1 > 2)");
  }

  @Test
  void filterThroughUnion_fires() {
    assertThat(
            explain(
                "SELECT * FROM (SELECT id FROM items UNION ALL SELECT item FROM orders) u "
                    + "WHERE id = 5"))
        .isEqualTo(
            """
            Append
              ->  Index Scan using items_pkey on items
                    Index Cond: (id = 5)
              ->  Seq Scan on orders
                    Filter: (item = 5)\
            """);
  }

  @Test
  void filterThroughUnion_doesNotFireThroughALimit() {
    assertThat(
            explain(
                "SELECT * FROM (SELECT id FROM items UNION ALL SELECT item FROM orders LIMIT 3) u "
                    + "WHERE id = 5"))
        .startsWith("Subquery Scan\n  Filter: (id = 5)\n  ->  Limit");
  }

  @Test
  void indexOrder_fires() {
    assertThat(explain("SELECT id, category FROM items ORDER BY id LIMIT 3"))
        .isEqualTo("Limit\n  ->  Index Scan using items_pkey on items");
    assertThat(explain("SELECT id FROM items WHERE price > 2 ORDER BY price DESC LIMIT 3"))
        .isEqualTo(
            """
            Limit
              ->  Index Scan Backward using items_price_idx on items
                    Filter: (price > 2)\
            """);
  }

  @Test
  void indexOrder_doesNotFireForAnotherFilterOtherNullsOrNoLimit() {
    assertThat(explain("SELECT id FROM items WHERE category = 'a' ORDER BY id LIMIT 3"))
        .contains("Sort Key: id");
    assertThat(explain("SELECT id FROM items ORDER BY price NULLS FIRST LIMIT 3"))
        .contains("Sort Key: price NULLS FIRST");
    assertThat(explain("SELECT id FROM items ORDER BY id")).startsWith("Sort\n");
  }

  @Test
  void sortBelowSubQueries_fires() {
    assertThat(
            explain(
                "SELECT id, (SELECT count(*) FROM orders o WHERE o.item = i.id) FROM items i "
                    + "ORDER BY embedding <=> '[1,0,0]' LIMIT 3"))
        .startsWith("kNN Scan on items");
  }

  @Test
  void sortBelowSubQueries_doesNotFireWhereTheKeyIsOne() {
    assertThat(
            explain(
                "SELECT id, (SELECT count(*) FROM orders o WHERE o.item = i.id) c FROM items i "
                    + "ORDER BY c LIMIT 3"))
        .startsWith("Limit\n  ->  Sort");
  }
}
