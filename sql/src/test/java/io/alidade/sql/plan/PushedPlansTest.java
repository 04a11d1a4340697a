package io.alidade.sql.plan;

import static io.alidade.sql.rule.Algebra.ITEMS;
import static io.alidade.sql.rule.Algebra.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.execute.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random queries give the same rows whether the rules have worked on them or not.
class PushedPlansTest {
  private static final int QUERIES = 300;
  private static final int ITEM_ROWS = 60;
  private static final int ORDER_ROWS = 40;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void pushedAndUnpushedPlansGiveTheSameRows() {
    try (TestDatabase database = new TestDatabase()) {
      database.searchExactly();
      database.create(ITEMS);
      database.create(ORDERS);
      database.insert(ITEMS, items());
      database.insert(ORDERS, orders());
      for (int i = 0; i < QUERIES; i++) {
        String sql = query();
        AnalyzedQuery query = database.analyze(sql);
        String context = "seed " + seed + ": " + sql;
        List<String> pushed;
        try {
          pushed = database.run(Planner.plan(query));
        } catch (RuntimeException e) {
          throw new AssertionError(context, e);
        }
        List<String> unpushed = database.run(Planner.planUnpushed(query.rel(), query.slots()));
        if (sql.contains("ORDER BY")) {
          assertThat(pushed)
              .as(context)
              .usingElementComparator(PushedPlansTest::compareRows)
              .isEqualTo(unpushed);
        } else {
          assertThat(pushed).as(context).containsExactlyInAnyOrderElementsOf(unpushed);
        }
      }
    }
  }

  /// Equal if all values are, distances in their first digits: the last ones depend on the order in
  /// which a kernel adds, and the server may change its kernels at any time.
  private static int compareRows(String row, String other) {
    String[] values = row.split("[^0-9.eE+-]+");
    String[] otherValues = other.split("[^0-9.eE+-]+");
    if (!row.replaceAll("[0-9.eE+-]+", "#").equals(other.replaceAll("[0-9.eE+-]+", "#"))
        || values.length != otherValues.length) {
      return row.compareTo(other);
    }
    for (int i = 0; i < values.length; i++) {
      boolean same =
          values[i].equals(otherValues[i])
              || (values[i].contains(".")
                  && otherValues[i].contains(".")
                  && Math.abs(Double.parseDouble(values[i]) - Double.parseDouble(otherValues[i]))
                      < 1e-6);
      if (!same) {
        return row.compareTo(other);
      }
    }
    return 0;
  }

