package io.alidade.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.codec.TypeOids;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares functions with what PostgreSQL 15 gave for the same arguments.
///
/// A line of `functions.txt` is a name, its arguments as `type:text`, and the result's text or
/// `SQLSTATE message`, with tabs between.
class RecordedFunctionsTest {
  private final PlainContext context = new PlainContext();

  static Stream<String> recorded() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RecordedFunctionsTest.class.getResourceAsStream("functions.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines().filter(line -> !line.isEmpty() && !line.startsWith("# ")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void givesWhatPostgresGave(String line) {
    String[] parts = line.split("\t", -1);
    List<ColumnType> types = new ArrayList<>();
    Object[] values = new Object[parts.length - 2];
    for (int i = 0; i < values.length; i++) {
      String[] argument = parts[i + 1].split(":", 2);
      types.add(TypeOids.byName(argument[0]).orElseThrow());
      values[i] = ValueTexts.parse(argument[1], types.getLast(), context);
    }
    String expected = parts[parts.length - 1];
    String actual = call(parts[0], types, values);
    assertThat(actual).matches(one -> isSame(one, expected), "is " + expected);
  }

  /// Whether two results are the same but for the last digit that C's and Java's libraries of
  /// mathematics may disagree on.
  private static boolean isSame(String actual, String expected) {
    if (actual.equals(expected)) {
      return true;
    }
    if (!expected.matches("-?\\d\\.\\d{13,16}") || !actual.matches("-?\\d\\.\\d{13,16}")) {
      return false;
    }
    double wanted = Double.parseDouble(expected);
    return expected.equals(Double.toString(wanted))
        && Math.abs(Double.parseDouble(actual) - wanted) <= 2 * Math.ulp(wanted);
  }

  private String call(String name, List<ColumnType> types, Object... values) {
    List<ScalarOperator> overloads = FunctionRegistry.STANDARD.scalars(name);
    ScalarOperator operator =
        overloads.stream()
            .filter(
                one -> OverloadChoice.isExactMatch(one, types.stream().map(Optional::of).toList()))
            .findFirst()
            .orElseThrow();
    try {
      Object result = operator.apply(context, values);
      return result == null
          ? "NULL"
          : ValueTexts.format(result, operator.signature().resultFor(types), context);
    } catch (DatabaseException e) {
      return e.state().code() + " " + e.message();
    }
  }

  @Test
  void expensiveRegularExpressionsAskWhetherTheStatementIsToEnd() {
    PlainContext ending =
        new PlainContext() {
          @Override
          public void checkpoint() {
            super.checkpoint();
            throw new IllegalStateException("ended");
          }
        };
    ScalarOperator matches = FunctionRegistry.STANDARD.scalars("~").getFirst();
    for (ScalarOperator one : FunctionRegistry.STANDARD.scalars("~")) {
      matches = one.signature().arguments().size() == 2 ? one : matches;
    }
    ScalarOperator operator = matches;
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> operator.apply(ending, "x".repeat(40) + "y", "^(x+x+)+\\1z$")))
        .hasMessage("ended");
  }
}
