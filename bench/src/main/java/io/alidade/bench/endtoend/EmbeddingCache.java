package io.alidade.bench.endtoend;

import io.alidade.embedding.MiniLmEmbedder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Texts' embeddings, kept in a file from run to run: embedding all of WordNet takes minutes.
///
/// The file is a sequence of records, the MD5 of a text in UTF-8 and then its vector's floats,
/// big-endian. A record that was cut off is passed over.
final class EmbeddingCache {

  private static final int BATCH = 64;
  private static final int DIGEST_BYTES = 16;

  private final Path file;
  private final int dimensions;
  private final Map<String, float[]> vectors = new HashMap<>();

  private EmbeddingCache(Path file, int dimensions) {
    this.file = file;
    this.dimensions = dimensions;
  }

  /// The embeddings of texts, computed where the file does not have them, and then added to it.
  static List<float[]> embeddings(Path file, List<String> texts) throws IOException {
    try (MiniLmEmbedder embedder = new MiniLmEmbedder()) {
      EmbeddingCache cache = new EmbeddingCache(file, embedder.dimensions());
      cache.read();
      cache.complete(embedder, texts);
      return texts.stream()
          .map(text -> cache.vectors.getOrDefault(key(text), new float[0]))
          .toList();
    }
  }

  private void read() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      while (true) {
        byte[] digest = new byte[DIGEST_BYTES];
        in.readFully(digest);
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
          vector[i] = in.readFloat();
        }
        vectors.put(HexFormat.of().formatHex(digest), vector);
      }
    } catch (EOFException e) {
      // The end, or a record that was cut off: its text is embedded again.
    }
  }

  private void complete(MiniLmEmbedder embedder, List<String> texts) throws IOException {
    Set<String> missing = new LinkedHashSet<>(texts);
    missing.removeIf(text -> vectors.containsKey(key(text)));
    List<String> todo = List.copyOf(missing);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)))) {
      for (int from = 0; from < todo.size(); from += BATCH) {
        List<String> batch = todo.subList(from, Math.min(todo.size(), from + BATCH));
        List<float[]> embedded = batch.parallelStream().map(embedder::embed).toList();
        for (int i = 0; i < batch.size(); i++) {
          write(out, batch.get(i), embedded.get(i));
        }
      }
    }
  }

  private void write(DataOutputStream out, String text, float[] vector) throws IOException {
    String key = key(text);
    out.write(HexFormat.of().parseHex(key));
    for (float component : vector) {
      out.writeFloat(component);
    }
    vectors.put(key, vector);
  }

  private static String key(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