  private List<@Nullable Object[]> items() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (long id = 0; id < ITEM_ROWS; id++) {
      float[] vector = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      rows.add(
          new @Nullable Object[] {
            id,
            random.nextInt(5) == 0 ? null : "abc".substring(random.nextInt(3)).substring(0, 1),
            random.nextInt(5) == 0 ? null : random.nextInt(8),
            random.nextInt(20) == 0 ? null : vector
          });
    }
    return rows;
  }

  private List<@Nullable Object[]> orders() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < ORDER_ROWS; i++) {
      rows.add(
          new @Nullable Object[] {
            random.nextInt(6) == 0 ? null : (Object) (long) random.nextInt(ITEM_ROWS),
            random.nextInt(6) == 0 ? null : random.nextInt(8)
          });
    }
    return rows;
  }

  private String query() {
    return switch (random.nextInt(8)) {
      case 0 -> "SELECT id, category, price FROM items i WHERE " + condition(3);
      case 1 ->
          "SELECT i.id, o.amount FROM items i "
              + joinKind()
              + " JOIN orders o ON "
              + onCondition()
              + " WHERE "
              + joinCondition();
      case 2 ->
          "SELECT id, embedding <-> "
              + vector()
              + (random.nextBoolean()
                  ? " AS d FROM"
                  : " AS d, (SELECT count(*) FROM orders o WHERE o.item = i.id) FROM")
              + " items i WHERE embedding IS NOT NULL AND "
              + condition(2)
              + " ORDER BY d LIMIT "
              + random.nextInt(12)
              + " OFFSET "
              + random.nextInt(4);
      case 3 -> nearWithin();
      case 4 ->
          "SELECT category, count(*), sum(price) FROM items i WHERE "
              + condition(2)
              + " GROUP BY category HAVING category = 'a' OR count(*) > "
              + random.nextInt(5);
      case 5 ->
          "SELECT n.id, i.price, o.amount FROM (SELECT id FROM items i WHERE "
              + condition(1)
              + " AND embedding IS NOT NULL ORDER BY embedding <=> "
              + vector()
              + " LIMIT 6) n JOIN items i ON i.id = n.id LEFT JOIN orders o ON o.item = n.id";
      case 6 ->
          "SELECT price FROM items WHERE price IS NULL OR price "
              + List.of("<", "<>", ">=").get(random.nextInt(3))
              + random.nextInt(8)
              + " ORDER BY price"
              + (random.nextBoolean() ? " DESC" : "")
              + " LIMIT "
              + random.nextInt(ITEM_ROWS)
              + " OFFSET "
              + random.nextInt(4);
      default ->
          "SELECT a.id, b.id, o.amount FROM items a, items b, orders o WHERE a.id = o.item"
              + " AND b.price = o.amount AND a.price < "
              + random.nextInt(8)
              + (random.nextBoolean() ? " AND b.category = a.category" : "");
    };
  }

  private String nearWithin() {
    String distance = "embedding <-> " + vector();
    return "SELECT id, "
        + distance
        + " FROM items i WHERE "
        + distance
        + (random.nextBoolean() ? " < " : " <= ")
        + random.nextInt(1, 10) / 8.0
        + " AND "
        + condition(1)
        + " ORDER BY 2 LIMIT 30";
  }

  private String vector() {
    if (random.nextInt(4) == 0) {
      return "(SELECT embedding FROM items WHERE embedding IS NOT NULL AND id >= "
          + random.nextInt(ITEM_ROWS / 2)
          + " ORDER BY id LIMIT 1)";
    }
    return "'[" + random.nextFloat() + "," + random.nextFloat() + ",0.5]'";
  }

  private String joinKind() {
    return List.of("", "LEFT", "RIGHT", "FULL").get(random.nextInt(4));
  }

  private String onCondition() {
    return switch (random.nextInt(4)) {
      case 0 -> "i.id = o.item";
      case 1 -> "i.id = o.item AND i.price > " + random.nextInt(8);
      case 2 -> "i.price = o.amount AND o.item < " + random.nextInt(ITEM_ROWS);
      default -> "i.price < o.amount AND i.id = o.item";
    };
  }

  private String joinCondition() {
    return switch (random.nextInt(5)) {
      case 0 -> "o.amount < " + random.nextInt(8);
      case 1 -> "i.category = 'a'";
      case 2 -> "o.amount IS NULL";
      case 3 -> "i.id IS NULL OR o.item > " + random.nextInt(ITEM_ROWS);
      default -> "i.price = o.amount AND i.category <> 'b'";
    };
  }

  private String condition(int depth) {
    if (depth > 0 && random.nextInt(2) == 0) {
      return switch (random.nextInt(3)) {
        case 0 -> "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")";
        case 1 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
        default -> "NOT (" + condition(depth - 1) + ")";
      };
    }
    int number = random.nextInt(8);
    return switch (random.nextInt(14)) {
      case 0 -> "price = " + number;
      case 1 -> "price < " + number;
      case 2 -> "category = 'a'";
      case 3 -> "category IS NULL";
      case 4 -> "price IN (1, " + number + (random.nextBoolean() ? ", NULL)" : ")");
      case 5 -> "id = " + random.nextInt(ITEM_ROWS);
      case 6 -> "id > " + random.nextInt(ITEM_ROWS);
      case 7 -> "price + id > " + random.nextInt(ITEM_ROWS);
      case 8 -> "category || 'x' = 'bx'";
      case 9 -> "id IN (SELECT item FROM orders WHERE amount < " + number + ")";
      case 10 -> "id NOT IN (SELECT item FROM orders WHERE amount = " + number + ")";
      case 11 -> "EXISTS (SELECT 1 FROM orders o WHERE o.item = i.id AND amount > 2)";
      case 12 -> "price > (SELECT min(amount) FROM orders o WHERE o.item <= i.id)";
      default -> "price IS DISTINCT FROM " + number;
    };
  }
}
