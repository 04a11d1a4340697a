package io.alidade.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WordNetTest {
  @Test
  void allOfWordNetIsThereEachSynsetOnce() throws Exception {
    List<Synset> synsets = WordNet.read();
    assertThat(synsets).hasSize(117_791);
    assertThat(synsets.stream().map(Synset::id).distinct()).hasSize(117_791);
    assertThat(synsets.getFirst())
        .isEqualTo(
            new Synset(
                100_001_740,
                "entity",
                "noun",
                "that which is perceived or known or inferred to have its own distinct existence"
                    + " (living or nonliving)",
                List.of("entity")));
    assertThat(synsets.subList(0, Demo.MIN_ROWS).stream().map(Synset::partOfSpeech))
        .contains("noun", "verb", "adjective", "adverb");
  }

  @Test
  void everyBeginningIsSpreadOverTheWhole() {
    for (int size : new int[] {1_000, 9_973, 117_791}) {
      List<Integer> spread = WordNet.spread(IntStream.range(0, size).boxed().toList());
      for (int beginning : new int[] {100, 333, size}) {
        Map<Integer, Long> tenths =
            spread.subList(0, beginning).stream()
                .collect(Collectors.groupingBy(i -> i * 10 / size, Collectors.counting()));
        assertThat(tenths).hasSize(10);
        assertThat(tenths.values())
            .allMatch(n -> Math.abs(n - beginning / 10) <= 3 + beginning / 50);
      }
    }
  }

  @Test
  void everyElementIsVisitedOnce() {
    for (int size = 0; size < 200; size++) {
      List<Integer> spread = WordNet.spread(IntStream.range(0, size).boxed().toList());
      assertThat(Set.copyOf(spread)).hasSize(size);
    }
  }

  @Test
  void rowsAreEscapedForCopy() {
    Synset synset =
        new Synset(7, "a\\b", "noun", "tab\there\nand \"there\"", List.of("a\\b", "\"c\""));
    assertThat(CopyText.row(synset, new float[] {1, -0.5f}))
        .isEqualTo(
            "7\ta\\\\b\tnoun\ttab\\there\\nand \"there\"\t[\"a\\\\\\\\b\",\"\\\\\"c\\\\\"\"]"
                + "\t[1.0,-0.5]\n");
  }
}
