package io.alidade.tests.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Schedules of three small transactions on the tables `test` and `other`, by chance: reads and
/// writes of rows and of conditions.
final class RandomSchedule {
  private static final int SESSIONS = 3;
  private static final int MOST_STATEMENTS = 3;

  private final Random random;

  RandomSchedule(Random random) {
    this.random = random;
  }

  Schedule next() {
    List<List<String>> left = new ArrayList<>();
    for (int i = 1; i <= SESSIONS; i++) {
      left.add(transaction("T" + i + " "));
    }
    StringBuilder lines = new StringBuilder();
    while (!left.isEmpty()) {
      List<String> next = left.get(random.nextInt(left.size()));
      lines.append(next.removeFirst()).append('\n');
      left.removeIf(List::isEmpty);
    }
    return Schedule.parse(lines.toString());
  }

  private List<String> transaction(String session) {
    List<String> lines = new ArrayList<>();
    lines.add(session + "BEGIN");
    int statements = random.nextInt(1, MOST_STATEMENTS + 1);
    for (int i = 0; i < statements; i++) {
      lines.add(session + statement());
    }
    lines.add(session + (random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT"));
    return lines;
  }

  private String statement() {
    int id = random.nextInt(1, 4);
    int value = random.nextInt(5, 40);
    String table = random.nextInt(3) == 0 ? "other" : "test";
    return switch (random.nextInt(10)) {
      case 0 -> "SELECT * FROM " + table + " WHERE id = " + id;
      case 1 -> "SELECT sum(value), count(*) FROM " + table;
      case 2 -> "SELECT * FROM " + table + " WHERE value > " + value + " ORDER BY id";
      case 3 -> "UPDATE " + table + " SET value = value + " + value + " WHERE id = " + id;
      case 4 -> "UPDATE " + table + " SET value = value * 2 WHERE value < " + value;
      case 5 -> "DELETE FROM " + table + " WHERE id = " + id;
      case 6 -> "DELETE FROM " + table + " WHERE value > " + value;
      case 7 ->
          "INSERT INTO " + table + " VALUES (" + id + ", " + value + ") ON CONFLICT DO NOTHING";
      case 8 -> "INSERT INTO other SELECT * FROM test ON CONFLICT DO NOTHING";
      default ->
          "INSERT INTO " + table + " SELECT coalesce(max(id), 0) + 1, sum(value) FROM " + table;
    };
  }
}
