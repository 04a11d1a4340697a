package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.JSONB;
import static io.alidade.model.ColumnType.TEXT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.Jsonb;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions and operators of `jsonb`.
final class JsonFunctions {
  private static final ColumnType TEXTS = ColumnType.arrayOf(TEXT);
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private JsonFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    builder.two("->", JSONB, TEXT, JSONB, (_, v, key) -> json(tree(v).get((String) key)));
    builder.two("->", JSONB, INT4, JSONB, (_, v, i) -> json(element(tree(v), (Integer) i)));
    builder.two("->>", JSONB, TEXT, TEXT, (_, v, key) -> text(tree(v).get((String) key)));
    builder.two("->>", JSONB, INT4, TEXT, (_, v, i) -> text(element(tree(v), (Integer) i)));
    builder.two("#>", JSONB, TEXTS, JSONB, (_, v, path) -> json(at(tree(v), path)));
    builder.two("#>>", JSONB, TEXTS, TEXT, (_, v, path) -> text(at(tree(v), path)));
    builder.two(
        "@>", JSONB, JSONB, BOOL, (_, v, part) -> JsonContainment.contains(tree(v), tree(part)));
    builder.two(
        "<@", JSONB, JSONB, BOOL, (_, part, v) -> JsonContainment.contains(tree(v), tree(part)));
    builder.two("?", JSONB, TEXT, BOOL, (_, v, key) -> hasKey(tree(v), (String) key));
    builder.two(
        "?|",
        JSONB,
        TEXTS,
        BOOL,
        (_, v, keys) -> keys(keys).stream().anyMatch(k -> hasKey(tree(v), k)));
    builder.two(
        "?&",
        JSONB,
        TEXTS,
        BOOL,
        (_, v, keys) -> keys(keys).stream().allMatch(k -> hasKey(tree(v), k)));
    builder.two("||", JSONB, JSONB, JSONB, (_, l, r) -> joined(tree(l), tree(r)));
    builder.one("jsonb_typeof", JSONB, TEXT, (_, v) -> typeName(tree(v)));
    builder.one("jsonb_array_length", JSONB, INT4, (_, v) -> arrayLength(tree(v)));
    builder.one("jsonb_pretty", JSONB, TEXT, (_, v) -> JsonContainment.pretty(tree(v)));
  }

  static void registerRows(FunctionRegistry.Builder builder) {
    rows(builder, "jsonb_array_elements", JSONB, List.of("value"), JsonFunctions::elements);
    rows(
        builder,
        "jsonb_array_elements_text",
        TEXT,
        List.of("value"),
        node -> elements(node).stream().<@Nullable Object[]>map(JsonFunctions::asText).toList());
    rows(builder, "jsonb_object_keys", TEXT, List.of("jsonb_object_keys"), JsonFunctions::keyRows);
  }

  private interface RowBody {
    List<@Nullable Object[]> rows(JsonNode node);
  }

  private static void rows(
      FunctionRegistry.Builder builder,
      String name,
      ColumnType type,
      List<String> columns,
      RowBody body) {
    builder.table(
        FunctionRegistry.signature(name, type, JSONB),
        columns.stream().map(column -> new TableFunction.Column(column, type)).toList(),
        (_, arguments) -> {
          Object argument = arguments[0];
          Iterator<@Nullable Object[]> none = List.<@Nullable Object[]>of().iterator();
          return argument == null ? none : body.rows(tree(argument)).iterator();
        });
  }

  private static List<@Nullable Object[]> elements(JsonNode node) {
    if (!node.isArray()) {
      throw invalid(
          node.isObject()
              ? "cannot extract elements from an object"
              : "cannot extract elements from a scalar");
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (JsonNode element : node) {
      rows.add(new @Nullable Object[] {Jsonb.of(element)});
    }
    return rows;
  }

  private static @Nullable Object[] asText(@Nullable Object[] row) {
    return new @Nullable Object[] {row[0] == null ? null : text(tree(row[0]))};
  }

  private static List<@Nullable Object[]> keyRows(JsonNode node) {
    if (!node.isObject()) {
      throw invalid(
          node.isArray()
              ? "cannot call jsonb_object_keys on an array"
              : "cannot call jsonb_object_keys on a scalar");
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    node.fieldNames().forEachRemaining(name -> rows.add(new @Nullable Object[] {name}));
    return rows;
  }

  static JsonNode tree(Object value) {
    return ((Jsonb) value).tree();
  }

  private static @Nullable Jsonb json(@Nullable JsonNode node) {
    return node == null ? null : Jsonb.of(node);
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    return node.isTextual() ? node.textValue() : Jsonb.of(node).text();
  }

  private static @Nullable JsonNode element(JsonNode node, int index) {
    return node.isArray() ? node.get(index < 0 ? node.size() + index : index) : null;
  }

  private static @Nullable JsonNode at(JsonNode root, Object path) {
    JsonNode node = root;
    for (Object step : ArrayConversions.elements(path)) {
      if (node == null || step == null) {
        return null;
      }
      node = node.isObject() ? node.get((String) step) : element(node, index((String) step));
    }
    return node;
  }

  /// A step of a path into an array; one that is no number finds nothing.
  private static int index(String step) {
    try {
      return Integer.parseInt(step);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  private static boolean hasKey(JsonNode node, String key) {
    if (node.isObject()) {
      return node.has(key);
    }
    if (node.isTextual()) {
      return node.textValue().equals(key);
    }
    for (JsonNode element : node) {
      if (element.isTextual() && element.textValue().equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> keys(Object array) {
    List<String> keys = new ArrayList<>();
    for (Object key : ArrayConversions.elements(array)) {
      if (key != null) {
        keys.add((String) key);
      }
    }
    return keys;
  }

  private static Jsonb joined(JsonNode left, JsonNode right) {
    if (left.isObject() && right.isObject()) {
      ObjectNode both = left.deepCopy();
      both.setAll((ObjectNode) right);
      return Jsonb.of(both);
    }
    ArrayNode both = NODES.arrayNode();
    for (JsonNode side : List.of(left, right)) {
      if (side.isArray()) {
        both.addAll((ArrayNode) side);
      } else {
        both.add(side);
      }
    }
    return Jsonb.of(both);
  }

  static String typeName(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static Integer arrayLength(JsonNode node) {
    if (!node.isArray()) {
      throw invalid(
          node.isObject()
              ? "cannot get array length of a non-array"
              : "cannot get array length of a scalar");
    }
    return node.size();
  }

  private static DatabaseException invalid(String message) {
    return new DatabaseException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  /// The casts from `jsonb` to numbers and booleans.
  static Map<Kind, Implementation.OfOne> casts() {
    return Map.of(
        Kind.BOOL, (_, v) -> bool(tree(v)),
        Kind.NUMERIC, (_, v) -> number(tree(v), Kind.NUMERIC),
        Kind.INT2, (_, v) -> NumberConversions.numericToInt2(number(tree(v), Kind.INT2)),
        Kind.INT4, (_, v) -> NumberConversions.numericToInt4(number(tree(v), Kind.INT4)),
        Kind.INT8, (_, v) -> NumberConversions.numericToInt8(number(tree(v), Kind.INT8)),
        Kind.FLOAT4, (_, v) -> NumberConversions.numericToFloat4(number(tree(v), Kind.FLOAT4)),
        Kind.FLOAT8, (_, v) -> NumberConversions.numericToFloat8(number(tree(v), Kind.FLOAT8)));
  }

  private static Boolean bool(JsonNode node) {
    if (!node.isBoolean()) {
      throw cannotCast(node, Kind.BOOL);
    }
    return node.booleanValue();
  }

  private static BigDecimal number(JsonNode node, Kind to) {
    if (!node.isNumber()) {
      throw cannotCast(node, to);
    }
    return node.decimalValue();
  }

  private static DatabaseException cannotCast(JsonNode node, Kind to) {
    return invalid("cannot cast jsonb " + typeName(node) + " to type " + to.sqlName());
  }

  static ScalarOperator toJsonb(ColumnType type) {
    return PolymorphicFunctions.operator(
        "to_jsonb",
        JSONB,
        List.of(type),
        (context, arguments) ->
            arguments[0] == null ? null : Jsonb.of(node(arguments[0], type, context)));
  }

  static ScalarOperator buildObject(List<ColumnType> types) {
    return PolymorphicFunctions.operator(
        "jsonb_build_object",
        JSONB,
        types,
        (context, arguments) -> {
          if (arguments.length % 2 != 0) {
            throw invalid("argument list must have even number of elements");
          }
          ObjectNode object = NODES.objectNode();
          for (int i = 0; i < arguments.length; i += 2) {
            Object key = arguments[i];
            if (key == null) {
              throw invalid("argument " + (i + 1) + ": key must not be null");
            }
            object.set(
                ValueTexts.format(key, types.get(i), context),
                node(arguments[i + 1], types.get(i + 1), context));
          }
          return Jsonb.of(object);
        });
  }

  static ScalarOperator buildArray(List<ColumnType> types) {
    return PolymorphicFunctions.operator(
        "jsonb_build_array",
        JSONB,
        types,
        (context, arguments) -> {
          ArrayNode array = NODES.arrayNode();
          for (int i = 0; i < arguments.length; i++) {
            array.add(node(arguments[i], types.get(i), context));
          }
          return Jsonb.of(array);
        });
  }

  private static JsonNode node(@Nullable Object value, ColumnType type, EvaluationContext context) {
    if (value == null) {
      return NODES.nullNode();
    }
    return switch (type.kind()) {
      case BOOL -> NODES.booleanNode((Boolean) value);
      case INT2, INT4, INT8 -> NODES.numberNode(((Number) value).longValue());
      case NUMERIC -> NODES.numberNode((BigDecimal) value);
      case FLOAT4, FLOAT8 -> floatNode(value, type, context);
      case JSONB -> tree(value);
      case ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (Object element : ArrayConversions.elements(value)) {
          array.add(node(element, type.elementType(), context));
        }
        yield array;
      }
      default -> NODES.textNode(ValueTexts.format(value, type, context));
    };
  }

  private static JsonNode floatNode(Object value, ColumnType type, EvaluationContext context) {
    double number = ((Number) value).doubleValue();
    String text = ValueTexts.format(value, type, context);
    return Double.isFinite(number) ? NODES.numberNode(new BigDecimal(text)) : NODES.textNode(text);
  }
}
