package io.alidade.embedding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The uncased tokenizer of BERT: text to the numbers of word pieces, between `[CLS]` and `[SEP]`.
///
/// Words are split at white space and at punctuation, lower-cased and stripped of accents; each is
/// then cut greedily into the longest pieces the vocabulary knows (Devlin et al. 2018, and
/// `BasicTokenizer` and `WordpieceTokenizer` in the code published with it). Immutable.
final class WordPieceTokenizer {
  /// A longer word is unknown, as the model was trained: it bounds the quadratic search for pieces.
  private static final int MAX_WORD_LENGTH = 100;

  private final Map<String, Integer> vocabulary;
  private final int maxTokens;
  private final int unknown;
  private final int start;
  private final int end;

  private WordPieceTokenizer(Map<String, Integer> vocabulary, int maxTokens) throws IOException {
    this.vocabulary = vocabulary;
    this.maxTokens = maxTokens;
    this.unknown = required(vocabulary, "[UNK]");
    this.start = required(vocabulary, "[CLS]");
    this.end = required(vocabulary, "[SEP]");
  }

  /// Reads `model.vocab` of a `tokenizer.json`.
  ///
  /// @param maxTokens the most numbers one text gives, both markers included
  static WordPieceTokenizer read(InputStream tokenizerJson, int maxTokens) throws IOException {
    Map<String, Integer> vocabulary = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(tokenizerJson)) {
      while (json.nextToken() != null) {
        boolean opensVocabulary =
            json.currentToken() == JsonToken.START_OBJECT && "vocab".equals(json.currentName());
        if (opensVocabulary) {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String piece = json.currentName();
            json.nextToken();
            vocabulary.put(piece, json.getIntValue());
          }
        }
      }
    }
    return new WordPieceTokenizer(vocabulary, maxTokens);
  }

  long[] tokenize(String text) {
    Pieces pieces = new Pieces();
    for (int i = 0; i < text.length() && !pieces.full(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean invisible = c == 0xFFFD || isControl(c); // What is on its sides is still one word.
      if (invisible) {
        continue;
      }
      if (isWhitespace(c)) {
        pieces.endWord();
      } else if (isIdeograph(c)) {
        pieces.addAlone(c);
      } else if (c < 128) {
        pieces.add(Character.toLowerCase(c));
      } else {
        addFolded(c, pieces);
      }
    }
    pieces.endWord();
    return pieces.toTokens();
  }

  private static void addFolded(int c, Pieces pieces) {
    String decomposed = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD);
    decomposed
        .codePoints()
        .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
        .forEach(part -> pieces.add(Character.toLowerCase(part)));
  }

  private static int required(Map<String, Integer> vocabulary, String token) throws IOException {
    Integer number = vocabulary.get(token);
    if (number == null) {
      throw new IOException("the tokenizer's vocabulary has no " + token);
    }
    return number;
  }

  private static boolean isWhitespace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static boolean isControl(int c) {
    if (c == '\t' || c == '\n' || c == '\r') {
      return false;
    }
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.PRIVATE_USE
        || type == Character.SURROGATE;
  }

  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  private static boolean isPunctuation(int c) {
    if (c < 128) {
      return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /// The tokens of one text so far, and the word that is being read.
  private final class Pieces {
    private final long[] tokens = new long[maxTokens];
    private int count = 1; // The first is [CLS].
    private final StringBuilder word = new StringBuilder();
    private int wordLength; // In code points; beyond MAX_WORD_LENGTH only the count goes on.

    boolean full() {
      return count >= maxTokens - 1;
    }

    void add(int c) {
      if (isPunctuation(c)) {
        addAlone(c);
        return;
      }
      wordLength++;
      if (wordLength <= MAX_WORD_LENGTH) {
        word.appendCodePoint(c);
      }
    }

    void addAlone(int c) {
      endWord();
      word.appendCodePoint(c);
      wordLength = 1;
      endWord();
    }

    void endWord() {
      if (wordLength > MAX_WORD_LENGTH) {
        append(unknown);
      } else if (wordLength > 0) {
        appendPieces(word.toString());
      }
      word.setLength(0);
      wordLength = 0;
    }

    private void appendPieces(String text) {
      long[] pieces = new long[text.length()];
      int found = 0;
      for (int from = 0; from < text.length(); ) {
        int to = text.length();
        Integer piece = null;
        while (to > from && (piece = vocabulary.get(piece(text, from, to))) == null) {
          to = text.offsetByCodePoints(to, -1);
        }
        if (piece == null) {
          append(unknown); // The whole word, not only the rest of it.
          return;
        }
        pieces[found++] = piece;
        from = to;
      }
      for (int i = 0; i < found; i++) {
        append(pieces[i]);
      }
    }

    private static String piece(String text, int from, int to) {
      return from == 0 ? text.substring(0, to) : "##" + text.substring(from, to);
    }

    private void append(long token) {
      if (!full()) {
        tokens[count++] = token;
      }
    }

    long[] toTokens() {
      tokens[0] = start;
      tokens[count] = end;
      return Arrays.copyOf(tokens, count + 1);
    }
  }
}
