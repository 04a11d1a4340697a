package io.alidade.server.demo;

import io.alidade.server.shell.TextTable;
import java.util.List;

/// Something to ask WordNet, in words and in SQL.
///
/// @param cellWidth where a cell of the answer is cut
record Question(String words, String sql, int cellWidth) {
  private static final int GLOSS_WIDTH = 78;

  private static final String BY_FILTER =
      """
      SELECT word, gloss FROM wordnet
      WHERE pos = 'verb'
      ORDER BY embedding <=> embed('to move quickly on foot') LIMIT 5\
      """;

  /// @param example the id of a synset that is in the table
  static List<Question> all(Synset example) {
    return List.of(
        new Question(
            "By meaning: a text is embedded by the server, and the nearest glosses are found.",
            """
            SELECT word, gloss FROM wordnet
            ORDER BY embedding <=> embed('a small boat moved by oars') LIMIT 5\
            """,
            GLOSS_WIDTH),
        new Question(
            "With a filter: all five are verbs, and they are the nearest verbs.",
            BY_FILTER,
            GLOSS_WIDTH),
        new Question(
            "By example: what is like '" + example.word() + "', a wind instrument with pipes?",
            """
            SELECT word, pos, gloss FROM wordnet
            WHERE id <> %1$d
            ORDER BY embedding <=> (SELECT embedding FROM wordnet WHERE id = %1$d) LIMIT 5\
            """
                .formatted(example.id()),
            GLOSS_WIDTH),
        new Question(
            "In a query: the hundred nearest, counted by part of speech.",
            """
            SELECT pos, count(*) AS synsets, round(min(distance)::numeric, 3) AS nearest
            FROM (SELECT pos, embedding <=> embed('to be happy') AS distance FROM wordnet
                  ORDER BY embedding <=> embed('to be happy') LIMIT 100) AS near
            GROUP BY pos ORDER BY synsets DESC, pos\
            """,
            GLOSS_WIDTH),
        new Question(
            "How the second question is answered: the filter and the limit go down into the"
                + " vector search.",
            "EXPLAIN ANALYZE " + BY_FILTER,
            TextTable.UNLIMITED));
  }
}
