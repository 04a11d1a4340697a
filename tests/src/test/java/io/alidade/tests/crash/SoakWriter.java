package io.alidade.tests.crash;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.postgresql.PGConnection;

/// One of several clients that change rows of their own in one table, and know what is in them.
final class SoakWriter {
  static final int DIMENSIONS = 16;

  /// So many rows and a writer deletes more than it inserts: the table stays as large as that.
  private static final int MANY_ROWS = 3000;

  private static final int MOST_AT_ONCE = 40;
  private static final int COPIED = 200;
  private static final String SEPARATOR = "|";

  private final int number;
  private final int writers;
  private final Random random;
  private final TreeMap<Long, String> model = new TreeMap<>();
  private long nextId;

  SoakWriter(int number, int writers, long seed) {
    this.number = number;
    this.writers = writers;
    this.random = new Random(seed + number);
  }

  /// What is committed: by id, [#contents].
  Map<Long, String> model() {
    return model;
  }

  /// The columns of a row beside its id, in one text.
  static String contents(String word, int price, String vector) {
    return word + SEPARATOR + price + SEPARATOR + vector;
  }

  static String[] parts(String contents) {
    return contents.split("\\|", -1);
  }

  /// A vector of eighths, whose text is exact.
  static String vector(Random random) {
    StringJoiner text = new StringJoiner(",", "[", "]");
    for (int i = 0; i < DIMENSIONS; i++) {
      BigDecimal eighths = BigDecimal.valueOf(random.nextInt(-400, 400) / 8.0);
      text.add(eighths.signum() == 0 ? "0" : eighths.stripTrailingZeros().toPlainString());
    }
    return text.toString();
  }

  private String randomContents() {
    return contents("word" + "o".repeat(random.nextInt(60)), random.nextInt(1000), vector(random));
  }

  /// One transaction.
  void step(Connection c) throws SQLException, IOException {
    c.setAutoCommit(false);
    TreeMap<Long, String> changed = new TreeMap<>(model);
    int choice = random.nextInt(20);
    if (choice == 0 && model.size() < MANY_ROWS) {
      copy(c, changed);
    } else if (choice < 8 && model.size() < MANY_ROWS) {
      insert(c, changed);
    } else if (choice < 15) {
      update(c, changed);
    } else {
      delete(c, changed);
    }
    if (random.nextInt(10) == 0) {
      c.rollback();
    } else {
      c.commit();
      model.clear();
      model.putAll(changed);
    }
  }

  private long newId() {
    return nextId++ * writers + number;
  }

  private void insert(Connection c, Map<Long, String> changed) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("INSERT INTO items VALUES (?, ?, ?, CAST(? AS vector))")) {
      for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
        long id = newId();
        String row = randomContents();
        String[] parts = parts(row);
        s.setLong(1, id);
        s.setString(2, parts[0]);
        s.setInt(3, Integer.parseInt(parts[1]));
        s.setString(4, parts[2]);
        s.addBatch();
        changed.put(id, row);
      }
      s.executeBatch();
    }
  }

  private void copy(Connection c, Map<Long, String> changed) throws SQLException, IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < COPIED; i++) {
      long id = newId();
      String row = randomContents();
      lines.append(id).append('\t').append(String.join("\t", parts(row))).append('\n');
      changed.put(id, row);
    }
    long unused =
        c.unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY items FROM STDIN", new StringReader(lines.toString()));
  }

  private List<Long> some() {
    List<Long> ids = new ArrayList<>(model.keySet());
    List<Long> chosen = new ArrayList<>();
    for (int i = random.nextInt(MOST_AT_ONCE); i >= 0 && !ids.isEmpty(); i--) {
      chosen.add(ids.get(random.nextInt(ids.size())));
    }
    return chosen;
  }

  private void update(Connection c, Map<Long, String> changed) throws SQLException {
    boolean vectors = random.nextBoolean();
    String sql =
        vectors
            ? "UPDATE items SET word = ?, price = ?, v = CAST(? AS vector) WHERE id = ?"
            : "UPDATE items SET word = ?, price = ? WHERE id = ?";
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (long id : some()) {
        String[] now = parts(randomContents());
        String vector = vectors ? now[2] : parts(changed.get(id))[2];
        s.setString(1, now[0]);
        s.setInt(2, Integer.parseInt(now[1]));
        if (vectors) {
          s.setString(3, vector);
        }
        s.setLong(vectors ? 4 : 3, id);
        s.addBatch();
        changed.put(id, contents(now[0], Integer.parseInt(now[1]), vector));
      }
      s.executeBatch();
    }
  }

  private void delete(Connection c, Map<Long, String> changed) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("DELETE FROM items WHERE id = ?")) {
      for (long id : some()) {
        s.setLong(1, id);
        s.addBatch();
        changed.remove(id);
      }
      s.executeBatch();
    }
  }
}
