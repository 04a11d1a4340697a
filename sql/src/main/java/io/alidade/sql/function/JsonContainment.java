package io.alidade.sql.function;

import com.fasterxml.jackson.databind.JsonNode;
import io.alidade.model.Jsonb;
import java.util.Iterator;
import java.util.Map;

/// Whether one JSON document contains another, and documents shown with indentation.
final class JsonContainment {
  private static final String INDENT = "    ";

  private JsonContainment() {}

  /// PostgreSQL's `@>`: an array contains a scalar at the top level only.
  static boolean contains(JsonNode whole, JsonNode part) {
    if (whole.isArray() && !part.isArray() && !part.isObject()) {
      return hasElement(whole, part);
    }
    return within(whole, part);
  }

  private static boolean within(JsonNode whole, JsonNode part) {
    if (whole.isObject() && part.isObject()) {
      for (Map.Entry<String, JsonNode> entry : part.properties()) {
        JsonNode value = whole.get(entry.getKey());
        if (value == null || !within(value, entry.getValue())) {
          return false;
        }
      }
      return true;
    }
    if (whole.isArray() && part.isArray()) {
      for (JsonNode element : part) {
        if (!hasElement(whole, element)) {
          return false;
        }
      }
      return true;
    }
    return sameScalar(whole, part);
  }

  private static boolean hasElement(JsonNode array, JsonNode part) {
    for (JsonNode element : array) {
      if (within(element, part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameScalar(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue()) == 0;
    }
    return left.equals(right);
  }

  /// The document over several lines, as `jsonb_pretty` shows it.
  static String pretty(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, "", out);
    return out.toString();
  }

  private static void write(JsonNode node, String indent, StringBuilder out) {
    if (node.isObject()) {
      out.append('{');
      Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator();
      while (entries.hasNext()) {
        Map.Entry<String, JsonNode> entry = entries.next();
        out.append('\n').append(indent).append(INDENT);
        out.append(
            Jsonb.of(com.fasterxml.jackson.databind.node.TextNode.valueOf(entry.getKey())).text());
        out.append(": ");
        write(entry.getValue(), indent + INDENT, out);
        out.append(entries.hasNext() ? "," : "");
      }
      out.append('\n').append(indent).append('}');
    } else if (node.isArray()) {
      out.append('[');
      for (int i = 0; i < node.size(); i++) {
        out.append('\n').append(indent).append(INDENT);
        write(node.get(i), indent + INDENT, out);
        out.append(i + 1 < node.size() ? "," : "");
      }
      out.append('\n').append(indent).append(']');
    } else {
      out.append(Jsonb.of(node).text());
    }
  }
}
