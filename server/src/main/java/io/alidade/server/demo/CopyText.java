package io.alidade.server.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/// Writes rows in the text format of PostgreSQL's COPY.
final class CopyText {
  private static final JsonFactory JSON = new JsonFactory();

  private CopyText() {}

  static String row(Synset synset, float[] embedding) {
    StringBuilder row = new StringBuilder(8 * embedding.length + 512);
    row.append(synset.id()).append('\t');
    appendField(row, synset.word()).append('\t');
    appendField(row, synset.partOfSpeech()).append('\t');
    appendField(row, synset.gloss()).append('\t');
    appendField(row, json(synset.lemmas())).append('\t');
    appendVector(row, embedding).append('\n');
    return row.toString();
  }

  private static StringBuilder appendField(StringBuilder row, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> row.append("\\\\");
        case '\t' -> row.append("\\t");
        case '\n' -> row.append("\\n");
        case '\r' -> row.append("\\r");
        default -> row.append(c);
      }
    }
    return row;
  }

  private static StringBuilder appendVector(StringBuilder row, float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      row.append(i == 0 ? '[' : ',').append(vector[i]);
    }
    return row.append(']');
  }

  private static String json(List<String> strings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (String string : strings) {
        json.writeString(string);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A StringWriter does not fail.
    }
    return text.toString();
  }
}
