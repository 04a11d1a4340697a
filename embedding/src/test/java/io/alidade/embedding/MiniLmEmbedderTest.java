package io.alidade.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class MiniLmEmbedderTest {
  private static final MiniLmEmbedder embedder = new MiniLmEmbedder();

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void vectorsHaveTheModelsLengthAndNormOne() {
    for (String text : List.of("a small boat moved by oars", "", "x".repeat(100_000))) {
      float[] vector = embedder.embed(text);
      assertThat(vector).hasSize(embedder.dimensions());
      assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void likeMeaningsLieNearerThanUnlikeOnes() {
    float[] question = embedder.embed("a small boat moved by oars");
    double rowboat = dot(question, embedder.embed("a rowing boat propelled with sculls"));
    double bank = dot(question, embedder.embed("an institution that lends money"));
    assertThat(rowboat).isGreaterThan(bank + 0.3);
  }

  @Test
  void aTextGetsTheSameVectorBesideAnyOtherAndOnAnyThread() throws Exception {
    List<String> texts = List.of("one", "a much longer text about something else", "three");
    List<float[]> together = embedder.embedAll(texts);
    List<Future<float[]>> alone = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (String text : texts) {
        alone.add(threads.submit(() -> embedder.embed(text)));
      }
    }
    for (int i = 0; i < texts.size(); i++) {
      assertThat(alone.get(i).get()).isEqualTo(together.get(i));
    }
  }

  @Test
  void aClosedModelIsLoadedAgainWhenItIsAsked() {
    try (MiniLmEmbedder other = new MiniLmEmbedder()) {
      float[] before = other.embed("boat");
      other.close();
      assertThat(other.embed("boat")).isEqualTo(before);
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
