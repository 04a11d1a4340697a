package io.alidade.server.demo;

import io.alidade.engine.TextEmbedder;
import io.alidade.server.shell.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import net.sf.extjwnl.JWNLException;

/// Loads WordNet into a running server and asks it five questions, all through JDBC, and prints
/// what it does.
public final class Demo {
  /// How many rows are loaded when nobody says.
  public static final int DEFAULT_ROWS = 5_000;

  /// Fewer would answer no question.
  public static final int MIN_ROWS = 100;

  /// All of WordNet.
  public static final int ALL_ROWS = Integer.MAX_VALUE;

  /// "organ": wind instrument whose sound is produced by means of pipes. It is among the first
  /// [#MIN_ROWS], so always there.
  static final long EXAMPLE = 103_859_585L;

  private static final LongSupplier CLOCK = System::nanoTime;

  private final PrintWriter out;
  private final Screen screen;

  /// What the output goes to.
  public enum Screen {
    TERMINAL(ProgressBar.Style.TERMINAL),
    FILE(ProgressBar.Style.LINES);

    private final ProgressBar.Style style;

    Screen(ProgressBar.Style style) {
      this.style = style;
    }
  }

  public Demo(PrintWriter out, Screen screen) {
    this.out = out;
    this.screen = screen;
  }

  /// Loads what the server lacks, then asks.
  ///
  /// @param url of the server, for JDBC
  /// @param rows how many synsets the table is to hold at the least, if WordNet has so many
  public void run(String url, TextEmbedder embedder, int rows)
      throws SQLException, IOException, InterruptedException, JWNLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      List<Synset> synsets = WordNet.read();
      List<Synset> wanted = synsets.subList(0, Math.min(rows, synsets.size()));
      fill(new WordNetTable(connection, embedder), wanted);
      List<Question> questions = Question.all(example(wanted));
      for (int i = 0; i < questions.size(); i++) {
        ask(connection, i + 1, questions.get(i));
      }
    }
  }

  private void fill(WordNetTable table, List<Synset> wanted)
      throws SQLException, IOException, InterruptedException {
    table.create();
    List<Synset> missing = table.missing(wanted);
    String there = counted(table.count());
    if (missing.isEmpty()) {
      say("Table wordnet is there with " + there + " rows: nothing to load.");
    } else {
      String more = counted(missing.size());
      say("Table wordnet has " + there + " rows; embedding and loading " + more + " more.");
      ProgressBar bar = new ProgressBar(out, screen.style, missing.size(), CLOCK);
      long start = CLOCK.getAsLong();
      table.load(missing, bar);
      say("Loaded " + more + " in " + seconds(CLOCK.getAsLong() - start) + ".");
    }
    long start = CLOCK.getAsLong();
    table.createIndex();
    say(WordNetTable.CREATE_INDEX + ": " + seconds(CLOCK.getAsLong() - start) + ".");
  }

  private static Synset example(List<Synset> synsets) {
    return synsets.stream()
        .filter(synset -> synset.id() == EXAMPLE)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("WordNet has no synset " + EXAMPLE));
  }

  private void ask(Connection connection, int number, Question question) throws SQLException {
    out.println();
    say(number + ". " + question.words());
    question.sql().lines().forEach(line -> out.println("   " + line));
    out.println();
    Answer first = answer(connection, question);
    Answer again = answer(connection, question);
    again.table().lines().forEach(line -> out.println("   " + line));
    say(
        String.format(
            Locale.ROOT,
            "   (%d rows in %.1f ms; %.1f ms when asked for the first time)",
            again.table().rowCount(),
            again.milliseconds(),
            first.milliseconds()));
  }

  private record Answer(TextTable table, double milliseconds) {}

  private static Answer answer(Connection connection, Question question) throws SQLException {
    long start = CLOCK.getAsLong();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(question.sql())) {
      TextTable table = TextTable.read(rows, question.cellWidth());
      return new Answer(table, (CLOCK.getAsLong() - start) / 1e6);
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  private static String counted(long rows) {
    return String.format(Locale.ROOT, "%,d", rows);
  }
}
