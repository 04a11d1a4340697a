package io.alidade.bench.endtoend;

import io.alidade.server.demo.Synset;
import io.alidade.server.demo.WordNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.sf.extjwnl.JWNLException;

/// WordNet's glosses as vectors, some of them taken out as queries.
///
/// @param base the vectors that are stored, numbered from 0
/// @param queries the vectors that are searched for; none of them is stored
public record WordNetVectors(float[][] base, float[][] queries) {

  /// The synsets of WordNet 3.1.
  public static final int SYNSETS = 117_791;

  private static final long SEED = 42;

  /// @param cache the file that keeps embeddings from run to run
  public static WordNetVectors load(Path cache, int rows, int queryCount) throws IOException {
    List<String> glosses;
    try {
      glosses = WordNet.read().stream().limit(rows).map(Synset::gloss).toList();
    } catch (JWNLException e) {
      throw new IOException(e);
    }
    List<float[]> vectors = EmbeddingCache.embeddings(cache, glosses);
    BitSet chosen = new BitSet(vectors.size());
    Random random = new Random(SEED);
    while (chosen.cardinality() < queryCount) {
      chosen.set(random.nextInt(vectors.size()));
    }
    List<float[]> base = new ArrayList<>();
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      (chosen.get(i) ? queries : base).add(vectors.get(i));
    }
    return new WordNetVectors(base.toArray(float[][]::new), queries.toArray(float[][]::new));
  }
}
