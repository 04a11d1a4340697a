package io.alidade.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Numbers are those of Hugging Face's tokenizers library for the same file.
final class WordPieceTokenizerTest {
  private final WordPieceTokenizer tokenizer = read(MiniLmEmbedder.MAX_TOKENS);

  @Test
  void wordsTheVocabularyLacksAreCutIntoPieces() {
    assertThat(tokenizer.tokenize("a small boat moved by oars"))
        .containsExactly(101, 1037, 2235, 4049, 2333, 2011, 1051, 11650, 102);
  }

  @Test
  void accentsCaseAndPunctuationAreFolded() {
    assertThat(tokenizer.tokenize("Hello, World!! naïve café—Ünïcödé"))
        .containsExactly(101, 7592, 1010, 2088, 999, 999, 15743, 7668, 1517, 27260, 102);
  }

  @Test
  void ideographsStandAloneAndHangulIsDecomposed() {
    assertThat(tokenizer.tokenize("日本語 text 한국어"))
        .containsExactly(
            101, 1864, 1876, 1950, 3793, 1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008,
            102);
  }

  @Test
  void symbolsOfAsciiArePunctuation() {
    assertThat(tokenizer.tokenize("$5.00 <= 10^3 `q` ~x | y"))
        .containsExactly(
            101, 1002, 1019, 1012, 4002, 1026, 1027, 2184, 1034, 1017, 1036, 1053, 1036, 1066, 1060,
            1064, 1061, 102);
  }

  @Test
  void invisibleCharactersDoNotSplitWords() {
    assertThat(tokenizer.tokenize("bo\u200Bat")).isEqualTo(tokenizer.tokenize("boat"));
  }

  @Test
  void aBlankTextIsItsTwoMarkers() {
    assertThat(tokenizer.tokenize("")).containsExactly(101, 102);
    assertThat(tokenizer.tokenize(" \t\n\u00A0")).containsExactly(101, 102);
  }

  @Test
  void aWordOverOneHundredCharactersIsUnknown() {
    assertThat(tokenizer.tokenize("x".repeat(101) + " ok")).containsExactly(101, 100, 7929, 102);
    assertThat(tokenizer.tokenize("x".repeat(100))).doesNotContain(100);
  }

  @Test
  void aLongTextIsCutAtTheLimit() {
    long[] tokens = tokenizer.tokenize("boat ".repeat(1000));
    assertThat(tokens).hasSize(MiniLmEmbedder.MAX_TOKENS).endsWith(102);
    assertThat(read(8).tokenize("boat ".repeat(1000))).hasSize(8).endsWith(102);
  }

  @Test
  void aFileWithoutTheMarkersIsRefused() {
    InputStream json =
        new ByteArrayInputStream(
            "{\"model\":{\"vocab\":{\"a\":0}}}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> WordPieceTokenizer.read(json, 8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("[UNK]");
  }

  private static WordPieceTokenizer read(int maxTokens) {
    try (InputStream json =
        WordPieceTokenizerTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      return WordPieceTokenizer.read(json, maxTokens);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
