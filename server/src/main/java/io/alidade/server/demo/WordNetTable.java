package io.alidade.server.demo;

import io.alidade.engine.TextEmbedder;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// The table `wordnet`: made if it is not there, and filled with what it lacks.
///
/// Texts are embedded by a few threads ahead of the one that copies. Each batch is a transaction of
/// its own, so a load that is interrupted goes on where it was.
final class WordNetTable {
  /// What the table is; its rows are [Synset]s with the embeddings of their glosses.
  static final String CREATE_TABLE =
      """
      CREATE TABLE IF NOT EXISTS wordnet (
        id bigint PRIMARY KEY,
        word text,
        pos text,
        gloss text,
        lemmas jsonb,
        embedding vector(384))\
      """;

  static final String CREATE_INDEX =
      "CREATE INDEX IF NOT EXISTS wordnet_embedding_idx"
          + " ON wordnet USING hnsw (embedding vector_cosine_ops)";

  private static final String COPY =
      "COPY wordnet (id, word, pos, gloss, lemmas, embedding) FROM STDIN";
  private static final int BATCH = 100;
  private static final int THREADS = 2;
  private static final int BATCHES_AHEAD = 2 * THREADS;

  private final Connection connection;
  private final TextEmbedder embedder;

  WordNetTable(Connection connection, TextEmbedder embedder) {
    this.connection = connection;
    this.embedder = embedder;
  }

  void create() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION IF NOT EXISTS vector");
      statement.execute(CREATE_TABLE);
    }
  }

  void createIndex() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE_INDEX);
    }
  }

  /// How many rows there are.
  long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM wordnet")) {
      result.next();
      return result.getLong(1);
    }
  }

  /// Those of `synsets` that are not in the table, in their order.
  List<Synset> missing(List<Synset> synsets) throws SQLException {
    Set<Long> there = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id FROM wordnet")) {
      while (result.next()) {
        there.add(result.getLong(1));
      }
    }
    return synsets.stream().filter(synset -> !there.contains(synset.id())).toList();
  }

  /// Embeds and inserts.
  ///
  /// @throws SQLException if the server refuses a batch; those before are there
  void load(List<Synset> synsets, ProgressBar progress)
      throws SQLException, IOException, InterruptedException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Deque<Future<List<String>>> ahead = new ArrayDeque<>();
      int submitted = 0;
      int done = 0;
      while (done < synsets.size()) {
        while (submitted < synsets.size() && ahead.size() < BATCHES_AHEAD) {
          List<Synset> batch =
              synsets.subList(submitted, Math.min(synsets.size(), submitted + BATCH));
          ahead.add(threads.submit(() -> embed(batch)));
          submitted += batch.size();
        }
        List<String> rows = take(ahead.remove());
        copy.copyIn(COPY, new StringReader(String.join("", rows)));
        done += rows.size();
        progress.update(done);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> embed(List<Synset> batch) {
    List<float[]> embeddings = embedder.embedAll(batch.stream().map(Synset::gloss).toList());
    List<String> rows = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      rows.add(CopyText.row(batch.get(i), embeddings.get(i)));
    }
    return rows;
  }

  private static List<String> take(Future<List<String>> rows) throws InterruptedException {
    try {
      return rows.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a batch could not be embedded", e.getCause());
    }
  }
}
