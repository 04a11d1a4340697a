package io.alidade.sql.analyze;

import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Query;
import java.util.Locale;
import java.util.Optional;

/// The names of columns that are given none, as PostgreSQL makes them up.
final class OutputNames {
  private static final String UNNAMED = "?column?";

  private OutputNames() {}

  static String of(Expression expression) {
    return strong(expression).or(() -> weak(expression)).orElse(UNNAMED);
  }

  private static Optional<String> strong(Expression expression) {
    return switch (expression) {
      case Expression.ColumnReference reference -> Optional.of(reference.name());
      case Expression.FunctionCall call -> Optional.of(call.name().name());
      case Expression.FieldSelection selection -> Optional.of(selection.field());
      case Expression.Subscripted subscripted -> strong(subscripted.base());
      case Expression.Cast cast -> strong(cast.operand());
      case Expression.Collate collate -> strong(collate.operand());
      case Expression.NullIf _ -> Optional.of("nullif");
      case Expression.Coalesce _ -> Optional.of("coalesce");
      case Expression.Extremum extremum ->
          Optional.of(extremum.kind().name().toLowerCase(Locale.ROOT));
      case Expression.SessionValue value ->
          Optional.of(value.kind().name().toLowerCase(Locale.ROOT));
      case Expression.Array _, Expression.ArrayQuery _ -> Optional.of("array");
      case Expression.Exists _ -> Optional.of("exists");
      case Expression.Row _ -> Optional.of("row");
      case Expression.Grouping _ -> Optional.of("grouping");
      case Expression.ScalarQuery(var query, _) -> column(query);
      case Expression.Case conditional ->
          conditional.otherwise() == null ? Optional.empty() : strong(conditional.otherwise());
      default -> Optional.empty();
    };
  }

  /// A name only where there is no better one: the type of a cast, `case`.
  private static Optional<String> weak(Expression expression) {
    return switch (expression) {
      case Expression.Cast cast -> Optional.of(cast.type().name());
      case Expression.TypedLiteral literal -> Optional.of(literal.type().name());
      case Expression.BooleanLiteral _ -> Optional.of("bool");
      case Expression.Case _ -> Optional.of("case");
      case Expression.Collate collate -> weak(collate.operand());
      default -> Optional.empty();
    };
  }

  private static Optional<String> column(Query query) {
    if (query.body() instanceof Query.Select select && select.items().size() == 1) {
      Query.SelectItem item = select.items().getFirst();
      return Optional.of(item.alias() != null ? item.alias() : of(item.expression()));
    }
    return query.body() instanceof Query.Values ? Optional.of("column1") : Optional.empty();
  }
}
