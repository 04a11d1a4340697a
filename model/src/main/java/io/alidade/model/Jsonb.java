package io.alidade.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A `jsonb` value in PostgreSQL's canonical form: object keys unique (the last wins) and ordered
/// by length, then bytes; numbers keep their scale; one space after `:` and `,`.
///
/// Immutable; equal when the canonical texts are equal. The parsed tree is made on demand.
public final class Jsonb {

  /// How deep a document may nest.
  public static final int MAX_DEPTH = 1000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  private static final Comparator<String> KEY_ORDER =
      Comparator.<String>comparingInt(key -> key.getBytes(StandardCharsets.UTF_8).length)
          .thenComparing((left, right) ->
              java.util.Arrays.compareUnsigned(
                  left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8)));

  private final String text;

  private Jsonb(String text) {
    this.text = text;
  }

  /// Parses any JSON text.
  ///
  /// @throws DatabaseException 22P02 when it is not JSON
  public static Jsonb parse(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node == null || node.isMissingNode()) {
        throw invalid("The input string ended unexpectedly.");
      }
      return of(node);
    } catch (JsonProcessingException e) {
      throw invalid(e.getOriginalMessage());
    }
  }

  /// The canonical form of a tree.
  public static Jsonb of(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, out);
    return new Jsonb(out.toString());
  }

  /// Takes a text that [#text] gave, unchecked: the way back from storage.
  public static Jsonb ofCanonical(String text) {
    return new Jsonb(text);
  }

  private static DatabaseException invalid(String detail) {
    return new DatabaseException(
            SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
        .withDetail(detail);
  }

  /// The canonical text.
  public String text() {
    return text;
  }

  /// The document as a tree, parsed anew at each call.
  public JsonNode tree() {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a canonical jsonb text does not parse: " + text, e);
    }
  }

  private static void write(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> writeObject(node, out);
      case ARRAY -> writeArray(node, out);
      case STRING -> out.append(quoted(node.textValue()));
      case NUMBER -> out.append(node.decimalValue().toPlainString());
      case BOOLEAN, NULL -> out.append(node.asText());
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException(node.getNodeType() + " is not JSON");
    }
  }

  private static void writeObject(JsonNode node, StringBuilder out) {
    List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(node.properties());
    entries.sort(Map.Entry.comparingByKey(KEY_ORDER));
    out.append('{');
    String separator = "";
    for (Map.Entry<String, JsonNode> entry : entries) {
      out.append(separator).append(quoted(entry.getKey())).append(": ");
      write(entry.getValue(), out);
      separator = ", ";
    }
    out.append('}');
  }

  private static void writeArray(JsonNode node, StringBuilder out) {
    out.append('[');
    String separator = "";
    for (JsonNode element : node) {
      out.append(separator);
      write(element, out);
      separator = ", ";
    }
    out.append(']');
  }

  private static String quoted(String value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a string cannot be written as JSON", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Jsonb jsonb && text.equals(jsonb.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
