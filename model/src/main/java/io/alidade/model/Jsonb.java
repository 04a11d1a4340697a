package io.alidade.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `jsonb` value in PostgreSQL's canonical form: object keys unique (the last wins) and ordered
/// by length, then bytes; numbers keep their scale; one space after `:` and `,`.
///
/// Immutable; equal when the canonical texts are equal. The parsed tree is made on demand.
public final class Jsonb {

  /// How deep a document may nest.
  public static final int MAX_DEPTH = 1000;

  /// How many digits a number may have on either side of its point, when written out.
  private static final int MAX_NUMBER_DIGITS = 16_383;

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

  private static final Pattern TOKEN = Pattern.compile("[\\p{Alnum}_.+-]+|\\S");

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
      throw invalid(detail(json, e));
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

  /// What PostgreSQL says of the place where a text stops being JSON.
  private static String detail(String json, JsonProcessingException error) {
    JsonLocation location = error.getLocation();
    int offset = location == null ? json.length() : (int) location.getCharOffset();
    Matcher token = TOKEN.matcher(json);
    while (token.find()) {
      if (token.end() > offset) {
        return "Token \"" + token.group() + "\" is invalid.";
      }
    }
    return "The input string ended unexpectedly.";
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
      case STRING -> quote(node.textValue(), out);
      case NUMBER -> writeNumber(node.decimalValue(), out);
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
      quote(entry.getKey(), out.append(separator));
      out.append(": ");
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

  private static void quote(String value, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\0' ->
            throw new DatabaseException(
                    SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
                .withDetail("\\u0000 cannot be converted to text.");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void writeNumber(BigDecimal value, StringBuilder out) {
    long integerDigits = (long) value.precision() - value.scale();
    if (integerDigits > MAX_NUMBER_DIGITS || value.scale() > MAX_NUMBER_DIGITS) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    out.append(value.toPlainString());
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
