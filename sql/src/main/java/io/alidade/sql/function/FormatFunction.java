package io.alidade.sql.function;

import static io.alidade.model.ColumnType.TEXT;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `format`: `%s`, `%I`, `%L` and `%%`, with positions as `%1$s`.
final class FormatFunction {
  private FormatFunction() {}

  static ScalarOperator of(List<ColumnType> types) {
    return PolymorphicFunctions.operator(
        "format",
        TEXT,
        types,
        (context, arguments) ->
            arguments[0] == null
                ? null
                : format(String.valueOf(arguments[0]), arguments, types, context));
  }

  private static String format(
      String pattern,
      @Nullable Object[] arguments,
      List<ColumnType> types,
      EvaluationContext context) {
    StringBuilder out = new StringBuilder();
    int next = 1;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      i++;
      int digits = i;
      while (digits < pattern.length() && Character.isDigit(pattern.charAt(digits))) {
        digits++;
      }
      if (digits > i && digits < pattern.length() && pattern.charAt(digits) == '$') {
        next = Integer.parseInt(pattern, i, digits, 10);
        i = digits + 1;
      }
      if (i >= pattern.length()) {
        throw invalid("unterminated format() type specifier");
      }
      char specifier = pattern.charAt(i);
      if (specifier == '%') {
        out.append('%');
        continue;
      }
      if (next < 1 || next >= arguments.length) {
        throw invalid("too few arguments for format()");
      }
      Object argument = arguments[next];
      String text = argument == null ? null : ValueTexts.format(argument, types.get(next), context);
      out.append(formatted(specifier, text));
      next++;
    }
    return out.toString();
  }

  private static String formatted(char specifier, @Nullable String text) {
    return switch (specifier) {
      case 's' -> text == null ? "" : text;
      case 'I' -> {
        if (text == null) {
          throw new DatabaseException(
              SqlState.NULL_VALUE_NOT_ALLOWED,
              "null values cannot be formatted as an SQL identifier");
        }
        yield StringEditing.identifier(text);
      }
      case 'L' -> text == null ? "NULL" : StringEditing.literal(text);
      default -> throw invalid("unrecognized format() type specifier \"" + specifier + "\"");
    };
  }

  private static DatabaseException invalid(String message) {
    return new DatabaseException(SqlState.INVALID_PARAMETER_VALUE, message);
  }
}
