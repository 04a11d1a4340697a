package io.alidade.sql.analyze;

import io.alidade.sql.parse.Expression;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rex.RexNode;

/// The direction of the keys of an ORDER BY: NULLs are greater than everything unless said
/// otherwise.
final class SortKeys {
  private SortKeys() {}

  static AggregateUses.SortKey key(RexNode rex, Expression.SortItem item) {
    return new AggregateUses.SortKey(rex, direction(item), nullDirection(item));
  }

  static RelFieldCollation collation(int field, Expression.SortItem item) {
    return new RelFieldCollation(field, direction(item), nullDirection(item));
  }

  private static boolean isDescending(Expression.SortItem item) {
    return switch (item.direction()) {
      case ASC -> false;
      case DESC -> true;
      case USING -> {
        String symbol = item.using() == null ? "" : item.using().symbol();
        if (!symbol.equals("<") && !symbol.equals(">")) {
          throw Errors.unsupported("ORDER BY USING " + symbol + " is", item.position());
        }
        yield symbol.equals(">");
      }
    };
  }

  private static RelFieldCollation.Direction direction(Expression.SortItem item) {
    return isDescending(item)
        ? RelFieldCollation.Direction.DESCENDING
        : RelFieldCollation.Direction.ASCENDING;
  }

  private static NullDirection nullDirection(Expression.SortItem item) {
    return switch (item.nulls()) {
      case FIRST -> NullDirection.FIRST;
      case LAST -> NullDirection.LAST;
      case DEFAULT -> isDescending(item) ? NullDirection.FIRST : NullDirection.LAST;
    };
  }
}
